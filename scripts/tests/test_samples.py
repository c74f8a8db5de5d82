"""The timeline of a repetition is read as the harness writes it, in any version of it."""

import pytest
from leakbench_report.errors import ReportError
from leakbench_report.samples import read_samples


def samples_file(folder, last_row):
    """A samples file of today, as the harness writes it, with one row."""
    header = (
        "t_ns,phase,round,live_tasks,requests_in_flight,connections_open,heap_in_use_bytes,"
        "rss_bytes,memory_peak_bytes,cpu_ns,threads,fds,voluntary_switches,involuntary_switches,"
        "run_queue_wait_ns,cpu_pressure_percent,memory_pressure_percent,io_pressure_percent,"
        "stolen_ns,generator_cpu_ns,responses_ok,response_time_p50_ns,response_time_p99_ns,"
        "response_time_max_ns,cpu_ns:server\n"
    )
    path = folder / "001_only.csv"
    path.write_text(header + last_row + "\n", encoding="utf-8")
    return path


def test_samples_tell_of_the_scheduler_and_the_machine(tmp_path):
    row = "1,load,1,2,3,4,5,6,7,8,9,10,11,12,13,14.25,0,100,15,16,17,18,,20,21"
    [sample] = read_samples(samples_file(tmp_path, row))
    assert sample["voluntary_switches"] == 11 and sample["run_queue_wait_ns"] == 13
    assert sample["cpu_pressure_percent"] == 14.25 and sample["io_pressure_percent"] == 100
    assert sample["stolen_ns"] == 15


def test_samples_tell_of_the_generator_and_of_the_answers(tmp_path):
    row = "1,load,1,2,3,4,5,6,7,8,9,10,11,12,13,14.25,0,100,15,16,17,18,,20,21"
    [sample] = read_samples(samples_file(tmp_path, row))
    assert (sample["generator_cpu_ns"], sample["responses_ok"]) == (16, 17)
    times = [sample[f"response_time_{name}_ns"] for name in ("p50", "p99", "max")]
    assert times == [18, None, 20]


def test_columns_that_an_older_file_does_not_have_were_not_measured(run_folder):
    sample = read_samples(run_folder / "samples" / "001_without-context.csv")[0]
    for column in ("involuntary_switches", "run_queue_wait_ns", "memory_pressure_percent"):
        assert sample[column] is None


@pytest.mark.parametrize("value", ["100.01", "-1", "nan", "1e1", " 5", "5."])
def test_a_pressure_that_is_no_percentage_is_named(tmp_path, value):
    path = samples_file(tmp_path, f"1,load,1,2,3,4,5,6,7,8,9,10,11,12,13,{value},0,0,15,,,,,,21")
    with pytest.raises(ReportError, match="line 2: cpu_pressure_percent is"):
        read_samples(path)
