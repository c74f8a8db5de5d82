"""What ends a command early: one line for the person, one exit code for the script."""

EXIT_OK = 0
EXIT_USAGE = 2
EXIT_REGRESSION = 3
EXIT_UNEXPECTED_VERDICT = 4
EXIT_INCONCLUSIVE = 5
EXIT_INCOMPLETE = 6
EXIT_NOT_COMPARABLE = 7


class ReportError(Exception):
    """The message is a single line: what happened, with which file or value, and what to do."""

    def __init__(self, message, exit_code=EXIT_USAGE):
        super().__init__(" ".join(str(message).split()))
        self.exit_code = exit_code
