"""The table of the summary as bars, with the published figures beside the measured ones."""

import textwrap

from leakbench_report import humanize
from leakbench_report.charts import NothingToDraw, style

ROW_INCHES, BARS_INCHES = 0.82, 0.44
TOP, BOTTOM = 1.05, 0.12  # margins, inches
LABEL_LEFT, LABEL_CHARACTERS = 0.02, 23
MEASURED, PUBLISHED = (0.34, 0.26), (0.69, 0.29)  # left and width in the figure
SIDES = ("without", "with")  # top to bottom in each panel


def draw_table(run):
    """Returns the figure of the table's rows and a sentence that describes it."""
    if run.summary is None:
        raise NothingToDraw("there is no summary.json")
    rows = run.summary["table"]
    if all(row[side] is None for row in rows for side in SIDES):
        raise NothingToDraw("the table of summary.json has no measured value")
    height = TOP + BOTTOM + ROW_INCHES * len(rows)
    figure = style.new_figure(height)
    for title, (left, _) in (("Measured here", MEASURED), ("Published", PUBLISHED)):
        figure.text(left, 1 - (TOP - 0.06) / height, title, size=10, weight="bold")
    for index, row in enumerate(rows):
        draw_row(figure, row, bottom=1 - (TOP + ROW_INCHES * (index + 1)) / height)
    style.heading(figure, "\n".join(textwrap.wrap(run.summary["headline"], 75)), how_to_read(run))
    return figure, f"{run.summary['headline']}: without and with a context, row by row"


def how_to_read(run):
    arms = ", ".join(f"{arm['name']} {arm['repetitions']}" for arm in run.summary["arms"])
    return (
        f"{run.summary['scenario']['name']}: medians over complete repetitions ({arms}).\n"
        "Bars start at 0; each panel has a scale of its own."
    )


def draw_row(figure, row, bottom):
    """Draws the label, the measured panel and the published panel of one row."""
    height = BARS_INCHES / figure.get_figheight()
    label = "\n".join(textwrap.wrap(row["label"], LABEL_CHARACTERS))
    figure.text(LABEL_LEFT, bottom + height / 2, label, size=9.5, va="center")
    axes = new_panel(figure, MEASURED, bottom, height, measured_text(row))
    draw_bars(axes, row, filled=True)
    published = row["published"]
    axes = new_panel(figure, PUBLISHED, bottom, height, published_text(published))
    draw_bars(axes, published or dict.fromkeys(SIDES), filled=False)


def new_panel(figure, columns, bottom, height, title):
    left, width = columns
    axes = figure.add_axes((left, bottom, width, height))
    axes.set_title(title, size=9, pad=3)
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(length=0)
    axes.set_xticks([])
    return axes


def measured_text(row):
    """Returns "1.93 s → 1.42 s (-26 %)", with "n/a" for what was not measured."""
    without, with_ = (humanize.metric(row["metric"], row[side]) for side in SIDES)
    if row["without"] is None and row["with"] is None:
        return "n/a (not measured)"
    return f"{without} → {with_} ({humanize.change(row['change_percent'])})"


def published_text(published):
    return published["text"].replace("->", "→") if published else "n/a (not published)"


def draw_bars(axes, values, filled):
    """Draws the bar of each side that has a value: filled when measured, hollow when published."""
    drawn = {side: values[side] for side in SIDES if values[side] is not None}
    if not drawn:
        axes.set_axis_off()
        return
    for side, value in drawn.items():
        color = style.LOOKS[f"{side}-context"].color
        axes.barh(
            SIDES.index(side), value, height=0.7, linewidth=1.4, edgecolor=color,
            facecolor=color if filled else "white",
        )
    axes.set_yticks(range(len(SIDES)), SIDES, size=8, color="black")
    axes.set_ylim(len(SIDES) - 0.5, -0.5)
    axes.set_xlim(0, max(drawn.values()) * 1.02 or 1)
