// leakbench-server: one variant of one scenario, on a port of its own, with its control port
// beside.
#include <fmt/format.h>
#include <pthread.h>
#include <sched.h>
#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "runtime/control/control_server.h"
#include "runtime/http/http_server.h"
#include "runtime/net/epoll_poller.h"
#include "runtime/task/scheduler.h"
#include "runtime/time/duration.h"
#include "scenarios/scenario.h"

namespace leakbench {
namespace {

constexpr int kExitUsage = 2;
constexpr int kExitPortInUse = 8;
constexpr int kLastPort = 65'535;

struct Arguments {
  std::string scenario;
  std::string variant;
  std::uint16_t port = 0;
  std::uint16_t control_port = 0;
  std::size_t workers = 0;
  std::string grace = "2s";
};

std::size_t allowed_cores() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (::sched_getaffinity(0, sizeof(cores), &cores) != 0) return 1;
  return static_cast<std::size_t>(CPU_COUNT(&cores));
}

std::string describe_scenarios() {
  std::string text = "Scenarios, their variants and options:\n";
  for (const Scenario& scenario : all_scenarios()) {
    ScenarioBuilder builder({});
    scenario.build(builder);
    text += fmt::format("  {}: {}\n", scenario.name, scenario.summary);
    for (const auto& variant : builder.variants()) {
      text += fmt::format("    --variant {}\n", variant.name);
    }
    for (const auto& option : builder.options()) {
      text += fmt::format("    --{} {}  {}\n", option.name, option.fallback, option.help);
    }
  }
  return text;
}

const Scenario& find_scenario(const std::string& name) {
  std::string names;
  for (const Scenario& scenario : all_scenarios()) {
    if (scenario.name == name) return scenario;
    names += (names.empty() ? "" : ", ") + std::string(scenario.name);
  }
  throw OptionError(name.empty() ? fmt::format("which scenario? known: {}", names)
                                 : fmt::format("no scenario \"{}\"; known: {}", name, names));
}

// What is left of the command line: "--name value" pairs of the scenario's own.
std::map<std::string, std::string> scenario_options(const std::vector<std::string>& words) {
  std::map<std::string, std::string> options;
  for (std::size_t i = 0; i < words.size(); i += 2) {
    if (!words[i].starts_with("--") || words[i].size() == 2) {
      throw OptionError(fmt::format("unexpected argument \"{}\"", words[i]));
    }
    if (i + 1 == words.size()) throw OptionError(fmt::format("{} needs a value", words[i]));
    options[words[i].substr(2)] = words[i + 1];
  }
  return options;
}

// Blocks the stopping signals here and in every thread started later; main then waits for one.
sigset_t block_stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

void serve(const ScenarioBuilder& scenario, const Arguments& arguments, Duration grace) {
  const ScenarioBuilder::Variant& variant = scenario.find_variant(arguments.variant);
  const sigset_t signals = block_stop_signals();
  Scheduler scheduler({.workers = arguments.workers != 0 ? arguments.workers : allowed_cores(),
                       .make_poller = make_epoll_poller});
  HttpServer server(scheduler, {.port = arguments.port, .deadline_from_header = true});
  server.handle("/", variant.handler, variant.location);
  const ControlServer control(scheduler, server, arguments.control_port, scenario.counters());
  server.start();
  fmt::print(stderr, "{} {}: port {}, control port {}, {} workers\n", arguments.scenario,
             arguments.variant, server.port(), control.port(), scheduler.worker_count());
  int signal = 0;
  ::sigwait(&signals, &signal);
  if (!server.shutdown(grace)) {
    fmt::print(stderr, "{} connections were still open after {}\n",
               server.counts().connections_open, format_duration(grace));
  }
}

int run(int argc, char** argv) {
  CLI::App app("Serves one variant of one leakbench scenario on 127.0.0.1.", "leakbench-server");
  app.footer(describe_scenarios);
  Arguments arguments;
  app.add_option("scenario", arguments.scenario, "Which scenario to serve");
  app.add_option("--variant", arguments.variant, "Which variant of it");
  app.add_option("--port", arguments.port, "Port for requests (default: any free one)")
      ->check(CLI::Range(0, kLastPort));
  app.add_option("--control-port", arguments.control_port,
                 "Port for /healthz, /metrics, /debug/{tasks,pause,cpu,heap,release} (default: any "
                 "free one)")
      ->check(CLI::Range(0, kLastPort));
  app.add_option("--workers", arguments.workers, "Worker threads (default: one per core allowed)")
      ->check(CLI::Range(0, 1024));
  app.add_option("--grace", arguments.grace, "Time for requests under way at SIGTERM")
      ->capture_default_str();
  app.allow_extras();
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    throw OptionError(error.what());
  }
  const Scenario& scenario = find_scenario(arguments.scenario);
  const auto grace = parse_duration(arguments.grace);
  if (!grace) {
    throw OptionError(
        fmt::format("--grace must be a duration such as 2s, is \"{}\"", arguments.grace));
  }
  ScenarioBuilder builder(scenario_options(app.remaining()));
  scenario.build(builder);
  builder.refuse_unknown_options();
  serve(builder, arguments, *grace);
  return 0;
}

}  // namespace
}  // namespace leakbench

int main(int argc, char** argv) {
  try {
    return leakbench::run(argc, argv);
  } catch (const leakbench::OptionError& error) {
    fmt::print(stderr, "leakbench-server: {} (see --help)\n", error.what());
    return leakbench::kExitUsage;
  } catch (const std::system_error& error) {
    fmt::print(stderr, "leakbench-server: {}\n", error.what());
    return error.code() == std::errc::address_in_use ? leakbench::kExitPortInUse : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "leakbench-server: {}\n", error.what());
    return 1;
  }
}
