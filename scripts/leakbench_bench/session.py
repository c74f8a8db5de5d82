"""A benchmark as a command: its options, its progress, its results, and how it ends."""

import argparse
import json
import os
import re
import signal
import sys
from pathlib import Path

from leakbench_bench import builds
from leakbench_bench.rounds import measure_rounds

EXIT_INCOMPLETE = 6


class Session:
    """All that was measured, and all there is to say about what was not."""

    def __init__(self, arguments):
        self.arguments = arguments
        self.notes = []
        self.failed = False
        self.environment = {}

    def run(self):
        """Measures everything; BuildError where it cannot begin."""
        raise NotImplementedError

    def forget_unmeasured(self):
        """Of a run that was interrupted."""
        raise NotImplementedError

    def blocks(self):
        """The tables, each a list of lines."""
        raise NotImplementedError

    def document(self, complete):
        """What goes into FILE.json."""
        raise NotImplementedError

    def remark(self, text):
        """What the person should know and nobody is to blame for."""
        note(text)
        self.notes.append(text)

    def complain(self, text):
        """Something could not be measured that should have been."""
        self.failed = True
        self.remark(f"not measured: {text}")

    def binaries(self, *targets):
        """The folder with these programs, which are built unless --bin names one."""
        if self.arguments.bin is not None:
            return self.arguments.bin.absolute()
        builds.install_dependencies()
        note("building Release; a first build takes minutes (log: build/release-build.log)")
        return builds.build("release", *targets)

    def measure(self, what, groups):
        """See measure_rounds."""
        rounds, live = self.arguments.rounds, sys.stderr.isatty()

        def tell(round_index, group_index, label):
            where = f"{what}: round {round_index + 1} of {rounds}"
            if live:
                text = f"{tool()}: {where}, {group_index + 1} of {len(groups)}: {label}"
                print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
            elif group_index == 0:
                note(f"{where}, {len(groups)} to measure")

        try:
            measure_rounds(rounds, groups, tell, self.complain)
        finally:
            if live:
                print("\r\033[K", end="", file=sys.stderr, flush=True)

    def report(self, complete):
        text = "\n\n".join("\n".join(block) for block in self.blocks() if block)
        if text:
            print(text, flush=True)
        if self.arguments.out is not None:
            self.write(complete)

    def write(self, complete):
        out = self.arguments.out
        # Whole or not at all: a reader never sees half of it.
        unfinished = unfinished_file(out)
        unfinished.write_text(
            json.dumps(self.document(complete), indent=2) + "\n", encoding="utf-8"
        )
        unfinished.replace(out)
        note(f"results: {out}")


def tool():
    return Path(sys.argv[0]).name


def note(text):
    print(f"{tool()}: {text}", file=sys.stderr, flush=True)


def bind(function, *arguments):
    return lambda: function(*arguments)


def unfinished_file(out):
    return out.with_name(f"{out.name}.tmp{os.getpid()}")


def new_parser(help_text, epilog, only, binaries):
    """With the options that every benchmark has. `only` says what --only chooses among, and
    `binaries` which programs --bin has."""
    parser = argparse.ArgumentParser(
        prog=tool(),
        description=help_text,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--out", metavar="FILE.json", type=Path, help="write all figures there")
    parser.add_argument("--rounds", metavar="N", type=int, help="how many (5; with --quick 1)")
    parser.add_argument("--quick", action="store_true", help="one short round: a rough look")
    parser.add_argument(
        "--only", metavar="REGEX", help=f"{only} whose name or title matches, in any case"
    )
    parser.add_argument(
        "--bin",
        metavar="DIR",
        type=Path,
        help=f"take {binaries} from there and install and build nothing",
    )
    return parser


def parse(parser):
    arguments = parser.parse_args()
    if arguments.rounds is None:
        arguments.rounds = 1 if arguments.quick else 5
    if arguments.rounds < 1:
        parser.error(f"argument --rounds: must be 1 or more, is {arguments.rounds}")
    if arguments.only is not None:
        try:
            arguments.only = re.compile(arguments.only, re.IGNORECASE)
        except re.error as error:
            parser.error(f"argument --only: not a regular expression: {error}")
    return arguments


def is_chosen(arguments, entry):
    """Whether --only leaves this one in."""
    only = arguments.only
    return only is None or bool(only.search(entry.name) or only.search(entry.title))


def check_files(parser, arguments, programs):
    """Says now what would else be found after many minutes of measuring."""
    folder = arguments.bin
    for program in programs if folder is not None else ():
        if not os.access(folder / program, os.X_OK):
            parser.error(f"argument --bin: no {program} that can be run in {folder}")
    if arguments.out is not None:
        check_writable(parser, arguments.out)


def check_writable(parser, out):
    try:
        if out.exists() and not out.is_file():
            parser.error(f"argument --out: {out} is no regular file")
        unfinished_file(out).touch()
        unfinished_file(out).unlink()
    except OSError as error:
        parser.error(f"argument --out: cannot write into {out.absolute().parent}: {error.strerror}")


class Interrupted(BaseException):
    """Not an Exception: nothing on the way takes it for a failed measurement."""

    def __init__(self, signal_number):
        super().__init__()
        self.exit_code = 128 + signal_number


def raise_interrupted(signal_number, _frame):
    # The second one must not cut short what the first one prints.
    signal.signal(signal_number, signal.SIG_IGN)
    raise Interrupted(signal_number)


def run_to_the_end(session):
    """Returns the exit code."""
    signal.signal(signal.SIGINT, raise_interrupted)
    signal.signal(signal.SIGTERM, raise_interrupted)
    try:
        session.run()
    except builds.BuildError as error:
        note(error)
        return error.exit_code
    except Interrupted as interrupted:
        note("interrupted")
        session.forget_unmeasured()
        session.report(complete=False)
        return interrupted.exit_code
    session.report(complete=not session.failed)
    return EXIT_INCOMPLETE if session.failed else 0
