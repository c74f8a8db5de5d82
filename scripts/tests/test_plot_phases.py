"""The strip above a timeline shows phases without gaps, and the drain that was measured."""

from types import SimpleNamespace

import pytest

from leakbench_report.charts import phases

MS = 1_000_000
# Name, round, and when it begins and ends, with the harness's own work between them.
PHASES = [
    ("warm-up", 0, 0, 5), ("connect", 1, 10, 20), ("load", 1, 30, 34), ("drain", 1, 44, 56),
    ("settle", 1, 60, 100), ("connect", 2, 110, 111), ("load", 2, 120, 124), ("drain", 2, 130, 150),
    ("settle", 2, 151, 200),
]


def repetition_of(drains, drained=True):
    """A repetition of two rounds with these drain times in milliseconds."""
    rounds = [
        {
            "round": number,
            "drained": drained,
            "metrics": {"drain_time_ns": None if drain is None else int(drain * MS)},
        }
        for number, drain in enumerate(drains, start=1)
    ]
    listed = [
        {"name": name, "round": number, "start_ns": start * MS, "end_ns": end * MS}
        for name, number, start, end in PHASES
    ]
    return SimpleNamespace(report={"phases": listed, "rounds": rounds})


def edges_of(repetition, name):
    drawn = phases.drawn_phases(repetition)
    return [(p["start_ns"] / MS, p["end_ns"] / MS) for p in drawn if p["name"] == name]


@pytest.mark.parametrize("drains", [(0.287, 26), (None, None), (0, 500)])
def test_the_strip_has_no_gaps(drains):
    drawn = phases.drawn_phases(repetition_of(drains, drained=drains[0] is not None))
    assert [phase["name"] for phase in drawn] == [name for name, *_ in PHASES[1:]]
    for phase, following in zip(drawn, drawn[1:]):
        assert phase["start_ns"] <= phase["end_ns"] == following["start_ns"]


def test_the_drain_is_drawn_from_the_last_response_as_long_as_it_took():
    repetition = repetition_of((0.287, 26))
    assert edges_of(repetition, "load") == [(30, 34), (120, 124)]
    assert edges_of(repetition, "drain") == [(34, 34.287), (124, 150)]
    assert edges_of(repetition, "settle") == [(34.287, 110), (150, 200)]


def test_a_drain_that_did_not_end_is_drawn_as_long_as_it_was_waited_for():
    assert edges_of(repetition_of((None, None), False), "drain") == [(34, 60), (124, 151)]


@pytest.mark.parametrize(
    "drains, drained, text",
    [
        ((0.287, 0.287), True, "drain 287 us"),
        ((10, 20), True, "drain 15 ms"),
        ((None, 20), True, "drain 20 ms"),
        ((None, None), False, "drain > 26.5 ms"),
        ((None, None), None, "drain n/a"),
    ],
)
def test_the_text_beside_the_strip_has_the_measured_drain(drains, drained, text):
    assert phases.phase_lengths(repetition_of(drains, drained)) == f"load 4 ms, {text}"
