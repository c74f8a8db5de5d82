// A valid manifest with every key, for tests to start from.
#ifndef LEAKBENCH_HARNESS_TARGET_TEST_MANIFEST_H_
#define LEAKBENCH_HARNESS_TARGET_TEST_MANIFEST_H_

#include <nlohmann/json.hpp>
#include <string>

#include "harness/target/manifest.h"

namespace leakbench {

inline constexpr const char* kValidManifest = R"json({
  "schema": "leakbench/manifest",
  "schema_version": "1.0.0",
  "name": "orphaned-task",
  "title": "The handler starts background work and answers",
  "headline": "{connections} concurrent requests, each starts one {job-duration} task",
  "command": ["{bin_dir}/server", "orphaned-task", "--variant", "{variant}", "--port", "{port}",
              "--control-port", "{control_port}"],
  "options": {"job-duration": "5s", "step": "100ms", "payload": "4096"},
  "ready": {"path": "/ready", "timeout": "7s"},
  "request": {"method": "POST", "path": "/work?x=1"},
  "load": {"connections": 10000, "requests": 20000, "warmup_requests": 1000},
  "settle": {"longest_task": "{job-duration}", "margin": "1.5s", "linger_after": "500ms"},
  "metrics_source": "leakbench",
  "variants": [{"name": "without-context", "expect": "lingering"},
               {"name": "with-context", "expect": "clean"}],
  "published": [{"metric": "response_time_mean_ns", "label": "Average response time",
                 "without": 1900000000, "with": null, "change_percent": -26.5, "text": "1.9 s"}]
})json";

// Another one, with the keys that the first leaves out.
inline constexpr const char* kManifestOfSeveralProcesses = R"json({
  // Comments are passed over.
  "schema": "leakbench/manifest",
  "schema_version": "1.1.0",
  "name": "cascading-timeout",
  "title": "An API asks two services",
  "command": ["{server}", "api", "--variant", "{variant}", "--port", "{port}",
              "--control-port", "{control_port}", "--user", "127.0.0.1:{port:user}"],
  "services": [
    {"name": "user", "command": ["{server}", "user", "--port={port}", "--slow={latency}",
                                 "--control-port={control_port}"]},
    {"name": "order", "command": ["{bin_dir}/order", "{port}", "{control_port:user}"]}
  ],
  "environment": {"LOG": "", "PEER": "{port:order}"},
  "working_folder": "work",
  "options": {"latency": "3s", "deadline": "2s"},
  "runtimes": [
    {"name": "cpp", "server": "{bin_dir}/leakbench-server", "metrics_source": "leakbench"},
    {"name": "go", "server": "{bin_dir}/leakbench-server-go",
     "metrics_source": ["leakbench", {"kind": "go", "pprof_path": "/pprof/", "expvar_path": "/v"}]}
  ],
  "requests": [
    {"path": "/a", "weight": 3},
    {"method": "POST", "path": "/b", "headers": {"X-A": "1", "X-B": ""}, "body": "{\"c\":1}"}
  ],
  "load": {"connections": 10, "requests": 100, "rounds": 5, "request_timeout": "7s",
           "aborts": ["20%@200ms:rst"], "accepted_statuses": [504, 404]},
  "settle": {"longest_task": "{latency}"},
  "variants": [{"name": "without-context", "expect": "leaking", "environment": {"LOG": "x"}},
               {"name": "with-context", "expect": "clean"}],
  "answer_within": "2.1s",
  "counters": [{"series": "wasted_ns_total{kind=\"a\"}", "label": "Wasted work", "unit": "ns"}]
})json";

// Of a server that runs already.
inline constexpr const char* kManifestOfAUrl = R"json({
  "schema": "leakbench/manifest",
  "schema_version": "1.1.0",
  "name": "mine",
  "title": "My service",
  "url": "http://127.0.0.2:8080",
  "control_port": 6060,
  "pid": 4711,
  "metrics_source": {"kind": "prometheus", "metrics_path": "/m", "live_tasks": "t{a=\"b\"}",
                     "heap_in_use": "h"},
  "load": {"connections": 10, "requests": 100},
  "settle": {"longest_task": "1s"},
  "variants": [{"name": "as-it-is", "expect": "clean"}]
})json";

// The valid manifest after a JSON merge patch (RFC 7386: null removes a key).
inline std::string patched_manifest(const char* patch, const char* base = kValidManifest) {
  auto manifest = nlohmann::json::parse(base, nullptr, true, true);
  manifest.merge_patch(nlohmann::json::parse(patch));
  return manifest.dump(2);
}

inline Manifest valid_manifest(const char* patch = "{}") {
  return parse_manifest(patched_manifest(patch), "scenario.json");
}

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_TEST_MANIFEST_H_
