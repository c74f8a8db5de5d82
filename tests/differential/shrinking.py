"""Finds where two interpreters differ, and the smallest program that shows it."""

from dataclasses import dataclass

from programs import CREATIONS, STEP, Operation, is_determined


@dataclass(frozen=True)
class Difference:
    """What two interpreters saw differently after the first `length` operations of a program; None
    stands for all of them: one of the two ended before its time, nobody knows where."""

    length: int | None
    ours: str
    theirs: str


def difference(ours, theirs):
    """Compares what two interpreters wrote about one program; None if it is the same."""
    if ours == theirs:
        return None
    steps = _steps(ours), _steps(theirs)
    if not all(steps):
        ends = (seen[-1] if seen else words for seen, words in zip(steps, (ours, theirs)))
        return Difference(None, *ends)
    for length, (a, b) in enumerate(zip(*steps), start=1):
        if a != b:
            return Difference(length, a, b)
    return None


def _steps(observations):
    """What was seen after each operation, which is echoed behind a `>`."""
    return [step.partition("\n")[2] for step in ("\n" + observations).split("\n> ")[1:]]


def shrink(program, found, differ):
    """A smaller program that still differs, from which nothing more can be taken.

    `found` is the difference of `program`. `differ` takes a list of programs and gives the
    difference of each, or None.
    """
    while True:
        program = program[: found.length]
        candidates = list(_smaller(program))
        differences = differ(candidates) if candidates else []
        smaller = next((pair for pair in zip(candidates, differences) if pair[1] is not None), None)
        if smaller is None:
            return program, found
        program, found = smaller


def _smaller(program):
    """Every program that is one change simpler and still determined, the simplest first."""
    for candidate in (*_without_one(program), *_bypassed(program), *_idle(program)):
        if is_determined(candidate):
            yield candidate


def _without_one(program):
    """Without one operation and all that needs what it makes."""
    candidates = []
    for i, dropped in enumerate(program):
        gone = {dropped.made}
        kept = program[:i]
        for op in program[i + 1 :]:
            if op.needed is None or op.needed not in gone:
                kept.append(op)
            else:
                gone.add(op.made)
        candidates.append(kept)
    return sorted(candidates, key=len)


def _bypassed(program):
    """Without one node: its parent stands in for it. And the same with the time that it took."""
    for i, dropped in enumerate(program):
        if dropped.kind in CREATIONS:
            rest = program[i + 1 :]
            rest = [op.on(dropped.needed) if op.needed == dropped.made else op for op in rest]
            yield program[:i] + rest
            yield program[:i] + [Operation("observe")] + rest


def _idle(program):
    """With the time of an operation instead of the operation; and with two such times as one."""
    for i, op in enumerate(program):
        if _time_passed(op) is None:
            yield program[:i] + [Operation("observe")] + program[i + 1 :]
    for i in range(len(program) - 1):
        times = [_time_passed(op) for op in program[i : i + 2]]
        if None not in times:
            joined = Operation("advance", (str(sum(times) - STEP),))
            yield program[:i] + [joined] + program[i + 2 :]


def _time_passed(op):
    """How long an operation takes that does nothing else; None if it does."""
    if op.kind == "observe":
        return STEP
    return STEP + int(op.arguments[0]) if op.kind == "advance" else None
