"""All charts of a run, in the order a report shows them."""

from leakbench_report.charts import DoesNotApply, NothingToDraw, style
from leakbench_report.charts.comparison import draw_forest, draw_noise_floor
from leakbench_report.charts.cpu import draw_cpu
from leakbench_report.charts.drain_time import draw_drain_time
from leakbench_report.charts.history import draw_history
from leakbench_report.charts.leak_sites import draw_leak_sites
from leakbench_report.charts.live_tasks import draw_live_tasks
from leakbench_report.charts.memory import draw_memory
from leakbench_report.charts.pairs import draw_pairs
from leakbench_report.charts.pause import draw_pause
from leakbench_report.charts.per_round import draw_memory_per_round, draw_tasks_per_round
from leakbench_report.charts.response_time import draw_response_time
from leakbench_report.charts.response_time_over_time import draw_response_time_over_time
from leakbench_report.charts.suite import draw_suite
from leakbench_report.charts.table_bars import draw_table
from leakbench_report.errors import ReportError
from leakbench_report.json_files import reason_of

CHARTS = {
    "live_tasks": draw_live_tasks,
    "tasks_per_round": draw_tasks_per_round,
    "drain_time": draw_drain_time,
    "memory": draw_memory,
    "memory_per_round": draw_memory_per_round,
    "response_time": draw_response_time,
    "response_time_over_time": draw_response_time_over_time,
    "cpu": draw_cpu,
    "pause": draw_pause,
    "leak_sites": draw_leak_sites,
    "comparison": draw_forest,
    "pairs": draw_pairs,
    "noise_floor": draw_noise_floor,
    "table": draw_table,
}


def draw_all(run, folder):
    """Writes every chart that has data into `folder`, which is made when it does not exist.
    Returns the files written and a line for every chart that was not drawn because something was
    not measured."""
    style.apply()
    files, skipped = [], []
    for name, draw_chart in CHARTS.items():
        try:
            chart = draw_chart(run, style.FILE)
        except DoesNotApply:
            continue
        except NothingToDraw as reason:
            skipped.append(f"no chart {name}: {reason}")
            continue
        files += write(chart, folder / name)
    return files, skipped


def draw_overview(runs, folder):
    """Writes the chart of several runs side by side into `folder`; returns its files."""
    style.apply()
    try:
        return write(draw_suite(runs, style.FILE), folder / "suite")
    except NothingToDraw:
        return []


def draw_histories(entries, folder):
    """Writes the chart of each scenario in the index over its runs; returns its files."""
    style.apply()
    files = []
    for scenario in dict.fromkeys(entry["scenario"] for entry in entries):
        try:
            chart = draw_history(entries, scenario, style.FILE)
        except NothingToDraw:
            continue
        files += write(chart, folder / f"history_{scenario}")
    return files


def write(chart, stem):
    style.heading(chart.figure, chart.title, chart.how_to_read)
    try:
        stem.parent.mkdir(parents=True, exist_ok=True)
        return style.save(chart.figure, stem, f"{chart.title}. {chart.sentence}.")
    except OSError as error:
        raise ReportError(
            f"cannot write {stem}: {reason_of(error)}; give another folder with -o"
        ) from error
