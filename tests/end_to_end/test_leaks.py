"""Leaks of a real server: found at their place in either language, and accepted where they are known."""

import json

import pytest
from conftest import LEAKBENCH, SOURCE

GO_SERVER = LEAKBENCH.parent / "leakbench-server-go"


@pytest.fixture
def planted(tmp_path):
    """The path of a quick planted-leaks manifest with these changes."""

    def write(**changes):
        data = json.loads((SOURCE / "scenarios/planted-leaks/scenario.json").read_text())
        data["settle"] = {"longest_task": "50ms", "margin": "450ms", "linger_after": "300ms"}
        data["load"] |= {"requests": 200, "warmup_requests": 200, "connections": 20}
        data |= changes
        path = tmp_path / "planted.json"
        path.write_text(json.dumps(data))
        return path

    return write


@pytest.mark.skipif(not GO_SERVER.exists(), reason="servers in Go were not built")
@pytest.mark.parametrize("kind", ["channel-send", "mutex", "wait-group"])
def test_a_go_server_is_told_where_its_tasks_were_started_and_wait(leakbench, planted, kind):
    words = ("--pairs", 1, "--runtime", "go", "--variant", "leaking", "--set", f"kind={kind}")
    finished = leakbench("run", planted(), *words)
    assert finished.code == 0, finished.out + finished.err
    arm = finished.load("summary.json")["arms"][0]
    assert arm["name"] == "go-leaking"
    assert arm["verdict"]["leaked_tasks_per_request"] == 0.005
    site = arm["leak_sites"][0]
    assert site["growth_per_round"] == 1
    source = (SOURCE / "scenarios" / site["file"].removeprefix("scenarios/")).read_text()
    assert source.splitlines()[site["line"] - 1].strip().startswith("go ")
    assert site["waits_at"]["file"] == site["file"]


def test_a_leak_that_is_known_is_accepted_with_its_reason(leakbench, planted, tmp_path):
    path = planted(variants=[{"name": "leaking", "expect": "clean"}])
    finished = leakbench("run", path, "--pairs", 1)
    assert finished.code == 4

    known = tmp_path / "known.json"
    entries = [
        {"started_at": "send_result", "reason": "ticket 7"},
        {"started_at": "gone_since_long", "reason": "ticket 3"},
    ]
    known.write_text(
        json.dumps({"schema": "leakbench/allowlist", "schema_version": "1.0.0", "entries": entries})
    )
    accepted = leakbench("run", path, "--pairs", 1, "--out", "again", "--baseline", known)
    assert accepted.code == 0, accepted.out + accepted.err
    assert "gone_since_long" in accepted.out, "an entry that fits nothing is named"
    folder = next((tmp_path / "again").iterdir())
    sites = json.loads((folder / "summary.json").read_text())["arms"][0]["leak_sites"]
    assert sites[0]["allowed_because"] == "ticket 7"


def test_check_accepts_a_leak_that_the_warm_up_had_as_well(leakbench, planted, tmp_path):
    path = planted(variants=[{"name": "leaking", "expect": "clean"}])
    words = ("run", path, "--pairs", 1, "--rounds", 1)
    finished = leakbench(*words)
    assert finished.code == 4
    [repetition] = (finished.folder / "reps").iterdir()
    assert json.loads(repetition.read_text())["live_tasks_baseline"] > 0
    written = leakbench("check", finished.folder, "--write-baseline", "known.json")
    assert written.code == 0, written.err
    checked = leakbench("check", finished.folder, "--baseline", "known.json")
    assert checked.code == 0, checked.out

    accepted = leakbench(*words, "--out", "again", "--baseline", "known.json")
    assert accepted.code == 0, accepted.out + accepted.err
    assert "No task but the 2 that are accepted was alive" in accepted.out
    folder = next((tmp_path / "again").iterdir())
    checked = leakbench("check", folder, "--baseline", "known.json")
    assert checked.code == 0, checked.out
    assert "fits no task" not in checked.out
