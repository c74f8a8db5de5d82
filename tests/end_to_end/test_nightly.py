"""scripts/ci-nightly with the real leakbench: what it leaves after a night."""

import json
import os
import subprocess

from conftest import LEAKBENCH, SOURCE, write_manifest


def test_a_night_is_measured_kept_and_drawn(tmp_path):
    manifest = write_manifest(tmp_path, name="small")
    summary = tmp_path / "summary"
    settings = {
        "SCENARIO": manifest, "PAIRS": "3", "OPTIONS": "--variant with-context",
        "BINARY": LEAKBENCH, "OUT": tmp_path / "out",
    }  # fmt: skip
    environment = {f"LEAKBENCH_{name}": str(value) for name, value in settings.items()}
    environment["GITHUB_STEP_SUMMARY"] = str(summary)
    finished = subprocess.run(
        [SOURCE / "scripts/ci-nightly"], env={**os.environ, **environment}, cwd=tmp_path,
        capture_output=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    assert finished.returncode == 0, finished.stderr
    (line,) = (tmp_path / "out/index.jsonl").read_text(encoding="utf-8").splitlines()
    entry = json.loads(line)
    assert [arm["name"] for arm in entry["arms"]] == ["with-context@base", "with-context@control"]
    calibration = tmp_path / "out" / entry["run_id"] / "calibration.json"
    doubts = json.loads(calibration.read_text())["reasons"]
    assert any("3 pairs cannot tell" in doubt for doubt in doubts), doubts
    assert {path.suffix for path in (tmp_path / "out/charts").iterdir()} == {".png", ".svg"}
    text = summary.read_text(encoding="utf-8")
    assert "TOO FEW NIGHTS" in text
    assert f"What this machine can see of small: {entry['run_id']}" in text
    assert text == (tmp_path / "out/night.md").read_text(encoding="utf-8")
