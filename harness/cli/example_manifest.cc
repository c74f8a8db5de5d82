#include "harness/cli/example_manifest.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string_view>

namespace leakbench {
namespace {

constexpr std::string_view kHead =
    R"(// What leakbench is to do with a service of yours. Comments such as this one may stay.
{
  "schema": "leakbench/manifest",
  "schema_version": "1.1.0",

  // In the names of result folders, and above the results.
  "name": "my-service",
  "title": "My service",

)";

constexpr std::string_view kCommandWithControlPort =
    R"(  // How to start it, word by word and without a shell. {port} and {control_port} stand for free
  // ports, new ones for each start. A service with one port for everything has {port} alone.
  "command": [
    "./my-service", "--listen", "127.0.0.1:{port}", "--control", "127.0.0.1:{control_port}"
  ],
)";

constexpr std::string_view kCommandWithPort =
    R"(  // How to start it, word by word and without a shell. {port} stands for a free port, a new one for
  // each start.
  "command": ["./my-service", "--listen", "127.0.0.1:{port}"],
)";

constexpr std::string_view kSurroundings =
    R"(  // Where it runs, from the folder of this file; "./my-service" above is looked for there, too.
  "working_folder": ".",
  // Beside what leakbench itself was given; such as "PORT": "{port}".
  "environment": {},

)";

constexpr std::string_view kRequests =
    R"(  // What to ask. Several requests are sent as often as their weights say; a request may also have
  // "headers": {"Accept": "text/html"} and a "body".
  "requests": [
    {"method": "GET", "path": "/", "weight": 1}
  ],

  // Five rounds, of so many requests each, in one process: what leaks grows from round to round.
  "load": {
    "connections": 50,
    "requests": 1000,
    "warmup_requests": 200,
    "rounds": 5,
    "request_timeout": "30s"
    // "aborts": ["10%@200ms"]      one client in ten gives up after 200 ms
    // "accepted_statuses": [504]   besides 2xx
  },

  // How long a task may rightly live on after its request was answered. What is there after
  // longest_task and margin was not meant to be.
  "settle": {"longest_task": "1s", "margin": "2s", "linger_after": "1s"},

)";

constexpr std::string_view kExpectation =
    R"(  // What you expect: "clean", "lingering" or "leaking". Another verdict is exit status 4.
)";

constexpr std::string_view kExpectationWithoutSource =
    R"(  // What you expect: "clean", "lingering" or "leaking". As long as nothing counts the tasks, whether
  // that is so stays open: every run ends "inconclusive", and with exit status 4. It still measures, and
  // scripts/compare.py holds two builds against each other by what it measured.
)";

constexpr std::string_view kOfAStartedServer =
    R"(  // Each variant may have an "environment" of its own, and its name stands where {variant} is in the
  // command.
)";

constexpr std::string_view kVariants =
    R"(  "variants": [
    {"name": "as-it-is", "expect": "clean"}
  ]
}
)";

std::string target_at(const std::string& url, bool has_source) {
  std::string text = fmt::format(
      "  // The server that runs already: it is asked, and neither started nor ended.\n"
      "  \"url\": {},\n"
      "  // Its process: without it memory and CPU are not measured.\n"
      "  // \"pid\": 12345,\n",
      nlohmann::json(url).dump());
  if (has_source) {
    text +=
        "  // The port on 127.0.0.1 that the metrics source below answers on, if it is another "
        "one.\n"
        "  // \"control_port\": 6060,\n";
  }
  return text + "\n";
}

std::string_view source_of(MetricsSourceKind kind) {
  switch (kind) {
    case MetricsSourceKind::kGo:
      return R"(  // Goroutines are counted by net/http/pprof, and the heap by it or by expvar, on the control port.
  "metrics_source": {
    "kind": "go",
    "pprof_path": "/debug/pprof",
    "expvar_path": "/debug/vars"
  },

)";
    case MetricsSourceKind::kPrometheus:
      return R"(  // Tasks and heap bytes are read from this Prometheus text, on the control port. The series of the
  // usual clients (Go, JVM, Node, tokio, Python) are known; name another one by "live_tasks" and
  // "heap_in_use", with its labels.
  "metrics_source": {
    "kind": "prometheus",
    "metrics_path": "/metrics"
    // "live_tasks": "my_workers{state=\"busy\"}"
  },

)";
    case MetricsSourceKind::kLeakbench:
      return R"(  // The control port of a server that is written with leakbench's own runtime.
  "metrics_source": "leakbench",

)";
    case MetricsSourceKind::kNone:
      break;
  }
  return R"(  // Nothing counts this service's tasks: only times, memory, CPU, threads and descriptors are
  // measured, and whether it leaks stays open.
  "metrics_source": "none",

)";
}

}  // namespace

std::string example_manifest(MetricsSourceKind kind, const std::string& url) {
  const bool has_source = kind != MetricsSourceKind::kNone;
  std::string text(kHead);
  if (url.empty()) {
    text += has_source ? kCommandWithControlPort : kCommandWithPort;
    text += kSurroundings;
  } else {
    text += target_at(url, has_source);
  }
  text += source_of(kind);
  text += kRequests;
  text += has_source ? kExpectation : kExpectationWithoutSource;
  if (url.empty()) text += kOfAStartedServer;
  text += kVariants;
  return text;
}

}  // namespace leakbench
