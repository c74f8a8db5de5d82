"""All charts of a run, in the order a report shows them."""

from leakbench_report.charts import NothingToDraw, style
from leakbench_report.charts.percentiles import draw_response_time
from leakbench_report.charts.table_bars import draw_table
from leakbench_report.charts.timeline import draw_live_tasks, draw_memory
from leakbench_report.errors import ReportError
from leakbench_report.json_files import reason_of

CHARTS = {
    "live_tasks": draw_live_tasks,
    "memory": draw_memory,
    "response_time": draw_response_time,
    "table": draw_table,
}


def draw_all(run, folder):
    """Writes every chart that has data into `folder`, which is made when it does not exist.
    Returns the files written and a line for every chart that was not drawn."""
    style.apply()
    files, skipped = [], []
    for name, draw_chart in CHARTS.items():
        try:
            figure, description = draw_chart(run)
        except NothingToDraw as reason:
            skipped.append(f"no chart {name}: {reason}")
            continue
        files += write(figure, folder / name, description)
    return files, skipped


def write(figure, stem, description):
    try:
        stem.parent.mkdir(parents=True, exist_ok=True)
        return style.save(figure, stem, description)
    except OSError as error:
        raise ReportError(
            f"cannot write {stem}: {reason_of(error)}; give another folder with -o"
        ) from error
