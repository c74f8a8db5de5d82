#include "harness/run/target_group.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "harness/base/error.h"
#include "harness/target/exit_status.h"
#include "harness/target/external_server.h"
#include "harness/target/log_tail.h"
#include "harness/target/options.h"
#include "harness/target/ports.h"
#include "harness/target/server_process.h"
#include "harness/target/spawn.h"
#include "harness/target/wording.h"

namespace leakbench {
namespace {

// What a program exits with that refuses its command line.
constexpr int kExitUsage = 2;

// "--set job-duration=abc --set step=1s"
std::string list_given(const Options& options) {
  std::string text;
  for (const auto& [name, value] : options) {
    text += fmt::format("{}--set {}={}", text.empty() ? "" : " ", name, value);
  }
  return one_line(text);
}

// How many its processes take.
std::size_t ports_of(const Manifest& manifest) { return 2 * (manifest.services.size() + 1); }

// With `ports` for every process.
CommandValues command_values(const RunPlan& plan, const Arm& arm,
                             const std::vector<std::uint16_t>& ports) {
  const Manifest& manifest = arm.manifest;
  CommandValues values{.bin_dir = arm.bin_dir.empty() ? own_folder() : arm.bin_dir,
                       .variant = arm.variant.name,
                       .port = plan.port.value_or(ports[0]),
                       .control_port = plan.control_port.value_or(ports[1]),
                       .options = plan.options,
                       .server = arm.runtime.server};
  if (!has_control_port(manifest)) values.control_port = values.port;
  std::size_t next = 2;
  for (const ServiceSpec& service : manifest.services) {
    ProcessPorts own{ports[next], ports[next + 1]};
    if (!has_control_port(manifest, &service)) own.control_port = own.port;
    values.services[service.name] = own;
    next += 2;
  }
  return values;
}

// `what` starts it, "the command" of the server or of a service.
void check_program(const Arm& arm, const std::string& what, const std::string& program) {
  const Manifest& manifest = arm.manifest;
  const std::string problem = program_problem(program, manifest.working_folder);
  if (problem.empty()) return;
  throw Error(ExitCode::kUsage,
              fmt::format("{} cannot be started: {}; build or install it, or correct {} in {}",
                          arm.name, problem, what, manifest.origin));
}

}  // namespace

void check_programs(const RunPlan& plan) {
  for (const Arm& arm : plan.arms) {
    const Manifest& manifest = arm.manifest;
    if (manifest.external) continue;
    std::error_code error;
    if (!manifest.working_folder.empty() &&
        !std::filesystem::is_directory(manifest.working_folder, error)) {
      throw Error(ExitCode::kUsage,
                  fmt::format("{}: /working_folder: there is no folder {}", manifest.origin,
                              one_line(manifest.working_folder.string())));
    }
    const std::vector<std::uint16_t> no_ports(ports_of(manifest));
    const CommandValues values = command_values(plan, arm, no_ports);
    for (const ServiceSpec& service : manifest.services) {
      check_program(arm, fmt::format("the command of service {}", service.name),
                    expand_command(manifest, values, service).front());
    }
    check_program(arm, "the command", expand_command(manifest, values).front());
  }
}

TargetGroup::TargetGroup(const RunPlan& plan, const Arm& arm, const Place& place,
                         const CorePlan& cores)
    : plan_(plan), arm_(arm), place_(place), cores_(cores) {}

std::filesystem::path TargetGroup::log_of(std::string_view process) const {
  const std::string name =
      process == kMainProcess ? arm_.name : fmt::format("{}.{}", arm_.name, process);
  return place_.folder.path() / RunFolder::log_file(place_.repetition, name);
}

bool TargetGroup::start(const std::function<bool()>& cancelled) {
  if (const auto& external = arm_.manifest.external) {
    address_ = {external->address, external->port};
    processes_.push_back({std::string(kMainProcess),
                          external->control_port,
                          std::make_unique<ExternalServer>(*external),
                          {}});
    return wait_until_ready(cancelled);
  }
  try {
    return start_all(cancelled);
  } catch (const Error& error) {
    refuse_options(error);
  }
}

bool TargetGroup::start_all(const std::function<bool()>& cancelled) {
  const Manifest& manifest = arm_.manifest;
  const CommandValues values = command_values(plan_, arm_, pick_free_ports(ports_of(manifest)));
  address_.port = values.port;
  for (const ServiceSpec& service : manifest.services) {
    if (!start_process(service.name, expand_command(manifest, values, service),
                       expand_environment(manifest, values, &service),
                       values.services.at(service.name).control_port, cancelled)) {
      return false;
    }
  }
  return start_process(kMainProcess, expand_command(manifest, values),
                       expand_environment(manifest, values), values.control_port, cancelled);
}

bool TargetGroup::start_process(std::string_view name, const std::vector<std::string>& command,
                                std::map<std::string, std::string> environment,
                                std::uint16_t control_port,
                                const std::function<bool()>& cancelled) {
  const std::string shown =
      name == kMainProcess ? arm_.name : fmt::format("{} ({})", arm_.name, name);
  processes_.push_back({std::string(name), control_port,
                        std::make_unique<ServerProcess>(
                            ServerSpec{shown, command, log_of(name), cores_.server_cores,
                                       std::move(environment), arm_.manifest.working_folder}),
                        command});
  return wait_until_ready(cancelled);
}

bool TargetGroup::wait_until_ready(const std::function<bool()>& cancelled) {
  const ReadySpec& ready = arm_.manifest.ready;
  const Process& last = processes_.back();
  if (!last.server->wait_until_ready(last.control_port, ready.path, ready.timeout, cancelled)) {
    return false;
  }
  // A control port that says so before the server listens has said it too early.
  return last.name != kMainProcess ||
         last.server->wait_until_ready(address_.port, "", ready.timeout, cancelled);
}

// A program that ends with the status of usage errors has not taken what the user asked for.
void TargetGroup::refuse_options(const Error& otherwise) const {
  if (processes_.empty()) throw otherwise;
  const Process& last = processes_.back();
  const auto status = last.server->exit_status();
  if (plan_.given_options.empty() || !status || status->code != kExitUsage) throw otherwise;
  const auto last_words = log_tail(log_of(last.name), 1);
  throw Error(ExitCode::kUsage,
              fmt::format("the server does not take {}: {}", list_given(plan_.given_options),
                          last_words.empty() ? "it " + describe(*status) : last_words.front()));
}

std::vector<pid_t> TargetGroup::pids() const {
  std::vector<pid_t> pids;
  for (const Process& process : processes_) {
    if (const auto pid = process.server->measured_pid()) pids.push_back(*pid);
  }
  return pids;
}

TargetProcesses TargetGroup::watch(ReadingPace pace) const {
  std::vector<WatchedProcess> watched;
  for (const Process& process : processes_) {
    const auto pid = process.server->measured_pid();
    watched.push_back(
        {process.name, pid ? std::optional<ProcProbe>(*pid) : std::nullopt,
         make_metrics_source(arm_.runtime.metrics_sources, process.control_port, pace)});
  }
  return TargetProcesses(std::move(watched));
}

std::optional<Error> TargetGroup::unexpected_exit(std::string_view when) const {
  for (const Process& process : processes_) {
    if (process.server->exit_status()) return process.server->unexpected_exit(when);
  }
  return std::nullopt;
}

std::optional<Error> TargetGroup::wait_for_unexpected_exit(std::string_view when,
                                                           std::chrono::nanoseconds bound) const {
  for (const Process& process : processes_) {
    if (process.server->wait_for_exit(bound / processes_.size())) {
      return process.server->unexpected_exit(when);
    }
  }
  return std::nullopt;
}

void TargetGroup::stop(std::chrono::nanoseconds grace) {
  for (auto process = processes_.rbegin(); process != processes_.rend(); ++process) {
    const StopReport stopped = process->server->stop(grace);
    if (process->name == kMainProcess) server_stopped_ = stopped;
  }
}

TargetReport TargetGroup::report() const {
  TargetReport report;
  report.cores = cores_.server_cores;
  report.generator_cores = cores_.generator_cores;
  report.options.assign(plan_.options.begin(), plan_.options.end());
  if (processes_.empty() || processes_.back().name != kMainProcess) return report;
  const Process& main = processes_.back();
  report.command = main.command;
  report.pid = main.server->measured_pid();
  if (!server_stopped_ || server_stopped_->how == StopReport::How::kLeftAlone) return report;
  if (server_stopped_->how != StopReport::How::kWasGone) {
    report.stopped = server_stopped_->how == StopReport::How::kGracefully ? StopKind::kGracefully
                                                                          : StopKind::kByForce;
  }
  report.exit_code = server_stopped_->status.code;
  report.exit_signal = server_stopped_->status.signal;
  return report;
}

std::vector<ProcessReport> TargetGroup::process_reports() const {
  std::vector<ProcessReport> reports;
  if (processes_.size() < 2) return reports;
  for (const Process& process : processes_) {
    ProcessReport report;
    report.name = process.name;
    report.pid = process.server->measured_pid();
    reports.push_back(std::move(report));
  }
  return reports;
}

}  // namespace leakbench
