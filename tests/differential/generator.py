"""Draws programs from a seed, with a liking for what goes wrong."""

import math
import random

from programs import CANCELLABLE, CAUSES, CREATIONS, FOREVER, KEYS, Operation, Plan


def _weighted(weights):
    """A list to choose from: each thing as often as its weight."""
    return [thing for thing, weight in weights.items() for _ in range(weight)]


KINDS = _weighted(
    {"create": 52, "cancel": 12, "after_func": 14, "stop": 9, "advance": 10, "observe": 3}
)
CREATED = _weighted({kind: 2 if kind in CANCELLABLE else 1 for kind in CREATIONS})
INHERITING = set(CREATIONS) - {"without_cancel"}
SHAPES = _weighted({"tree": 5, "deep": 3, "wide": 2})
LENGTHS = _weighted({(2, 8): 20, (9, 25): 60, (26, 45): 19, (80, 120): 1})


def generate(seed, number):
    """Program `number` of `seed`: the same whatever came before it."""
    return _Generator(random.Random(f"{seed}/{number}")).run()


class _Generator:
    def __init__(self, draw):
        self.draw = draw
        self.plan = Plan()
        self.shape = draw.choice(SHAPES)
        self.operations = []
        self.ended = set()  # nodes that somebody cancelled, and all that ended with them
        self.stopped = []  # functions: to stop them again
        self.deadlines = []  # instants in use: to have others come at the same

    def run(self):
        length = self.draw.randint(*self.draw.choice(LENGTHS))
        while len(self.operations) < length:
            op = getattr(self, self.draw.choice(KINDS))()
            if op is None or not self.plan.takes(op):
                continue
            self.note(op)
            self.plan.add(op)
            self.operations.append(op)
        return self.operations

    def note(self, op):
        if op.kind == "stop":
            self.stopped.append(op.needed)
        elif op.kind in INHERITING and op.needed in self.ended:
            self.ended.add(op.made)
        elif op.kind in ("cancel", "cancel_cause"):
            self.ended.add(op.needed)
            below = (each for each in self.operations if each.kind in INHERITING)
            self.ended.update(each.made for each in below if each.needed in self.ended)

    # Each gives an operation, or None where there is nothing yet to do it to.

    def create(self):
        kind = self.draw.choice(CREATED)
        parent = self.parent()
        rest = []
        if kind.startswith(("with_deadline", "with_timeout")):
            above = self.plan.nodes[parent]
            instant = self.instant(above)
            if kind.startswith("with_timeout") and isinstance(instant, int):
                rest.append(str(instant - self.plan.now))
            else:
                rest.append(str(instant))
            if kind.endswith("_cause"):
                rest.append(above.cause if instant == above.expiry else self.cause())
        elif kind == "with_value":
            value = f"v{len(self.operations)}" if self.draw.random() < 0.85 else "nil"
            rest += [self.draw.choice(KEYS), value]
        return Operation(kind, (f"n{len(self.plan.nodes) - 1}", parent, *rest))

    def cancel(self):
        node = self.node(lambda name: self.plan.nodes[name].kind in CANCELLABLE)
        if node is None:
            return None
        if self.plan.nodes[node].kind == "with_cancel_cause" and self.draw.random() < 0.8:
            return Operation("cancel_cause", (node, self.cause()))
        return Operation("cancel", (node,))

    def after_func(self):
        return Operation("after_func", (f"f{len(self.plan.functions)}", self.node()))

    def stop(self):
        again = self.stopped and self.draw.random() < 0.2
        functions = self.stopped if again else self.plan.functions
        return Operation("stop", (self.draw.choice(functions),)) if functions else None

    def advance(self):
        return Operation("advance", (str(2 * self.draw.randint(1, 8)),))

    def observe(self):
        return Operation("observe")

    def node(self, suits=lambda name: True):
        """Mostly one that is live, for little happens to others; None if none suits."""
        nodes = [name for name in self.plan.nodes if suits(name)]
        if self.draw.random() < 0.8:
            live = [name for name in nodes if self.seems_live(name)]
            nodes = live or nodes
        return self.draw.choice(nodes) if nodes else None

    def parent(self):
        live = [name for name in self.plan.nodes if self.seems_live(name)]
        if self.shape == "deep" and self.draw.random() < 0.8:
            return live[-1]
        if self.shape == "wide" and self.draw.random() < 0.6:
            return self.draw.choice(live[:5])
        return self.node()

    def seems_live(self, name):
        return name not in self.ended and self.plan.nodes[name].expiry > self.plan.now

    def cause(self):
        return self.draw.choice(CAUSES)

    def instant(self, above):
        """When a deadline comes below the node `above`: ms from the start, or a word."""
        now = self.plan.now
        where = self.draw.random()
        if where < 0.04:
            return "forever"
        if where < 0.07:
            return "long_ago"
        if where < 0.2:
            return now - self.draw.randint(0, 3)
        if where < 0.32 and now < above.expiry < FOREVER:
            return above.expiry
        if where < 0.45 and self.deadlines:
            return self.draw.choice(self.deadlines)
        self.deadlines.append(now + 1 + 2 * math.floor(self.draw.expovariate(1 / 12)))
        return self.deadlines[-1]
