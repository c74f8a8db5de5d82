"""Labels keep apart, and every arm keeps its look."""

import pytest

from leakbench_report.charts import style


def test_labels_that_do_not_overlap_stay_where_they_are():
    assert style.spread([0.8, 0.2], [0.1, 0.1]) == [0.8, 0.2]


def test_labels_at_the_same_height_are_moved_apart():
    lower, upper = style.spread([0.5, 0.5], [0.1, 0.3])
    assert upper - lower >= 0.2


def test_labels_never_leave_the_top():
    placed = style.spread([0.99, 0.98, 0.97], [0.2, 0.2, 0.2])
    assert max(placed) <= 0.9
    assert placed == pytest.approx([0.9, 0.7, 0.5])


def test_the_two_variants_look_the_same_whatever_stands_beside_them():
    looks = style.looks_of(["buffered", "with-context", "other", "without-context"])
    assert looks["with-context"].color == "#0072B2"
    assert looks["without-context"].color == "#D55E00"


def test_every_arm_differs_in_colour_dash_and_marker():
    looks = style.looks_of(["without-context", "with-context", "a", "b", "c"]).values()
    for attribute in ("color", "dash", "marker"):
        assert len({getattr(look, attribute) for look in looks}) == 5


def test_go_has_the_colour_of_its_variant_and_a_line_of_its_own():
    arms = ["without-context", "with-context", "go-without-context", "go-with-context"]
    looks = style.looks_of(arms)
    for variant in arms[:2]:
        cpp, go = looks[variant], looks[f"go-{variant}"]
        assert cpp.color == go.color
        assert (cpp.dash, cpp.marker) != (go.dash, go.marker)
    assert looks["go-without-context"].dash == looks["go-with-context"].dash
    assert looks["go-with-context"] == style.looks_of(["go-with-context"])["go-with-context"]


def test_builds_of_a_variant_share_its_colour():
    looks = style.looks_of(["with-context@base", "with-context@head", "go-with-context@head"])
    assert {look.color for look in looks.values()} == {"#0072B2"}
    assert len({str(look.dash) for look in looks.values()}) == 3


@pytest.mark.parametrize(
    "arm, parts",
    [
        ("with-context", ("C++", "with-context", "")),
        ("go-with-context@head", ("Go", "with-context", "head")),
        ("go-", ("C++", "go-", "")),
    ],
)
def test_an_arm_is_taken_apart(arm, parts):
    assert style.parts_of(arm) == parts


def test_a_build_is_not_cut_off():
    name = style.short("without-context@control")
    assert name.startswith("without-c") and name.endswith("…@control")
    assert len(name) == style.NAME_CHARACTERS


def test_a_long_name_is_cut_short():
    assert style.short("with-context") == "with-context"
    assert len(style.short("w" * 64)) == style.NAME_CHARACTERS
