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

// The valid manifest after a JSON merge patch (RFC 7386: null removes a key).
inline std::string patched_manifest(const char* patch) {
  nlohmann::json manifest = nlohmann::json::parse(kValidManifest);
  manifest.merge_patch(nlohmann::json::parse(patch));
  return manifest.dump(2);
}

inline Manifest valid_manifest(const char* patch = "{}") {
  return parse_manifest(patched_manifest(patch), "scenario.json");
}

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_TEST_MANIFEST_H_
