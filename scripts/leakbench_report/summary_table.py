"""The table of a summary: its columns and rows, in whatever minor version they were written."""

from dataclasses import dataclass

from leakbench_report import humanize


@dataclass(frozen=True)
class Column:
    arm: str
    title: str
    held_against: object  # the arm it is compared with, None where it is with none


@dataclass(frozen=True)
class Row:
    metric: object  # None for a counter of the scenario's own
    label: str
    unit: str
    medians: list  # by column
    changes: list  # by column, percent; None where there is nothing to compare
    published: object  # as in the JSON, or None

    def texts(self):
        return [humanize.with_unit_of(self.unit, value) for value in self.medians]


# What files had that named no columns.
FIRST_COLUMNS = (
    Column("without-context", "without context", None),
    Column("with-context", "with context", "without-context"),
)


def columns_of(summary):
    if "columns" not in summary:
        return list(FIRST_COLUMNS)
    return [Column(**{name: entry[name] for name in Column.__annotations__})
            for entry in summary["columns"]]


def rows_of(summary):
    return [row_of(row, "columns" in summary) for row in summary["table"]]


def row_of(row, has_columns):
    medians, changes = [row["without"], row["with"]], [None, row["change_percent"]]
    if has_columns:
        medians, changes = row["medians"], row["changes_percent"]
    return Row(row["metric"], row["label"], row["unit"], medians, changes, row["published"])
