"""Memory of the server over time: what is resident, and what of it the allocator has in use."""

from leakbench_report.charts import Chart, style
from leakbench_report.charts.timeline import (
    BOLD_POINTS,
    Timeline,
    column_line,
    counted_line,
    with_seldom,
)
from leakbench_report.medians import clauses, in_words

MEBIBYTE = 2**20
HOW_TO_READ = (
    "Bold: RSS (resident memory) of the repetition whose mean is the median; dotted: its heap in "
    "use; thin: the others."
)


def draw_memory(run, medium):
    timeline = Timeline(
        medium,
        run,
        lambda repetition: column_line(repetition, "rss_bytes", MEBIBYTE),
        "resident memory",
        names=2,
        how_to_read=with_seldom(HOW_TO_READ, run, "heap_in_use_bytes"),
    )
    timeline.draw_lines()
    labels, columns = [], {}
    for arm, line in timeline.bold.items():
        heap = draw_heap(timeline, arm, line)
        for name, shown, dash in (("RSS", line, None), ("heap", heap, style.SECOND_DASH)):
            title = f"{style.short(arm)} {name}"
            labels.append(timeline.label(arm, title, shown, mebibytes, dash))
            columns[f"{arm} {name}"] = shown
    timeline.finish("memory of the server [MiB]", labels)
    return Chart(
        timeline.figure,
        "Memory over time",
        timeline.how_to_read,
        clauses(run, lambda arm: describe(run, arm)),
        timeline.table(columns, mebibytes),
    )


def describe(run, arm):
    peak, settled, heap = (
        in_words(run, arm, metric)
        for metric in ("memory_peak_bytes", "memory_settled_bytes", "heap_in_use_settled_bytes")
    )
    return f"{peak} at the peak; at the end of the round {settled}, of which {heap} in use"


def mebibytes(value):
    return f"{value:,.1f} MiB"


def draw_heap(timeline, arm, line):
    """Draws the heap in use of the repetition of `line` and returns that line, or None."""
    if line is None:
        return None
    heap = counted_line(line.repetition, "heap_in_use_bytes", MEBIBYTE)
    timeline.draw(heap, arm, BOLD_POINTS, linestyle=style.SECOND_DASH, linewidth=1.8)
    return heap
