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


BUILDS = {"base": "#0072B2", "head": "#D55E00", "control": "#767676"}


@pytest.mark.parametrize("variant", ["with-context", "without-context", "jobs", "go-with-context"])
def test_builds_of_one_variant_differ_in_colour_dash_and_marker(variant):
    looks = style.looks_of([f"{variant}@{build}" for build in BUILDS])
    assert {arm.partition("@")[2]: look.color for arm, look in looks.items()} == BUILDS
    for attribute in ("dash", "marker"):
        assert len({getattr(look, attribute) for look in looks.values()}) == 3


def test_builds_of_several_variants_have_the_builds_colour_and_the_variants_line():
    variants = ("without-context", "with-context", "a", "go-without-context", "go-with-context")
    looks = style.looks_of([f"{variant}@{build}" for variant in variants for build in BUILDS])
    for build, color in BUILDS.items():
        of_build = [looks[f"{variant}@{build}"] for variant in variants]
        assert {look.color for look in of_build} == {color}
        for attribute in ("dash", "marker"):
            assert len({getattr(look, attribute) for look in of_build}) == len(variants)
    for variant in variants:
        assert len({looks[f"{variant}@{build}"].dash for build in BUILDS}) == 1


def test_builds_of_other_names_have_colours_of_their_own():
    looks = style.looks_of([f"with-context@{build}" for build in ("v1", "base", "v2", "head")])
    assert len({look.color for look in looks.values()}) == 4
    assert looks["with-context@base"].color == BUILDS["base"]


def test_one_build_of_all_variants_needs_no_colour_of_its_own():
    looks = style.looks_of(["without-context@head", "with-context@head"])
    assert looks["without-context@head"] == style.LOOKS["without-context"]
    assert looks["with-context@head"] == style.LOOKS["with-context"]


def test_builds_beside_plain_variants_leave_them_their_colours():
    looks = style.looks_of(["without-context", "with-context", "with-context@base", "a@head"])
    assert looks["without-context"] == style.LOOKS["without-context"]
    assert looks["with-context"] == style.LOOKS["with-context"]
    assert len({look.color for look in looks.values()}) == 4


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
