"""The charts of a run, one module for each kind."""

from dataclasses import dataclass


class NothingToDraw(Exception):
    """The message says what was not measured, or why such a chart says nothing of this run."""


@dataclass
class Table:
    """The data that a chart shows."""

    columns: list  # (title, function that writes a value of the column for people)
    rows: list  # of values, as many as there are columns; None where not measured

    def texts(self):
        """Returns the rows as people read them."""
        writers = [write for _, write in self.columns]
        return [
            ["n/a" if value is None else write(value) for write, value in zip(writers, row)]
            for row in self.rows
        ]


@dataclass
class Chart:
    figure: object  # matplotlib's Figure
    title: str
    how_to_read: str
    sentence: str  # what the chart shows, in words and figures
    table: Table
