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


def test_a_long_name_is_cut_short():
    assert style.short("with-context") == "with-context"
    assert len(style.short("w" * 64)) == style.NAME_CHARACTERS
