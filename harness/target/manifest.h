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
#include <utility>
#include <vector>

namespace leakbench {

// The options of a server by name, without the dashes: {"job-duration", "5s"}.
using Options = std::map<std::string, std::string>;

// The verdict that a variant must get. The leaking variant is the run's built-in control: a
// detector that does not fire on it measures nothing.
enum class Expectation { kClean, kLingering, kLeaking };
std::string_view to_string(Expectation expectation);  // "clean", "lingering", "leaking"

// Where counts from inside a server come from: our servers' control port, Go's net/http/pprof and
// expvar, any Prometheus text, or nowhere but the kernel.
enum class MetricsSourceKind { kLeakbench, kGo, kPrometheus, kNone };

// One source of a process, which answers on its control port. Of several the first that knows a
// figure gives it.
struct MetricsSourceSpec {
  MetricsSourceKind kind = MetricsSourceKind::kNone;
  std::string pprof_path = "/debug/pprof";  // kGo; without a slash at its end
  std::string expvar_path = "/debug/vars";  // kGo
  std::string metrics_path = "/metrics";    // kPrometheus
  // kPrometheus: a series as it is written, labels included; empty: whichever known one there is.
  std::string live_tasks_series = {};
  std::string heap_in_use_series = {};
};

struct ReadySpec {
  // On the control port; status 200 means ready. Empty: ready is who accepts connections there.
  std::string path = "/healthz";
  std::chrono::nanoseconds timeout = std::chrono::seconds(10);
};

struct RequestSpec {
  std::string method = "GET";
  std::string path = "/";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  int weight = 1;  // its share among the manifest's requests
};

struct LoadFigures {
  int connections = 0;
  std::int64_t requests = 0;  // per round
  std::int64_t warmup_requests = 0;
  int rounds = 1;
  std::chrono::nanoseconds request_timeout = std::chrono::seconds(30);
  std::vector<std::string> aborts;  // as --abort takes them: "20%@200ms:rst"
  // Statuses besides 2xx that are answers like any other, such as the 504 of a deadline.
  std::vector<int> accepted_statuses;
};

struct SettleSpec {
  std::string longest_task;  // a duration, or "{option}": then that option's value
  std::chrono::nanoseconds margin = std::chrono::seconds(2);
  std::chrono::nanoseconds linger_after = std::chrono::seconds(1);
};

// Leaks that a variant has by plan, so that it is a control of the detector.
struct PlantedLeaks {
  std::string per_1000_requests;  // a number, or "{option}": then that option's value
  std::string file;               // in the path of the source file that must be named
};

struct VariantSpec {
  std::string name;
  Expectation expect = Expectation::kClean;
  std::map<std::string, std::string> environment;  // over the manifest's
  std::optional<PlantedLeaks> planted;
};

// The same scenario written in another language: what {server} stands for in the commands, and
// where that kind of server is looked into.
struct RuntimeSpec {
  std::string name;    // "cpp", "go"; empty in a manifest that names none
  std::string server;  // with {bin_dir}; empty in a manifest that names none
  std::vector<MetricsSourceSpec> metrics_sources;  // at least one
};

// A further process of every target, started and ready before the main one, whose commands may name
// its ports: {port:NAME}, {control_port:NAME}. All live tasks of all processes count.
struct ServiceSpec {
  std::string name;
  std::vector<std::string> command;  // with {placeholders}, its own {port} and {control_port}
};

// A server that runs already and is neither started nor ended. All variants are asked at `port`.
struct ExternalTarget {
  std::uint32_t address = 0;  // in host order, of 127.0.0.0/8
  std::uint16_t port = 0;
  std::uint16_t control_port = 0;   // on 127.0.0.1; `port` where it has no other
  std::optional<std::int64_t> pid;  // none: memory and CPU are not measured
};

// A Prometheus counter of the scenario's own, of all processes together: what a request adds to it.
struct CounterSpec {
  std::string series;
  std::string label;  // its row in the table
  std::string unit;   // "ns", "bytes", "tasks", "requests/s", ... : a unit of metric_names.h
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
  std::string headline;  // with {placeholders}: render_headline()
  // Either: a server that is started, and what it needs beside it.
  std::vector<std::string> command;  // with {placeholders}: expand_command()
  std::vector<ServiceSpec> services;
  std::map<std::string, std::string> environment;  // of every process, over leakbench's own
  std::filesystem::path working_folder;            // of every process; empty: leakbench's own
  // Or: one that runs already.
  std::optional<ExternalTarget> external;

  Options options;                    // with their defaults
  ReadySpec ready;                    // of every process
  std::vector<RequestSpec> requests;  // at least one
  LoadFigures load;
  SettleSpec settle;
  std::vector<RuntimeSpec> runtimes;  // at least one; the first is the default
  std::vector<VariantSpec> variants;
  std::optional<std::chrono::nanoseconds>
      answer_within;  // a request's deadline: see in_time metrics
  std::vector<CounterSpec> counters;
  std::vector<PublishedFigure> published;
};

// Both throw Error(ExitCode::kUsage) with the file, the JSON path and the reason on one line. A
// relative working_folder starts at the manifest's own folder, which is `folder` of a text.
Manifest load_manifest(const std::filesystem::path& file);
Manifest parse_manifest(const std::string& text, const std::string& origin,
                        const std::filesystem::path& folder = {});

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_MANIFEST_H_
