// What runs, and how it is looked into.
#include <algorithm>
#include <array>
#include <limits>
#include <set>

#include "harness/base/error.h"
#include "harness/load/load_url.h"
#include "harness/target/manifest_pieces.h"

namespace leakbench {
namespace {

constexpr std::int64_t kLastPort = 65'535;

Options read_options(const JsonView& view) {
  // What --requests and {port} mean is taken.
  constexpr std::array kLoadFigures = {"connections", "requests"};
  constexpr std::array kPlaceholders = {"variant", "port", "server"};
  Options options;
  for (const auto& [name, value] : view.members()) {
    const auto allowed = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    };
    if (name.empty() || name.front() == '-' || !std::all_of(name.begin(), name.end(), allowed)) {
      value.fail("an option's name has only small letters, digits and '-' (not first), is " +
                 in_quotes(name));
    }
    if (std::find(kLoadFigures.begin(), kLoadFigures.end(), name) != kLoadFigures.end()) {
      value.fail("is the name of a load figure: choose another one");
    }
    if (std::find(kPlaceholders.begin(), kPlaceholders.end(), name) != kPlaceholders.end()) {
      value.fail("is the name of a placeholder: choose another one");
    }
    options[name] = value.text();
  }
  return options;
}

std::vector<ServiceSpec> read_services(const JsonView& view) {
  std::vector<ServiceSpec> services;
  std::set<std::string> names;
  for (const JsonView& element : view.elements()) {
    element.expect_object({"name", "command"});
    ServiceSpec service;
    service.name = read_name(element.at("name"));
    service.command = read_command(element.at("command"));
    if (!names.insert(service.name).second) {
      element.at("name").fail("a service " + in_quotes(service.name) + " exists already");
    }
    services.push_back(std::move(service));
  }
  return services;
}

std::vector<RuntimeSpec> read_runtimes(const JsonView& view) {
  std::vector<RuntimeSpec> runtimes;
  std::set<std::string> names;
  for (const JsonView& element : view.elements()) {
    element.expect_object({"name", "server", "metrics_source"});
    RuntimeSpec runtime;
    runtime.name = read_name(element.at("name"));
    runtime.server = element.at("server").text();
    runtime.metrics_sources = read_metrics_sources(element.at("metrics_source"));
    if (!names.insert(runtime.name).second) {
      element.at("name").fail("a runtime " + in_quotes(runtime.name) + " exists already");
    }
    runtimes.push_back(std::move(runtime));
  }
  if (runtimes.empty()) view.fail("must name at least one runtime");
  return runtimes;
}

void read_started(const JsonView& document, const std::filesystem::path& folder,
                  Manifest* manifest) {
  manifest->command = read_command(document.at("command"));
  for (const char* key : {"pid", "control_port"}) {
    if (const auto view = document.find(key)) {
      view->fail("belongs to a server that runs already, at a url; this one is started");
    }
  }
  if (const auto services = document.find("services")) {
    manifest->services = read_services(*services);
  }
  if (const auto environment = document.find("environment")) {
    manifest->environment = read_environment(*environment);
  }
  if (const auto working_folder = document.find("working_folder")) {
    manifest->working_folder =
        (std::filesystem::current_path() / folder / working_folder->text()).lexically_normal();
  }
  if (const auto options = document.find("options")) manifest->options = read_options(*options);
}

LoadUrl read_url(const JsonView& view) {
  try {
    return parse_load_url(view.line());
  } catch (const Error& error) {
    view.fail(error.what());
  }
}

ExternalTarget read_external(const JsonView& document) {
  const JsonView url = document.at("url");
  for (const char* key :
       {"command", "services", "environment", "working_folder", "options", "runtimes"}) {
    if (const auto view = document.find(key)) {
      view->fail("is for a server that is started; the one at the url runs already");
    }
  }
  ExternalTarget target;
  const LoadUrl parsed = read_url(url);
  if (parsed.target != "/") url.fail("must have no path: the requests have theirs");
  target.address = parsed.address;
  target.port = parsed.port;
  target.control_port = target.port;
  if (const auto port = document.find("control_port")) {
    target.control_port = static_cast<std::uint16_t>(port->whole_number(1, kLastPort));
  }
  if (const auto pid = document.find("pid")) {
    target.pid = pid->whole_number(1, std::numeric_limits<std::int32_t>::max());
  }
  return target;
}

// What answers 200 wherever there is such a source; nothing of no source: then the server is ready
// when it accepts connections.
std::string ready_path_of(const MetricsSourceSpec& source) {
  switch (source.kind) {
    case MetricsSourceKind::kLeakbench:
      return "/healthz";
    case MetricsSourceKind::kGo:
      return source.pprof_path + "/";
    case MetricsSourceKind::kPrometheus:
      return source.metrics_path;
    case MetricsSourceKind::kNone:
      break;
  }
  return "";
}

bool has_no_source(const Manifest& manifest) {
  return manifest.runtimes.front().metrics_sources.front().kind == MetricsSourceKind::kNone;
}

ReadySpec read_ready(const JsonView& view, ReadySpec ready) {
  view.expect_object({"path", "timeout"});
  if (const auto path = view.find("path")) ready.path = read_request_target(*path);
  if (const auto timeout = view.find("timeout")) {
    ready.timeout = timeout->duration();
    if (ready.timeout.count() == 0) timeout->fail("must be longer than 0s");
  }
  return ready;
}

}  // namespace

void read_target(const JsonView& document, const std::filesystem::path& folder,
                 Manifest* manifest) {
  if (document.find("url")) {
    manifest->external = read_external(document);
  } else {
    read_started(document, folder, manifest);
  }
  const auto runtimes = document.find("runtimes");
  if (const auto source = document.find("metrics_source"); source && runtimes) {
    source->fail("each of the runtimes has its own");
  }
  if (runtimes) {
    manifest->runtimes = read_runtimes(*runtimes);
  } else {
    manifest->runtimes = {{"", "", read_metrics_sources(document.at("metrics_source"))}};
  }
  manifest->ready.path = ready_path_of(manifest->runtimes.front().metrics_sources.front());
  if (const auto port = document.find("control_port"); port && has_no_source(*manifest)) {
    port->fail("is where the metrics source answers, and there is none");
  }
  if (const auto ready = document.find("ready")) {
    manifest->ready = read_ready(*ready, manifest->ready);
  }
}

}  // namespace leakbench
