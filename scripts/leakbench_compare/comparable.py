"""Whether two arms can be compared at all: the same work, the same machine, the same kind of build.
A figure that differs for one of these reasons says nothing about the code."""

from leakbench_compare.contrasts import variant_of

# What a plan says beside the work itself.
NOT_WORK = ("blocks", "order", "variants")
MACHINE = ("cpu_model", "cores_online")
BUILD = ("build_type", "sanitizers", "allocator")
# May differ, and may be why the figures do: said, not refused.
WORTH_A_NOTE = ("kernel", "compiler", "compiler_flags")
# The kernel of a virtual machine takes a little more or less from start to start.
MEMORY_TOLERANCE = 0.02


def reasons_against(contrast, policy):
    """Why the two sides of `contrast` cannot be compared, one line each; empty when they can."""
    if contrast.missing:
        return contrast.missing
    base, head = contrast.base, contrast.head
    reasons = []
    if base.run is not head.run:
        reasons += different_work(base.run.plan, head.run.plan)
        reasons += different_options(base, head)
        reasons += different_place(base.run.plan["environment"], head.run.plan["environment"])
    reasons += different_repetitions(base, head)
    for side in (base, head):
        reasons += too_many_failed_requests(side, policy.failed_requests_share)
    return reasons


def different_work(base, head):
    found = []
    if base["scenario"]["name"] != head["scenario"]["name"]:
        found.append(differ("scenario", base["scenario"]["name"], head["scenario"]["name"]))
    base, head = base["plan"], head["plan"]
    for name in dict.fromkeys([*base, *head]):
        if name not in NOT_WORK and base.get(name) != head.get(name):
            found.append(differ(name, base.get(name), head.get(name)))
    return found


def different_options(base, head):
    options = [
        next((v["options"] for v in side.run.plan["plan"]["variants"] if names(v, side)), None)
        for side in (base, head)
    ]
    if base.variant != head.variant or None in options or options[0] == options[1]:
        return []
    return [differ(f"options of {base.variant}", *options)]


def names(variant, side):
    return variant_of(variant["name"]) == side.variant


def different_place(base, head):
    """Machine and build. What is not known on one side cannot be held against the other."""
    found = [
        differ(name, base[name], head[name])
        for name in (*MACHINE, *BUILD)
        if None not in (base[name], head[name]) and base[name] != head[name]
    ]
    if len(base["cores_allowed"]) != len(head["cores_allowed"]):
        found.append(differ("cores_allowed", base["cores_allowed"], head["cores_allowed"]))
    sizes = [place["memory_total_bytes"] for place in (base, head)]
    if None not in sizes and abs(sizes[0] - sizes[1]) > MEMORY_TOLERANCE * max(sizes):
        found.append(differ("memory_total_bytes", *sizes))
    return found


def different_repetitions(base, head):
    """What a repetition itself records of its work and its place."""
    found = []
    for name, value_of in {
        "load model": lambda report: report["load"]["model"],
        "connections in a round": connections_in_a_round,
        "number of the server's cores": lambda report: len(report["target"]["cores"]),
        "number of the generator's cores": lambda report: len(report["target"]["generator_cores"]),
    }.items():
        found += different_values(base, head, name, value_of)
    if base.variant == head.variant:
        found += different_values(
            base, head, "options of the server", lambda report: report["target"]["options"]
        )
    return found


def connections_in_a_round(report):
    """Not in a repetition: one that cannot tell a leak from a pool goes on for more rounds."""
    return report["load"]["connections"]["asked"] / max(len(report["rounds"]), 1)


def different_values(base, head, name, value_of):
    seen = []
    for side in (base, head):
        for repetition in side.repetitions:
            value = value_of(repetition.report)
            if value not in seen:
                seen.append(value)
    return [] if len(seen) < 2 else [differ(name, seen[0], seen[1])]


def too_many_failed_requests(side, limit):
    requests = [repetition.report["load"]["requests"] for repetition in side.repetitions]
    sent = sum(counts["sent"] for counts in requests)
    answered = sum(counts["ok"] + counts["http_3xx"] for counts in requests)
    if not requests:
        return []
    if sent == 0:
        return [f"{side.arm} was sent no request"]
    share = 1 - answered / sent
    if share <= limit:
        return []
    return [
        f"{sent - answered:,} of {sent:,} requests to {side.arm} got no 2xx or 3xx answer: "
        f"{100 * share:.3g} %, the policy allows {100 * limit:g} %"
    ]


def worth_a_note(contrasts):
    """What differs between two runs and is allowed to."""
    base, head = contrasts[0].base.run, contrasts[0].head.run
    if base is head:
        return []
    places = base.plan["environment"], head.plan["environment"]
    found = [
        differ(name, *(place[name] for place in places))
        for name in WORTH_A_NOTE
        if places[0][name] != places[1][name]
    ]
    found += [
        f"{name} is not known of both runs, so whether it differs cannot be told"
        for name in (*MACHINE, "memory_total_bytes")
        if None in (places[0][name], places[1][name])
    ]
    if base.plan["tool_version"] != head.plan["tool_version"]:
        found.append(differ("tool_version", base.plan["tool_version"], head.plan["tool_version"]))
    return found


def differ(name, base, head):
    return f"{name} differs: {shown(base)} against {shown(head)}"


def shown(value):
    if isinstance(value, dict):
        return " ".join(f"{name}={text}" for name, text in sorted(value.items())) or "none"
    if value is None:
        return "unknown"
    return "none" if value == "" else str(value)
