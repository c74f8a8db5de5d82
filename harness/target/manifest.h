// What the harness knows of a scenario: how to start its server, what to ask of it, how long its
// work may take, and what each of its variants is expected to do. One format for our own scenarios,
// the Go servers and a user's own service.
#ifndef LEAKBENCH_HARNESS_TARGET_MANIFEST_H_
#define LEAKBENCH_HARNESS_TARGET_MANIFEST_H_

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leakbench {

// The options of a server by name, without the dashes: {"job-duration", "5s"}.
using Options = std::map<std::string, std::string>;

// The verdict that a variant must get. The leaking variant is the run's built-in control: a
// detector that does not fire on it measures nothing.
enum class Expectation { kClean, kLingering, kLeaking };
std::string_view to_string(Expectation expectation);  // "clean", "lingering", "leaking"

// Where counts of live tasks come from.
enum class MetricsSourceKind { kLeakbench, kNone };

struct ReadySpec {
  std::string path = "/healthz";  // on the control port; status 200 means ready
  std::chrono::nanoseconds timeout = std::chrono::seconds(10);
};

struct RequestSpec {
  std::string method = "GET";
  std::string path = "/";
};

struct LoadFigures {
  int connections = 0;
  std::int64_t requests = 0;
  std::int64_t warmup_requests = 0;
};

struct SettleSpec {
  std::string longest_task;  // a duration, or "{option}": then that option's value
  std::chrono::nanoseconds margin = std::chrono::seconds(2);
  std::chrono::nanoseconds linger_after = std::chrono::seconds(1);
};

struct VariantSpec {
  std::string name;
  Expectation expect = Expectation::kClean;
};

// A figure that somebody else published for this scenario; shown beside ours, never mixed with
// them.
struct PublishedFigure {
  std::string metric;  // not checked here: the report module knows which there are
  std::string label;
  std::optional<double> without;
  std::optional<double> with;
  std::optional<double> change_percent;
  std::string text;
};

// Only parse_manifest() makes one that is known to be valid.
struct Manifest {
  std::string origin;  // the manifest to a person: usually its file
  std::string name;
  std::string title;
  std::string headline;              // with {placeholders}: render_headline()
  std::vector<std::string> command;  // with {placeholders}: expand_command()
  Options options;                   // with their defaults
  ReadySpec ready;
  RequestSpec request;
  LoadFigures load;
  SettleSpec settle;
  MetricsSourceKind metrics_source = MetricsSourceKind::kNone;
  std::vector<VariantSpec> variants;
  std::vector<PublishedFigure> published;
};

// Both throw Error(ExitCode::kUsage) with the file, the JSON path and the reason on one line.
Manifest load_manifest(const std::filesystem::path& file);
Manifest parse_manifest(const std::string& text, const std::string& origin);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_MANIFEST_H_
