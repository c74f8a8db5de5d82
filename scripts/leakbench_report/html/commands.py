"""The commands that make a run again."""

import re
import shlex

BUILT_HERE = re.compile(r"build/([a-z-]+)/bin/leakbench")


def commands_of(run):
    """Returns the lines to type at the project's root, from the command line the run was made
    with."""
    argv = list(run.plan["argv"])
    lines = []
    if run.plan["environment"]["git_commit"]:
        lines.append(shlex.join(["git", "checkout", run.plan["environment"]["git_commit"]]))
    built = BUILT_HERE.fullmatch(argv[0])
    if built:
        preset = built.group(1)
        lines.append(f"cmake --preset {preset} && cmake --build --preset {preset}")
    # Without it the run would choose another order of the arms.
    if not any(word == "--seed" or word.startswith("--seed=") for word in argv):
        argv += ["--seed", str(run.plan["seed"])]
    return [*lines, shlex.join(argv)]


def doubt_of(run):
    """Returns what these commands cannot bring back, or None."""
    dirty = run.plan["environment"]["git_dirty"]
    if dirty:
        return "The checkout had changes that were not committed: the commit alone is not enough."
    if not run.plan["environment"]["git_commit"]:
        return "The commit that was built is not known."
    return None
