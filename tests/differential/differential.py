#!/usr/bin/env python3
"""Compares our contexts with Go's on random programs: everything that can be observed must be equal
after every operation. README.md has the format of the programs."""

import argparse
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from generator import generate
from interpreters import Broken, Interpreter, NoGo, build_go, find_go
from programs import text_of
from shrinking import difference, shrink

SOURCE = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("LEAKBENCH_BIN_DIR", SOURCE / "build/release/bin"))
BATCH = 2_000  # programs at a time: what they show fits into memory however many there are

EXIT_OK, EXIT_DIFFERENT, EXIT_BROKEN, EXIT_SKIPPED = 0, 1, 2, 77
EPILOG = f"""\
examples:
  tests/differential/differential.py --programs 1000000 --seed 7
  tests/differential/differential.py --seed 7 --only 4711

exit codes:
  {EXIT_OK}   everything was equal
  {EXIT_DIFFERENT}   a program shows a difference; it is printed, and the smallest like it
  {EXIT_BROKEN}   usage, or an interpreter is missing, is none or does not build
  {EXIT_SKIPPED}  skipped: no suitable Go is installed
"""


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--programs", type=_whole_number(1), default=10_000, metavar="N")
    parser.add_argument("--seed", type=_whole_number(0), default=1)
    parser.add_argument(
        "--only", type=_whole_number(0), metavar="NUMBER", help="that program of the seed only"
    )
    parser.add_argument(
        "--ours",
        type=Path,
        default=BIN / "context_interpreter",
        help="our interpreter; default: in $LEAKBENCH_BIN_DIR or build/release/bin",
    )
    return parser.parse_args()


def _whole_number(least):
    most = 10**12

    def parse(text):
        if not text.isdecimal() or len(text) > 13 or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(
                f"must be a whole number from {least} to {most}, is '{text}'"
            )
        return int(text)

    return parse


def batches(seed, numbers):
    """Lists of (number, program)."""
    for start in range(0, len(numbers), BATCH):
        yield [(number, generate(seed, number)) for number in numbers[start : start + BATCH]]


def make_differ(ours, theirs, map_both):
    """A function from a list of programs to the difference of each, or None. `map_both` is map, or
    one that does its work at the same time."""

    def differ(programs):
        observed = list(map_both(lambda each: each.observe(programs), (ours, theirs)))
        return [difference(*pair) for pair in zip(*observed)]

    return differ


def show(program, found, ours, theirs):
    """Prints the program up to the difference, and what both saw there."""
    print(text_of(program[: found.length]))
    for interpreter, seen in ((ours, found.ours), (theirs, found.theirs)):
        print(f"{interpreter.name} then shows:")
        print("".join(f"  {line}\n" for line in seen.splitlines() or ["no change"]))


def compare_batch(seed, batch, ours, theirs, map_both):
    """False if a program shows a difference; prints the first, and the smallest like it."""
    differ = make_differ(ours, theirs, map_both)
    for (number, program), found in zip(batch, differ([program for _, program in batch])):
        if found is None:
            continue
        print(f"program {number} of seed {seed} shows a difference")
        print(f"again: differential.py --seed {seed} --only {number}\n")
        show(program, found, ours, theirs)
        print("the smallest like it:\n")
        show(*shrink(program, found, differ), ours, theirs)
        return False
    return True


def compare(arguments, ours, go, folder, pool):
    numbers = range(arguments.programs)
    if arguments.only is not None:
        numbers = range(arguments.only, arguments.only + 1)
    began = time.monotonic()
    building = pool.submit(build_go, *go, folder)
    source = batches(arguments.seed, numbers)
    batch = next(source)
    programs = operations = 0
    while batch is not None:
        theirs = building.result()
        following = pool.submit(next, source, None)
        if not compare_batch(arguments.seed, batch, ours, theirs, pool.map):
            return EXIT_DIFFERENT
        programs += len(batch)
        operations += sum(len(program) for _, program in batch)
        batch = following.result()
    seconds = time.monotonic() - began
    print(f"equal: {programs:,} programs, {operations:,} operations, {seconds:.1f} s")
    return EXIT_OK


def main():
    arguments = parse_arguments()
    try:
        go = find_go()
        if not arguments.ours.exists():
            raise Broken(f"{arguments.ours} does not exist; build context_interpreter")
        ours = Interpreter("leakbench", [arguments.ours.absolute()])
        ours.check()
        print(f"seed {arguments.seed}, {go[1]}", flush=True)
        with tempfile.TemporaryDirectory(prefix="leakbench-differential-") as folder:
            with ThreadPoolExecutor(3) as pool:
                return compare(arguments, ours, go, folder, pool)
    except NoGo as why:
        print(f"skipped: {why}")
        return EXIT_SKIPPED
    except Broken as why:
        print(f"differential.py: {why}", file=sys.stderr)
        return EXIT_BROKEN


if __name__ == "__main__":
    sys.exit(main())
