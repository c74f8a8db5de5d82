"""All charts of a run, in the order a report shows them."""

from leakbench_report.charts import NothingToDraw, style
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
    Returns the files written, and lines that say which charts were not drawn and why."""
    charts = {name: lambda draw=draw: draw(run, style.FILE) for name, draw in CHARTS.items()}
    return write_all(charts, folder)


def draw_overview(runs, folder):
    """Writes the chart of several runs side by side into `folder`; returns as draw_all does."""
    return write_all({"suite": lambda: draw_suite(runs, style.FILE)}, folder)


def draw_histories(entries, folder):
    """Writes the chart of each scenario in the index over its runs; returns as draw_all does."""
    charts = {
        f"history_{name}": lambda name=name: draw_history(entries, name, style.FILE)
        for name in dict.fromkeys(entry["scenario"] for entry in entries)
    }
    return write_all(charts, folder)


def write_all(charts, folder):
    style.apply()
    files, reasons = [], {}
    for name, draw in charts.items():
        try:
            chart = draw()
        except NothingToDraw as reason:
            reasons[name] = str(reason)
            continue
        files += write(chart, folder / name)
    return files, not_drawn(reasons)


def not_drawn(reasons):
    """Returns a line for each of the `reasons`, {chart: why it is not drawn}."""
    names = {}
    for name, reason in reasons.items():
        names.setdefault(reason, []).append(name)
    return [
        f"no chart{'s' if len(each) > 1 else ''} {', '.join(each)}: {reason}"
        for reason, each in names.items()
    ]


def write(chart, stem):
    style.heading(chart.figure, chart.title, chart.how_to_read)
    try:
        stem.parent.mkdir(parents=True, exist_ok=True)
        return style.save(chart.figure, stem, f"{chart.title}. {chart.sentence}.")
    except OSError as error:
        raise ReportError(
            f"cannot write {stem}: {reason_of(error)}; give another folder with -o"
        ) from error
