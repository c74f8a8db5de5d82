"""Tables as people read them."""

from leakbench_report.humanize import number

MISSING = "n/a"


def times(ratio):
    return MISSING if ratio is None else f"{number(ratio)}x"


def yes_or_no(met):
    """Of a target: whether it was met, or `MISSING` for one that was not measured."""
    return {True: "yes", False: "no", None: MISSING}[met]


def columns(rows, left=1):
    """Lines in which the first `left` columns are flush left and the others flush right."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    return [
        "  ".join(
            cell.ljust(width) if index < left else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(row, widths))
        ).rstrip()
        for row in rows
    ]
