"""The charts of a run, one module for each kind."""


class NothingToDraw(Exception):
    """The message says what was not measured."""
