"""The comparison as a table for a terminal of any width."""

import textwrap

from leakbench_compare import views
from leakbench_compare.words import plain

GAP = "  "
KEPT_SPACE = "\u00a0"
COLUMNS = ("metric", "base", "head", "change", "interval", "limit", "verdict")
LEFT = ("metric", "verdict")
# What goes first where the terminal is narrow.
EXPENDABLE = ("limit", "interval", "base", "head")
NARROWEST = 40
BOLD, RED, GREEN, YELLOW, RESET = "\033[1m", "\033[31m", "\033[32m", "\033[33m", "\033[0m"
COLOURS = {
    "REGRESSION": RED,
    "NOT COMPARABLE": RED,
    "INCOMPLETE": RED,
    "NOT AS EXPECTED": RED,
    "NOT TRUSTED": YELLOW,
    "INCONCLUSIVE": YELLOW,
    "IMPROVED": GREEN,
    "NO CHANGE": GREEN,
    "SMALL CHANGE": "",
}


def render(document, width, colour):
    """Returns the text, no line of it longer than `width` characters (NARROWEST at the least)."""
    width = max(width, NARROWEST)
    verdict = document["verdict"]
    lines = wrapped(f"{verdict}: {views.VERDICTS[verdict]}", width)
    if colour:
        lines = [styled(line, COLOURS[verdict] + BOLD) for line in lines]
    lines += [line for reason in document["reasons"] for line in bullet(reason, width)]
    lines += ["", *wrapped(views.headline(document), width)]
    for comparison in document["comparisons"]:
        lines += ["", *wrapped(views.title_of(comparison), width)]
        lines += table(document, comparison, width, colour)
        remarks = views.remarks(document, comparison)
        lines += [line for remark in remarks for line in bullet(remark, width)]
    lines += [""]
    if trust := views.trust_sentence(document):
        lines += wrapped(trust, width)
    if columns := views.columns_told(document):
        lines += wrapped(columns, width)
    lines += wrapped(views.method(document), width)
    return "\n".join(lines) + "\n"


def wrapped(text, width, **indents):
    """Lines that break neither inside the name of an arm nor before a percent sign."""
    kept = plain(text).replace(" %", KEPT_SPACE + "%")
    lines = textwrap.wrap(kept, width, break_on_hyphens=False, **indents)
    return [line.replace(KEPT_SPACE, " ") for line in lines] or [""]


def bullet(text, width):
    return wrapped(text, width, initial_indent="  - ", subsequent_indent="    ")


def styled(text, style):
    return f"{style}{text}{RESET}" if style else text


def table(document, comparison, width, colour):
    gate, info = (views.all_metrics(comparison, kind) for kind in (True, False))
    if not gate and not info:
        return []
    header = {name: name for name in COLUMNS}
    header.update(interval=f"{views.confidence(document)} interval", metric="gate metric")
    second = {name: "" for name in COLUMNS}
    second["metric"] = "for information"
    rows = [header, *map(views.cells, gate)]
    if info:
        rows += [second, *({**views.cells(metric), "verdict": ""} for metric in info)]
    return [line_of(row, *fit(rows, width), colour) for row in rows]


def fit(rows, width):
    """Returns the columns that there is room for, and the width of each."""
    widths = {name: max(len(row[name]) for row in rows) for name in COLUMNS}
    columns = list(COLUMNS)
    for name in EXPENDABLE:
        if total(columns, widths) > width:
            columns.remove(name)
    widths["metric"] -= max(0, total(columns, widths) - width)
    return columns, widths


def total(columns, widths):
    return sum(widths[name] for name in columns) + len(GAP) * (len(columns) - 1)


def line_of(row, columns, widths, colour):
    parts = []
    for name in columns:
        text = shortened(row[name], widths[name])
        padded = text.ljust(widths[name]) if name in LEFT else text.rjust(widths[name])
        if colour and name == "verdict":
            padded = styled(text, COLOURS.get(text, ""))
        parts.append(padded)
    return GAP.join(parts).rstrip()


def shortened(text, width):
    """Cuts the middle out: the ends of the metrics' names tell them apart."""
    if len(text) <= width:
        return text
    behind = width // 2
    return f"{text[: width - behind - 1]}…{text[-behind:]}"
