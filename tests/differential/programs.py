"""Programs over context trees: which operations there are, and which programs Go answers in one
way only. README.md has the format."""

import math
from dataclasses import dataclass

STEP = 2  # ms that every operation takes, so that what it sets off has happened when we look

FOREVER = 2**63 // 1_000_000  # ms, the longest duration there is

# What follows the operation: a new Node or Function, a node or function there is, time, cause, key,
# value. Capitals name something new.
FORMS = {
    "with_cancel": "Nn",
    "with_cancel_cause": "Nn",
    "with_deadline": "Nnt",
    "with_deadline_cause": "Nntc",
    "with_timeout": "Nnt",
    "with_timeout_cause": "Nntc",
    "with_value": "Nnkv",
    "without_cancel": "Nn",
    "cancel": "n",
    "cancel_cause": "nc",
    "advance": "t",
    "after_func": "Fn",
    "stop": "f",
    "observe": "",
}
_MAKERS = {kind for kind, form in FORMS.items() if form.startswith(("N", "F"))}
_NEEDED = {kind: i for kind, form in FORMS.items() for i, f in enumerate(form) if f in "nf"}
CREATIONS = [kind for kind, form in FORMS.items() if form.startswith("Nn")]
CANCELLABLE = {kind for kind in CREATIONS if kind not in ("with_value", "without_cancel")}
ROOTS = ["background", "todo"]
KEYS = ["a0", "a1", "b0", "b1"]
CAUSES = ["c1", "c2", "c3", "c4", "nil", "canceled", "deadline_exceeded"]


@dataclass(frozen=True)
class Operation:
    kind: str
    arguments: tuple = ()

    def __str__(self):
        return " ".join([self.kind, *self.arguments])

    @property
    def made(self):
        """The node or function it makes, or None."""
        return self.arguments[0] if self.kind in _MAKERS else None

    @property
    def needed(self):
        """The node or function that must be there, or None."""
        return self.arguments[_NEEDED[self.kind]] if self.kind in _NEEDED else None

    def on(self, name):
        """The same, done to another node or function."""
        arguments = list(self.arguments)
        arguments[_NEEDED[self.kind]] = name
        return Operation(self.kind, tuple(arguments))


def operation(text):
    kind, *arguments = text.split()
    return Operation(kind, tuple(arguments))


def program(text):
    return [operation(line) for line in text.strip().splitlines()]


def text_of(operations):
    return "".join(f"{each}\n" for each in operations)


@dataclass(frozen=True)
class Node:
    kind: str
    expiry: float = math.inf  # when its deadline or that of an ancestor comes, ms from the start
    cause: str = "deadline_exceeded"  # and what Cause then says


class Plan:
    """Follows the clock and the deadlines of a program as it grows, and says which operations keep
    Go's answer determined. It does not follow what is cancelled."""

    def __init__(self):
        self.now = 0
        self.nodes = {root: Node("root") for root in ROOTS}
        self.functions = []

    def takes(self, op):
        """Whether the program may go on with `op`."""
        names = self.functions if op.kind == "stop" else self.nodes
        if op.needed is not None and op.needed not in names:
            return False
        if op.made in self.nodes or op.made in self.functions:
            return False
        if op.kind == "cancel":
            return self.nodes[op.arguments[0]].kind in CANCELLABLE
        if op.kind == "cancel_cause":
            return self.nodes[op.arguments[0]].kind == "with_cancel_cause"
        if op.kind == "advance":
            return int(op.arguments[0]) > 0 and int(op.arguments[0]) % 2 == 0
        return self._is_determined(op)

    def add(self, op):
        if op.kind == "advance":
            self.now += int(op.arguments[0])
        elif op.kind == "after_func":
            self.functions.append(op.made)
        elif op.made is not None:
            self.nodes[op.made] = self._new_node(op)
        self.now += STEP

    def _is_determined(self, op):
        instant = self._instant(op)
        if instant is None or instant <= self.now:
            return True
        parent = self.nodes[op.needed]
        # The longest duration ends where our TimePoint does, and counted from later it ends there
        # again. Go's time goes on, so that one of two such deadlines is the later.
        if instant == FOREVER:
            return parent.expiry != FOREVER
        # We look at even times. A deadline at one would come before or after the look, as it likes.
        if instant % 2 == 0:
            return False
        # Two timers at one instant fire in any order. It shows only where one context is above the
        # other, and both would give another cause: Go then keeps that of the timer it ran first.
        return instant != parent.expiry or self._cause(op) == parent.cause

    def _new_node(self, op):
        parent = self.nodes[op.needed]
        if op.kind == "without_cancel":
            return Node(op.kind)
        instant = self._instant(op)
        if instant is None or parent.expiry < instant:
            return Node(op.kind, parent.expiry, parent.cause)
        return Node(op.kind, instant, self._cause(op))

    def _instant(self, op):
        """When the deadline that `op` sets comes; None if it sets none."""
        if not op.kind.startswith(("with_deadline", "with_timeout")):
            return None
        word = op.arguments[2]
        if word in ("forever", "long_ago"):
            return FOREVER if word == "forever" else -FOREVER
        return int(word) + (self.now if op.kind.startswith("with_timeout") else 0)

    @staticmethod
    def _cause(op):
        given = op.arguments[3] if op.kind.endswith("_cause") else "nil"
        return "deadline_exceeded" if given == "nil" else given


def is_determined(operations):
    """Whether the program is one: complete, and with one right answer."""
    plan = Plan()
    for op in operations:
        if not plan.takes(op):
            return False
        plan.add(op)
    return len(operations) > 0
