"""scripts/plot.py draws what was measured, and says in one line why it cannot."""

import json
import re
import struct

import pytest
from leakbench_report.charts.gallery import not_drawn
from synthetic import make_run, write_json

CHARTS = (
    "live_tasks", "drain_time", "memory", "response_time", "response_time_over_time", "cpu",
    "pause", "leak_sites", "table",
)
FILES = 2 * len(CHARTS)
# Of a run of one round that nobody has compared.
NOTES = (
    "plot.py: note: no charts tasks_per_round, memory_per_round: each repetition has one round; "
    "growth shows from two on\n"
    "plot.py: note: no charts comparison, pairs, noise_floor: there is no comparison.json in the "
    "run's folder; compare.py RUN --json RUN/comparison.json writes it\n"
)


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def texts(svg):
    """All text of an SVG file, one line each."""
    return "\n".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg.read_text(encoding="utf-8")))


def files_of(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def whole_run(tmp_path_factory):
    """A complete made-up run that no test changes."""
    return make_run(tmp_path_factory.mktemp("whole") / "run", blocks=3)


@pytest.fixture(scope="module")
def charts(call, whole_run):
    """The folder with the charts of that run."""
    folder = whole_run.parent / "charts"
    assert call("plot.py", whole_run, "-o", folder).returncode == 0
    return folder


@pytest.mark.parametrize("interpreter", [(), ("python3",), ("/usr/bin/python3",)])
def test_charts_are_drawn_with_whatever_python_comes_first(call, whole_run, tmp_path, interpreter):
    result = call("plot.py", whole_run, "-o", tmp_path, interpreter=interpreter)
    assert (result.returncode, result.stderr) == (0, NOTES)
    wanted = [tmp_path / f"{name}.{kind}" for name in CHARTS for kind in ("png", "svg")]
    assert result.stdout.split() == [str(path) for path in wanted]
    for path in wanted:
        assert path.stat().st_size > 5000


def test_charts_go_into_the_run_folder_unless_told_otherwise(call, run_folder):
    assert call("plot.py", run_folder).returncode == 0
    assert len(files_of(run_folder / "charts")) == FILES


def test_a_png_is_1200_pixels_wide(charts):
    for name in CHARTS:
        header = (charts / f"{name}.png").read_bytes()[:24]
        assert struct.unpack(">I", header[16:20]) == (1200,)


def test_two_drawings_of_a_run_are_the_same_byte_for_byte(call, whole_run, charts, tmp_path):
    call("plot.py", whole_run, "-o", tmp_path)
    assert len(files_of(charts)) == FILES
    assert files_of(charts) == files_of(tmp_path)


def test_the_settings_of_a_person_do_not_change_the_charts(call, whole_run, charts, tmp_path):
    (tmp_path / "matplotlibrc").write_text("font.size: 30\nsvg.fonttype: path\n")
    call("plot.py", whole_run, "-o", tmp_path / "own", MATPLOTLIBRC=str(tmp_path))
    assert files_of(charts) == files_of(tmp_path / "own")


@pytest.mark.parametrize(
    "chart, labels",
    [
        ("live_tasks", ["live tasks", "time since the first request [s]"]),
        ("live_tasks", ["without-context", "with-context", "load", "drain"]),
        ("live_tasks", ["20,000 at the last response", "12 at the last response"]),
        ("memory", ["memory of the server [MiB]", "without-context RSS", "with-context heap"]),
        ("response_time", ["response time [ms]", "percentile of the requests [%]"]),
        ("response_time", ["50", "90", "99", "99.9", "99.99"]),
        ("drain_time", ["without-context: 5 s", "with-context: 30 ms", "100 ms"]),
        ("response_time_over_time", ["response time [ms]", "longest [ms]"]),
        ("response_time_over_time", ["p50 318 ms to 1.42 s", "longest up to 3.05 s"]),
        ("cpu", ["CPU used [cores]", "server and generator bound to 1 core each"]),
        ("cpu", ["server 0.83 cores", "generator 0.51 cores"]),
        ("pause", ["percentile of the beats [%]", "3.51 ms at 99 %", "with-context idle"]),
        ("leak_sites", ["20,000 made_up at server.cc:41, without-context", "live tasks"]),
        ("table", ["Measured here", "Published", "without", "with", "Maximum memory"]),
        ("table", ["10,000 concurrent requests, each starts one 5 s task"]),
        ("table", ["120 MB → 78 MB (-35 %)", "GC pause 12 ms → 6 ms (-50 %)"]),
        ("table", ["20,000 → 12 (-99.9 %)", "n/a (not published)"]),
    ],
)
def test_a_chart_carries_its_labels_as_text(charts, chart, labels):
    found = texts(charts / f"{chart}.svg").splitlines()
    assert [label for label in labels if label not in found] == []


def test_the_variants_have_their_colours_in_every_chart(charts):
    for name in CHARTS:
        svg = (charts / f"{name}.svg").read_text(encoding="utf-8")
        assert "#d55e00" in svg
        # The arm with a context leaves nothing behind.
        assert ("#0072b2" in svg) == (name != "leak_sites")


def test_a_metric_that_was_not_measured_is_said_to_be_na(call, tmp_path):
    run = make_run(tmp_path / "run", unmeasured=("cpu_percent",))
    assert call("plot.py", run).returncode == 0
    assert texts(run / "charts" / "table.svg").count("n/a (not measured)") == 1


def test_a_metric_of_one_variant_only_is_drawn_with_na_for_the_other(call, run_folder):
    summary = load(run_folder / "summary.json")
    summary["table"][0].update({"with": None, "change_percent": None})
    summary["arms"][1]["metrics"]["response_time_mean_ns"].update(median=None, values=[None, None])
    write_json(run_folder / "summary.json", summary)
    for path in (run_folder / "reps").glob("*_with-context.json"):
        report = load(path)
        report["metrics"]["response_time_mean_ns"] = None
        write_json(path, report)
    assert call("plot.py", run_folder).returncode == 0
    assert "1.89 s → n/a (n/a)" in texts(run_folder / "charts" / "table.svg")


def test_without_published_figures_the_table_has_no_column_for_them(call, run_folder):
    summary = load(run_folder / "summary.json")
    for row in summary["table"]:
        row["published"] = None
    write_json(run_folder / "summary.json", summary)
    assert call("plot.py", run_folder).returncode == 0
    found = texts(run_folder / "charts" / "table.svg")
    assert "Measured here" in found
    assert "ublished" not in found


def test_a_chart_without_any_data_is_not_drawn_and_a_note_says_why(call, tmp_path):
    run = make_run(tmp_path / "run", unmeasured=("live_tasks",))
    result = call("plot.py", run)
    assert result.returncode == 0
    assert "note: no chart live_tasks: no complete repetition has samples of" in result.stderr
    assert len(result.stderr.splitlines()) == 1 + len(NOTES.splitlines())
    assert {path.stem for path in (run / "charts").glob("*.svg")} == {*CHARTS} - {"live_tasks"}


def test_charts_that_are_not_drawn_for_the_same_reason_share_a_line():
    assert not_drawn({"a": "no x", "b": "no y", "c": "no x"}) == [
        "no charts a, c: no x", "no chart b: no y",
    ]


def test_several_runs_without_samples_say_why_there_is_no_chart(call, refused, tmp_path):
    runs = [make_run(tmp_path / name, blocks=1, unmeasured=("live_tasks",)) for name in "ab"]
    result = call("plot.py", *runs, "-o", tmp_path / "charts")
    refused(result, 6, "holds nothing to draw")
    assert "note: no chart suite: no run has samples of live tasks" in result.stderr


def test_a_run_without_response_times_over_time_says_so(call, tmp_path):
    columns = ("response_time_p50_ns", "response_time_p99_ns", "response_time_max_ns")
    result = call("plot.py", make_run(tmp_path / "run", blocks=1, unmeasured=columns))
    assert result.returncode == 0
    assert (
        "note: no chart response_time_over_time: no complete repetition has samples of the "
        "response time"
    ) in result.stderr


def test_a_run_whose_generator_was_not_sampled_shows_its_server(call, tmp_path):
    run = make_run(tmp_path / "run", blocks=1, unmeasured=("generator_cpu_ns",))
    assert call("plot.py", run).returncode == 0
    found = texts(run / "charts" / "cpu.svg")
    assert "The load generator was not sampled." in found
    assert "server bound to 1 core" in found.splitlines()
    assert "server 0.83 cores" in found and "generator 0.51 cores" not in found


def test_heap_that_was_not_measured_is_said_so_in_the_chart(call, tmp_path):
    run = make_run(tmp_path / "run", unmeasured=("heap_in_use_bytes",))
    assert call("plot.py", run).returncode == 0
    assert "not measured" in texts(run / "charts" / "memory.svg")


def test_several_rounds_are_drawn_one_after_the_other(call, tmp_path):
    run = make_run(tmp_path / "run", blocks=1, rounds=3)
    assert call("plot.py", run).returncode == 0
    found = texts(run / "charts" / "live_tasks.svg").splitlines()
    assert found.count("drain") == 3
    assert "0 a round" in texts(run / "charts" / "tasks_per_round.svg")
    assert "0 B a round" in texts(run / "charts" / "memory_per_round.svg")


def test_several_runs_are_drawn_side_by_side(call, whole_run, run_folder, tmp_path):
    result = call("plot.py", whole_run, run_folder, "-o", tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.split() == [f"{tmp_path}/suite.png", f"{tmp_path}/suite.svg"]
    found = texts(tmp_path / "suite.svg").splitlines()
    assert found.count("synthetic") == 2
    assert found.count("without-context lingering, with-context clean") == 2


def test_several_runs_need_a_place_for_their_chart(call, refused, run_folder):
    refused(call("plot.py", run_folder, run_folder), 2, "several runs", "-o DIR")


def test_a_round_that_did_not_drain_is_said_so(call, run_folder):
    for path in (run_folder / "reps").glob("*_without-context.json"):
        report = load(path)
        report["rounds"][0]["drained"] = False
        write_json(path, report)
    assert call("plot.py", run_folder).returncode == 0
    assert "drain &gt; 5 s" in texts(run_folder / "charts" / "live_tasks.svg")


def test_a_failed_repetition_is_left_out_with_a_note(call, run_folder):
    plan = load(run_folder / "run.json")
    plan["status"] = "failed"
    plan["repetitions"][3].update(status="failed", file=None, error="the server died")
    write_json(run_folder / "run.json", plan)
    (run_folder / "summary.json").unlink()
    result = call("plot.py", run_folder)
    assert result.returncode == 0
    assert "is failed, not complete" in result.stderr
    assert "repetition 4 (without-context) is left out: failed: the server died" in result.stderr
    assert len(result.stdout.split()) == FILES - 2


def test_missing_files_of_a_repetition_are_noted(call, refused, run_folder):
    (run_folder / "reps" / "001_without-context.json").unlink()
    (run_folder / "samples" / "002_with-context.csv").unlink()
    result = call("plot.py", run_folder)
    refused(result, 6, "has lost reps/001_without-context.json", "charts are of the others")
    assert len(result.stdout.split()) == FILES
    assert "repetition 1 (without-context) is left out: its file" in result.stderr
    assert "repetition 2 (with-context) has no timeline" in result.stderr


def test_an_interrupted_run_without_a_summary_is_drawn_without_its_table(call, run_folder):
    plan = load(run_folder / "run.json")
    plan.update(status="interrupted")
    write_json(run_folder / "run.json", plan)
    (run_folder / "summary.json").unlink()
    result = call("plot.py", run_folder)
    assert result.returncode == 0
    assert "no chart table: there is no summary.json" in result.stderr
    assert len(result.stdout.split()) == FILES - 2


def test_a_run_with_one_variant_is_drawn(call, run_folder):
    plan = load(run_folder / "run.json")
    plan["repetitions"] = [
        entry for entry in plan["repetitions"] if entry["arm"] == "with-context"
    ]
    write_json(run_folder / "run.json", plan)
    (run_folder / "summary.json").unlink()
    assert call("plot.py", run_folder).returncode == 0
    assert "without-context" not in texts(run_folder / "charts" / "live_tasks.svg")


def test_a_field_of_a_newer_minor_version_is_ignored(call, run_folder):
    plan = load(run_folder / "run.json")
    write_json(run_folder / "run.json", {**plan, "schema_version": "1.7.0", "more": 1})
    assert call("plot.py", run_folder).returncode == 0


def test_help_teaches(call):
    result = call("plot.py", "--help", interpreter=("python3",))
    assert result.returncode == 0
    for part in ("live_tasks", "examples:", "exit codes:", "--output"):
        assert part in result.stdout


def test_a_call_without_a_run_is_a_usage_error(call):
    result = call("plot.py")
    assert result.returncode == 2
    assert "RUN" in result.stderr


def test_a_folder_that_does_not_exist_is_named(call, refused, tmp_path):
    refused(call("plot.py", tmp_path / "nowhere"), 2, "no run folder", "nowhere")


def test_a_folder_that_holds_no_run_is_named(call, refused, tmp_path):
    refused(call("plot.py", tmp_path), 2, "is not a run folder", "run.json")


@pytest.mark.parametrize("name", ["run.json", "summary.json", "reps/002_with-context.json"])
@pytest.mark.parametrize("share", [0, 0.3, 0.97])
def test_a_truncated_file_is_named_with_the_reason(call, refused, run_folder, name, share):
    path = run_folder / name
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    refused(call("plot.py", run_folder), 2, name, "truncated" if share else "empty")


@pytest.mark.parametrize(
    "content, reason",
    [
        (b"[]", "is not a leakbench/run file"),
        (b'{"schema": "leakbench/summary"}', '"leakbench/summary"'),
        (b'{"schema": "leakbench/run", "schema_version": "1.0.0"}', "is a required property"),
        (b'{"schema": "leakbench/run", "schema_version": 1}', "run.schema.json"),
        (b"\xff\xfe", "cannot read"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[1e999]", "beyond the range"),
        (b"[" + b"9" * 5000 + b"]", "beyond the range"),
        (b"[NaN]", "NaN"),
    ],
)
def test_a_file_that_is_no_run_is_refused(call, refused, run_folder, content, reason):
    (run_folder / "run.json").write_bytes(content)
    refused(call("plot.py", run_folder), 2, "run.json", reason)


@pytest.mark.parametrize(
    "damage, reason",
    [
        (lambda text: text[: len(text) // 2], "truncated"),
        (lambda text: "", "no column t_ns"),
        (lambda text: text.replace("rss_bytes", "rss"), "no column rss_bytes"),
        (lambda text: text.replace(",load,", ",lod,"), "phase is 'lod'"),
        (lambda text: text.replace("50000000,warm", "-5,warm"), "t_ns is '-5'"),
        (lambda text: text.replace("50000000,warm", "9" * 30 + ",warm"), "beyond the range"),
        (lambda text: text.replace("50000000,warm", "999000000000,warm"), "back in time"),
    ],
)
def test_damaged_samples_are_named_with_the_reason(call, refused, run_folder, damage, reason):
    path = run_folder / "samples" / "001_without-context.csv"
    path.write_text(damage(path.read_text(encoding="utf-8")), encoding="utf-8")
    refused(call("plot.py", run_folder), 2, path.name, reason)


@pytest.mark.parametrize("several", [False, True])
def test_an_edited_verdict_is_refused(call, refused, whole_run, run_folder, several):
    summary = load(run_folder / "summary.json")
    summary["arms"][0]["verdict"].update({"class": "clean", "as_expected": False})
    write_json(run_folder / "summary.json", summary)
    runs = [whole_run, run_folder] if several else [run_folder]
    result = call("plot.py", *runs, "-o", run_folder / "charts")
    refused(result, 2, f"{run_folder}/summary.json", "verdict class of without-context is 'clean'")
    assert not (run_folder / "charts").exists()


@pytest.mark.parametrize("name", ["run.json", "summary.json", "reps/002_with-context.json"])
def test_a_newer_major_version_is_refused(call, refused, run_folder, name):
    document = load(run_folder / name)
    write_json(run_folder / name, {**document, "schema_version": "2.0.0"})
    refused(call("plot.py", run_folder), 7, name, "2.0.0", "1.x")


def test_a_run_without_anything_to_draw_is_incomplete(call, refused, run_folder):
    plan = load(run_folder / "run.json")
    for entry in plan["repetitions"]:
        entry.update(status="planned", file=None)
    write_json(run_folder / "run.json", {**plan, "status": "interrupted"})
    (run_folder / "summary.json").unlink()
    result = call("plot.py", run_folder)
    refused(result, 6, "holds nothing to draw")
    assert not (run_folder / "charts").exists()


def test_a_folder_that_cannot_be_written_is_named(call, refused, run_folder, tmp_path):
    (tmp_path / "taken").write_text("a file")
    refused(call("plot.py", run_folder, "-o", tmp_path / "taken"), 2, "cannot write", "taken", "-o")


@pytest.mark.parametrize("module", ["matplotlib", "jsonschema"])
def test_a_missing_module_is_named_with_the_package_that_brings_it(
    call, refused, run_folder, tmp_path, module
):
    (tmp_path / f"{module}.py").write_text("raise ImportError('not installed')")
    result = call("plot.py", run_folder, interpreter=("python3",), PYTHONPATH=str(tmp_path))
    refused(result, 2, module, f"apt-get install python3-{module}")


def test_the_scripts_work_from_any_folder(call, whole_run, tmp_path):
    result = call("plot.py", whole_run, "-o", tmp_path, interpreter=("env", "-C", "/", "python3"))
    assert (result.returncode, result.stderr) == (0, NOTES)
