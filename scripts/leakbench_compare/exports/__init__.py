"""The values that were compared, in formats that other tools take as they are."""

from leakbench_compare.exports import bencher, github_action, go_benchmark, google_benchmark

EXPORTS = {
    "google-benchmark": google_benchmark.render,
    "go": go_benchmark.render,
    "github-action-benchmark": github_action.render,
    "bencher": bencher.render,
}
