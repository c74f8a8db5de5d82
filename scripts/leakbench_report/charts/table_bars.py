"""The table of the summary as bars, with published figures beside the measured ones if there are
any."""

import textwrap

from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from leakbench_report import humanize
from leakbench_report.charts import Chart, NothingToDraw, Table, frame, style
from leakbench_report.summary_table import columns_of, rows_of

ROW_INCHES, BARS_INCHES = 0.82, 0.44
TITLE_INCHES = 0.3  # above the bars: the figures in words
COLUMN_TITLES_INCHES, BOTTOM_INCHES = 0.35, 0.05
LABEL_LEFT, LABEL_CHARACTERS = 0.16, 23
MEASURED, PUBLISHED = (2.72, 2.08), (5.52, 2.32)  # left and width, inches
MEASURED_ALONE = (2.72, 5.12)
NARROW_PANEL = (0.75, 2.9)
NARROW_LABEL_INCHES, GAP_INCHES = 0.3, 0.12
BAR_INCHES = 0.2
# Of arms other than the two: where their names end, and room for the figures behind the bars.
ARM_INCHES, NARROW_ARM_INCHES = (1.75, 1.6), (1.42, 1.2)
SIDES = ("without", "with")  # top to bottom in each panel


def draw_table(run, medium):
    if run.summary is None:
        raise NothingToDraw("there is no summary.json")
    columns, rows = columns_of(run.summary), rows_of(run.summary)
    if all(value is None for row in rows for value in row.medians):
        raise NothingToDraw("the table of summary.json has no measured value")
    title = "\n".join(textwrap.wrap(run.summary["headline"], 75))
    how_to_read = how(run)
    two = [column.arm for column in columns] == [f"{side}-context" for side in SIDES]
    draw = draw_each_arm
    if two:
        draw = draw_one_below_the_other if medium.narrow else draw_side_by_side
    figure = draw(medium, columns, rows, frame.heading_height(medium, how_to_read))
    return Chart(figure, title, how_to_read, describe(columns, rows), table_of(columns, rows))


def how(run):
    arms = ", ".join(f"{arm['name']} {arm['repetitions']}" for arm in run.summary["arms"])
    several = any(len(repetition.report["rounds"]) > 1 for repetition in run.repetitions)
    rounds = ", of medians over their rounds" if several else ""
    return (
        f"{run.summary['scenario']['name']}: medians over complete repetitions ({arms}){rounds}.\n"
        "Bars start at 0; each panel has a scale of its own."
    )


def has_published(rows):
    """The harness gives published figures only beside the load and the options they are for."""
    return any(row.published for row in rows)


def draw_side_by_side(medium, _, rows, top):
    height = top + COLUMN_TITLES_INCHES + ROW_INCHES * len(rows) + BOTTOM_INCHES
    figure = style.new_figure(medium, height)
    places = {"Measured here": MEASURED_ALONE}
    if has_published(rows):
        places = {"Measured here": MEASURED, "Published": PUBLISHED}
    for title, (left, _) in places.items():
        write(figure, left, top + 0.1, title, size=10, weight="bold")
    top += COLUMN_TITLES_INCHES
    for row in rows:
        label = "\n".join(textwrap.wrap(row.label, LABEL_CHARACTERS))
        write(figure, LABEL_LEFT, top + TITLE_INCHES + BARS_INCHES / 2, label, size=9.5)
        for panel, place in zip(panels_of(row), places.values()):
            draw_panel(figure, place, top + TITLE_INCHES, *panel)
        top += ROW_INCHES
    return figure


def draw_one_below_the_other(medium, _, rows, top):
    panels = [[p for p in panels_of(row) if p[1]] for row in rows]
    each = TITLE_INCHES + BARS_INCHES
    height = sum(NARROW_LABEL_INCHES + each * len(found) + GAP_INCHES for found in panels)
    figure = style.new_figure(medium, top + height)
    for row, found in zip(rows, panels):
        write(figure, 0.08, top + NARROW_LABEL_INCHES / 2, row.label, size=9.5, weight="bold")
        top += NARROW_LABEL_INCHES
        for (text, values, filled), source in zip(found, ("here", "published")):
            title = text if len(found) == 1 or "n/a" in text else f"{text}, {source}"
            draw_panel(figure, NARROW_PANEL, top + TITLE_INCHES, title, values, filled)
            top += each
        top += GAP_INCHES
    return figure


def draw_each_arm(medium, columns, rows, top):
    """A bar for each of any number of arms, with its name before and its figure behind it."""
    names, behind = NARROW_ARM_INCHES if medium.narrow else ARM_INCHES
    looks = style.looks_of([column.arm for column in columns])
    each = NARROW_LABEL_INCHES + len(columns) * BAR_INCHES + GAP_INCHES
    figure = style.new_figure(medium, top + each * len(rows))
    for row in rows:
        label = row.label
        if row.published:
            label += f"{chr(10) if medium.narrow else '; '}published: {arrows(row.published)}"
        write(figure, 0.08, top + NARROW_LABEL_INCHES / 2, label, size=9.5, weight="bold")
        longest = max((value for value in row.medians if value), default=1)
        begin = top + NARROW_LABEL_INCHES
        for index, (column, value, text) in enumerate(zip(columns, row.medians, row.texts())):
            middle = begin + (index + 0.5) * BAR_INCHES
            look = looks[column.arm]
            write(figure, names, middle, style.short(column.arm), size=8, ha="right")
            length = (medium.width - names - behind) * (value or 0) / longest
            draw_bar(figure, names + 0.08, middle, length, BAR_INCHES * 0.7, look.color, True)
            if row.changes[index] is not None:
                text += f" ({humanize.change(row.changes[index])})"
            write(figure, names + 0.14 + length, middle, text, size=8, color=look.color)
        top += each
    return figure


def panels_of(row):
    """Returns what the measured and the published panel of a row show: text, values of the two
    sides and whether the bars are filled."""
    published = row.published
    return [
        (measured_text(row), dict(zip(SIDES, row.medians)), True),
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
    bottom = figure.get_figheight() - top - BARS_INCHES
    longest = max(drawn.values()) * 1.02 or 1
    each = BARS_INCHES / len(SIDES)
    for side, value in drawn.items():
        color = style.LOOKS[f"{side}-context"].color
        middle = top + each * (SIDES.index(side) + 0.5)
        draw_bar(figure, left, middle, width * value / longest, each * 0.7, color, filled)
    ends = [bottom, bottom + BARS_INCHES]
    figure.add_artist(Line2D(
        [left, left], ends, color=style.GREY, linewidth=0.8, transform=figure.dpi_scale_trans
    ))
    for index, side in enumerate(SIDES):
        middle = top + each * (index + 0.5)
        write(figure, left - 0.06, middle, side, size=8, ha="right")


def draw_bar(figure, left, middle, length, height, color, filled):
    """Draws a bar with its middle `middle` inches below the upper edge of `figure`."""
    bottom = figure.get_figheight() - middle - height / 2
    figure.add_artist(Rectangle(
        (left, bottom), length, height, linewidth=1.4, edgecolor=color,
        facecolor=color if filled else "white", transform=figure.dpi_scale_trans,
    ))


def measured_text(row):
    """Returns "1.93 s → 1.42 s (-26 %)", with "n/a" for what was not measured."""
    without, with_ = row.texts()
    if all(value is None for value in row.medians):
        return "n/a (not measured)"
    return f"{without} → {with_} ({humanize.change(row.changes[1])})"


def published_text(published):
    return arrows(published) if published else "n/a (not published)"


def arrows(published):
    return published["text"].replace("->", "→")


def describe(columns, rows):
    """Returns "From without to with a context: Average response time -25 %, ...", for each column
    that is held against another."""
    held = [(place, column) for place, column in enumerate(columns) if column.held_against]
    parts = []
    for place, column in held:
        changes = [
            f"{row.label} {humanize.change(row.changes[place])}"
            for row in rows
            if row.changes[place] is not None
        ]
        opening = f"From {column.held_against} to {column.arm}"
        if column.held_against == "without-context" and column.arm == "with-context":
            opening = "From without to with a context"
        parts.append(f"{opening}: {', '.join(changes) or 'nothing to compare'}")
    return "; ".join(parts) or f"{len(columns)} arms, none held against another"


def table_of(columns, rows):
    """Returns the rows of the summary's table, with the change behind each column that is held
    against another, and a column of published figures if there are any."""
    titles = [("metric", str)]
    table = [[row.label] for row in rows]
    several = sum(column.held_against is not None for column in columns) > 1
    for place, column in enumerate(columns):
        titles.append((column.title, str))
        for row, line in zip(rows, table):
            line.append(row.texts()[place])
        if column.held_against:
            titles.append((f"change of {column.title}" if several else "change", humanize.change))
            for row, line in zip(rows, table):
                line.append(row.changes[place])
    if has_published(rows):
        titles.append(("published, without → with", str))
        for row, line in zip(rows, table):
            line.append(arrows(row.published) if row.published else "")
    return Table(titles, table)
