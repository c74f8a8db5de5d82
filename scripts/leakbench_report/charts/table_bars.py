"""The table of the summary as bars, with published figures beside the measured ones if there are
any."""

import textwrap

from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from leakbench_report import humanize
from leakbench_report.charts import Chart, NothingToDraw, Table, frame, style

ROW_INCHES, BARS_INCHES = 0.82, 0.44
TITLE_INCHES = 0.3  # above the bars: the figures in words
COLUMN_TITLES_INCHES, BOTTOM_INCHES = 0.35, 0.05
LABEL_LEFT, LABEL_CHARACTERS = 0.16, 23
MEASURED, PUBLISHED = (2.72, 2.08), (5.52, 2.32)  # left and width, inches
MEASURED_ALONE = (2.72, 5.12)
NARROW_PANEL = (0.75, 2.9)
NARROW_LABEL_INCHES, GAP_INCHES = 0.3, 0.12
SIDES = ("without", "with")  # top to bottom in each panel


def draw_table(run, medium):
    if run.summary is None:
        raise NothingToDraw("there is no summary.json")
    rows = run.summary["table"]
    if all(row[side] is None for row in rows for side in SIDES):
        raise NothingToDraw("the table of summary.json has no measured value")
    title = "\n".join(textwrap.wrap(run.summary["headline"], 75))
    how_to_read = how(run)
    draw = draw_one_below_the_other if medium.narrow else draw_side_by_side
    figure = draw(medium, rows, frame.heading_height(medium, how_to_read))
    return Chart(figure, title, how_to_read, describe(rows), table_of(rows))


def how(run):
    arms = ", ".join(f"{arm['name']} {arm['repetitions']}" for arm in run.summary["arms"])
    return (
        f"{run.summary['scenario']['name']}: medians over complete repetitions ({arms}).\n"
        "Bars start at 0; each panel has a scale of its own."
    )


def has_published(rows):
    """The harness gives published figures only beside the load and the options they are for."""
    return any(row["published"] for row in rows)


def draw_side_by_side(medium, rows, top):
    height = top + COLUMN_TITLES_INCHES + ROW_INCHES * len(rows) + BOTTOM_INCHES
    figure = style.new_figure(medium, height)
    columns = {"Measured here": MEASURED_ALONE}
    if has_published(rows):
        columns = {"Measured here": MEASURED, "Published": PUBLISHED}
    for title, (left, _) in columns.items():
        write(figure, left, top + 0.1, title, size=10, weight="bold")
    top += COLUMN_TITLES_INCHES
    for row in rows:
        label = "\n".join(textwrap.wrap(row["label"], LABEL_CHARACTERS))
        write(figure, LABEL_LEFT, top + TITLE_INCHES + BARS_INCHES / 2, label, size=9.5)
        for panel, place in zip(panels_of(row), columns.values()):
            draw_panel(figure, place, top + TITLE_INCHES, *panel)
        top += ROW_INCHES
    return figure


def draw_one_below_the_other(medium, rows, top):
    panels = [[p for p in panels_of(row) if p[1]] for row in rows]
    each = TITLE_INCHES + BARS_INCHES
    height = sum(NARROW_LABEL_INCHES + each * len(found) + GAP_INCHES for found in panels)
    figure = style.new_figure(medium, top + height)
    for row, found in zip(rows, panels):
        write(figure, 0.08, top + NARROW_LABEL_INCHES / 2, row["label"], size=9.5, weight="bold")
        top += NARROW_LABEL_INCHES
        for (text, values, filled), source in zip(found, ("here", "published")):
            title = text if len(found) == 1 or "n/a" in text else f"{text}, {source}"
            draw_panel(figure, NARROW_PANEL, top + TITLE_INCHES, title, values, filled)
            top += each
        top += GAP_INCHES
    return figure


def panels_of(row):
    """Returns what the measured and the published panel of a row show: text, values and whether
    the bars are filled."""
    published = row["published"]
    return [
        (measured_text(row), row, True),
        (published_text(published), published, False),
    ]


def write(figure, left, middle, text, **options):
    """Writes `text` with its middle left at these inches from the top left corner."""
    width, height = figure.get_size_inches()
    figure.text(left / width, 1 - middle / height, text, va="center", **options)


def draw_panel(figure, place, top, title, values, filled):
    """Draws the bar of each side that has a value, filled when measured, hollow when published,
    and `title` above. Plain shapes: axes for every panel would take most of the time."""
    left, width = place
    write(figure, left, top - 0.11, title, size=9)
    drawn = {side: values[side] for side in SIDES if values[side] is not None} if values else {}
    if not drawn:
        return
    inches = {"transform": figure.dpi_scale_trans}
    bottom = figure.get_figheight() - top - BARS_INCHES
    longest = max(drawn.values()) * 1.02 or 1
    each = BARS_INCHES / len(SIDES)
    for side, value in drawn.items():
        color = style.LOOKS[f"{side}-context"].color
        y = bottom + each * (len(SIDES) - 1 - SIDES.index(side) + 0.15)
        figure.add_artist(Rectangle(
            (left, y), width * value / longest, each * 0.7, linewidth=1.4, edgecolor=color,
            facecolor=color if filled else "white", **inches,
        ))
    ends = [bottom, bottom + BARS_INCHES]
    figure.add_artist(Line2D([left, left], ends, color=style.GREY, linewidth=0.8, **inches))
    for index, side in enumerate(SIDES):
        middle = top + each * (index + 0.5)
        write(figure, left - 0.06, middle, side, size=8, ha="right")


def measured_text(row):
    """Returns "1.93 s → 1.42 s (-26 %)", with "n/a" for what was not measured."""
    without, with_ = (humanize.metric(row["metric"], row[side]) for side in SIDES)
    if row["without"] is None and row["with"] is None:
        return "n/a (not measured)"
    return f"{without} → {with_} ({humanize.change(row['change_percent'])})"


def published_text(published):
    return published["text"].replace("->", "→") if published else "n/a (not published)"


def describe(rows):
    """Returns "From without to with a context: Average response time -25 %, ..."."""
    changes = [
        f"{row['label']} {humanize.change(row['change_percent'])}"
        for row in rows
        if row["change_percent"] is not None
    ]
    return f"From without to with a context: {', '.join(changes) or 'nothing to compare'}"


def table_of(rows):
    """Returns the rows of the summary's table, with a column of published figures if there are
    any."""
    columns = [("metric", str), ("without context", str), ("with context", str)]
    columns.append(("change", humanize.change))
    table = [
        [row["label"], *(humanize.metric(row["metric"], row[side]) for side in SIDES),
         row["change_percent"]]
        for row in rows
    ]
    if has_published(rows):
        columns.append(("published, without → with", str))
        for row, line in zip(rows, table):
            line.append(published_text(row["published"]) if row["published"] else "")
    return Table(columns, table)
