"""The arms of made-up runs, and what is common to all files of one."""

SECOND = 1_000_000_000
STARTED = "2000-01-01T00:00:00Z"
RUN_ID = "synthetic-20000101T000000Z-000000"
VARIANTS = {"without-context": "lingering", "with-context": "clean"}


def expected_of(arm):
    return VARIANTS[arm.removeprefix("go-").partition("@")[0]]


def place_of(arm):
    """Sorts arms as `leakbench run` plans them, whatever the random order of a block: by runtime,
    variant and build."""
    variant, _, build = arm.removeprefix("go-").partition("@")
    return arm.startswith("go-"), list(VARIANTS).index(variant), build


def make_verdict(arm):
    expected = expected_of(arm)
    reason = f"made up to be {expected}"
    return {"class": expected, "expected": expected, "as_expected": True, "reason": reason}
