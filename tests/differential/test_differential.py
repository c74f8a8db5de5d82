"""The differential test itself: that it sees a difference, shrinks it, and draws what it should."""

import itertools
import os
import subprocess
import sys
from pathlib import Path

import pytest
from differential import BIN, EXIT_BROKEN, EXIT_SKIPPED, make_differ
from generator import generate
from interpreters import Interpreter
from programs import FORMS, Operation, is_determined, operation, program, text_of
from shrinking import difference, shrink

OURS = Interpreter("leakbench", [BIN / "context_interpreter"])
SOURCE = Path(__file__).resolve().parent


class Planted:
    """Our interpreter with a bug: it takes some operations for others."""

    name = "planted"

    def __init__(self, change):
        self.change = change

    def observe(self, programs):
        return OURS.observe([[self.change(op) for op in each] for each in programs])


def forget_stop(op):
    return Operation("observe") if op.kind == "stop" else op


def forget_cause(op):
    return Operation("cancel", op.arguments[:1]) if op.kind == "cancel_cause" else op


def without_is_with(op):
    return Operation("with_cancel", op.arguments) if op.kind == "without_cancel" else op


def lose_nil_values(op):
    lost = op.kind == "with_value" and op.arguments[3] == "nil"
    return Operation("with_cancel", op.arguments[:2]) if lost else op


def forget_timeout_cause(op):
    if op.kind != "with_timeout_cause":
        return op
    return Operation("with_timeout", op.arguments[:3])


@pytest.mark.parametrize(
    "bug, kinds",
    [
        (forget_stop, ["after_func", "stop"]),
        (forget_cause, ["with_cancel_cause", "cancel_cause"]),
        (without_is_with, ["without_cancel"]),
        (lose_nil_values, ["with_value"]),
    ],
)
def test_a_planted_bug_is_found_and_shrunk_to_what_shows_it(bug, kinds):
    differ = make_differ(OURS, Planted(bug), map)
    programs = [generate(1, number) for number in range(300)]
    large, found = next(
        (each, found) for each, found in zip(programs, differ(programs)) if found and len(each) > 15
    )
    small, found = shrink(large, found, differ)
    assert [op.kind for op in small] == kinds
    assert found.ours != found.theirs


def test_what_needs_time_to_show_keeps_the_time_it_needs():
    large = program(
        """
        with_value n1 background a0 v1
        with_timeout_cause n2 n1 9 c1
        after_func f0 n1
        observe
        with_cancel n3 n2
        advance 2
        """
    )
    differ = make_differ(OURS, Planted(forget_timeout_cause), map)
    small, _ = shrink(large, differ([large])[0], differ)
    assert text_of(small) == "with_timeout_cause n2 background 9 c1\nadvance 6\n"


def test_the_first_difference_is_told():
    same = "> observe\nn1 err=nil\n> cancel n1\n"
    found = difference(same + "n1 err=canceled\n> observe", same + "> observe")
    assert (found.length, found.ours, found.theirs) == (2, "n1 err=canceled", "")
    assert difference(same, same) is None


def test_the_one_program_that_crashes_an_interpreter_is_found_and_shrunk():
    crashing = Interpreter(
        "crashing",
        [
            sys.executable,
            "-c",
            "import os, sys\n"
            "if 'stop' in open(sys.argv[2]).read(): sys.exit('no stop please')\n"
            "os.execv(sys.argv[1], sys.argv[1:])",
            BIN / "context_interpreter",
        ],
    )
    programs = [program("with_cancel n1 background\ncancel n1")] * 6
    programs[3] = program("with_cancel n1 todo\nafter_func f0 n1\nstop f0\ncancel n1")
    differ = make_differ(OURS, crashing, map)
    found = differ(programs)
    assert [number for number, each in enumerate(found) if each] == [3]
    assert "no stop please" in found[3].theirs
    small, _ = shrink(programs[3], found[3], differ)
    assert [op.kind for op in small] == ["after_func", "stop"]


def test_a_difference_that_does_not_come_again_is_still_told():
    large = program("with_cancel n1 todo\ncancel n1\nobserve")
    found = difference("> with_cancel n1 todo\na\n> x\nb", "> with_cancel n1 todo\na\n> x\nc")
    assert shrink(large, found, lambda programs: [None] * len(programs)) == (large[:2], found)


def test_a_seed_always_draws_the_same_programs():
    assert generate(5, 7) == generate(5, 7)
    assert generate(5, 7) != generate(6, 7)
    assert generate(5, 7) != generate(5, 8)


def test_every_program_drawn_has_one_right_answer():
    for number in range(300):
        drawn = generate(2, number)
        assert is_determined(drawn)
        assert program(text_of(drawn)) == drawn


def test_what_goes_wrong_easily_is_drawn_often():
    programs = [generate(3, number) for number in range(400)]
    seen = {kind: 0 for kind in FORMS}
    events = dict.fromkeys(
        ["stopped", "too late", "cancelled again", "reached others", "expired", "born done"], 0
    )
    for drawn, text in zip(programs, OURS.observe(programs)):
        for op, step in zip(drawn, text[2:].split("\n> ")):
            changes = step.splitlines()[1:]
            seen[op.kind] += 1
            cancels = op.kind in ("cancel", "cancel_cause")
            waits = op.kind in ("advance", "observe")
            events["stopped"] += op.kind == "stop" and changes[-1] == "true"
            events["too late"] += op.kind == "stop" and changes[-1] == "false"
            events["cancelled again"] += cancels and not changes
            events["reached others"] += cancels and len(changes) > 2
            events["expired"] += waits and any("err=deadline" in line for line in changes)
            events["born done"] += any(f"{op.made} err={e}" in step for e in ("cancel", "deadl"))
    assert min(seen.values()) >= 50, seen
    assert min(events.values()) >= 50, events


def test_deadlines_at_one_instant_are_drawn_above_each_other_and_apart():
    above = apart = 0
    for number in range(400):
        instants = {}
        drawn = generate(4, number)
        for op in drawn:
            if op.kind in ("with_deadline", "with_deadline_cause"):
                instants[op.made] = (op.needed, op.arguments[2])
        for one, other in itertools.permutations(instants, 2):
            if instants[one][1] == instants[other][1]:
                above += instants[one][0] == other
                apart += instants[one][0] != other
    assert above >= 10 and apart >= 50


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cancel n1",
        "stop f0",
        "cancel background",
        "with_cancel n1 background\nwith_cancel n1 background",
        "with_cancel n1 background\ncancel_cause n1 c1",
        "advance 3",
        "with_deadline n1 background 4",
        "with_deadline n1 background 9\nwith_deadline_cause n2 n1 9 c1",
        "with_deadline_cause n1 todo 9 c1\nwith_value n2 n1 a0 v\nwith_timeout n3 n2 5",
        "with_timeout n1 background forever\nwith_timeout n2 n1 forever",
    ],
)
def test_what_is_no_program_or_has_two_answers_is_refused(text):
    assert not is_determined(program(text))


@pytest.mark.parametrize(
    "text",
    [
        "with_deadline n1 background 9\nwith_deadline n2 background 9",
        "with_deadline_cause n1 todo 9 c1\nwith_deadline_cause n2 n1 9 c1",
        "with_deadline n1 todo 9\nwithout_cancel n2 n1\nwith_deadline_cause n3 n2 9 c1",
        "with_deadline n1 todo 0\nwith_deadline n2 n1 -4",
    ],
)
def test_equal_instants_with_one_answer_are_taken(text):
    assert is_determined(program(text))


def test_operations_know_what_they_need_and_make():
    op = operation("with_timeout n3 n2 7")
    assert (op.made, op.needed) == ("n3", "n2")
    assert str(op.on("n1")) == "with_timeout n3 n1 7"
    assert operation("observe").needed is None


@pytest.fixture
def differential(tmp_path):
    """Runs differential.py where `go` tells that version, or where there is none."""

    def run(go_version, *arguments):
        if go_version is not None:
            (tmp_path / "go").write_text(f"#!/bin/sh\necho {go_version}\n")
            (tmp_path / "go").chmod(0o755)
        return subprocess.run(
            [sys.executable, SOURCE / "differential.py", *arguments],
            capture_output=True,
            text=True,
            env={**os.environ, "PATH": str(tmp_path)},
            check=False,
        )

    return run


@pytest.mark.parametrize(
    "version, parts",
    [
        (None, ["no `go` is on PATH"]),
        ("go1.20.14", ["1.21 or newer", "is go1.20.14"]),
    ],
)
def test_without_a_suitable_go_it_says_why_it_is_skipped(differential, version, parts):
    done = differential(version)
    assert done.returncode == EXIT_SKIPPED
    assert done.stdout.startswith("skipped: ")
    assert all(part in done.stdout for part in parts)


@pytest.mark.parametrize(
    "ours, instead",
    [
        ("/bin/true", "exit code 0, printed: nothing"),
        ("/bin/echo", "exit code 0, printed: /"),
        ("/bin/false", "exit code 1, printed: nothing"),
        ("/bin/cat", "exit code 1, printed: observe /bin/cat: "),
        ("/bin/cp", "observe"),
        ("/etc/passwd", "cannot be run: Permission denied"),
    ],
)
def test_what_is_no_interpreter_is_told_with_what_it_does_instead(differential, ours, instead):
    done = differential("go1.21.0", "--ours", ours)
    assert done.returncode == EXIT_BROKEN
    line = f"differential.py: {ours} is no interpreter; instead of observations: {instead}"
    assert done.stderr.startswith(line)
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("number", ["abc", "-1", "1.5", "", "9" * 5000])
@pytest.mark.parametrize("option, least", [("--programs", 1), ("--only", 0), ("--seed", 0)])
def test_what_is_no_number_is_refused_with_the_range(differential, option, least, number):
    done = differential("go1.21.0", option, number)
    assert done.returncode == EXIT_BROKEN
    wanted = f"argument {option}: must be a whole number from {least} to 1000000000000, is "
    assert wanted + f"'{number}'" in done.stderr


def test_no_programs_are_nothing_to_compare(differential):
    done = differential("go1.21.0", "--programs", "0")
    assert done.returncode == EXIT_BROKEN
    assert "--programs: must be a whole number from 1 to 1000000000000, is '0'" in done.stderr
