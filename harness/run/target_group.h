// The target of one repetition: every process of its arm, from the start of the first to the end of
// the last.
#ifndef LEAKBENCH_HARNESS_RUN_TARGET_GROUP_H_
#define LEAKBENCH_HARNESS_RUN_TARGET_GROUP_H_

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/probe/target_processes.h"
#include "harness/report/repetition_report.h"
#include "harness/report/run_folder.h"
#include "harness/run/run_plan.h"
#include "harness/target/cores.h"
#include "harness/target/manifest_load.h"
#include "harness/target/target.h"

namespace leakbench {

// The name of the process that requests go to; the others have their services' names.
inline constexpr std::string_view kMainProcess = "main";

// Throws Error(kUsage) for the first program of the plan's arms that is not there or cannot be
// executed.
void check_programs(const RunPlan& plan);

// Used by one thread, which outlives it.
class TargetGroup {
 public:
  // Where its logs go, and under which names.
  struct Place {
    const RunFolder& folder;
    int repetition = 1;
  };

  // What it refers to must outlive it. Starts nothing yet.
  TargetGroup(const RunPlan& plan, const Arm& arm, const Place& place, const CorePlan& cores);

  // Starts the services one after the other and then the server, each when the one before is ready;
  // of a server that runs already only waits for that. False as soon as `cancelled` says so. Throws
  // Error: kIncomplete when one of them does not get ready, kUsage when the server does not take
  // the options that were asked for.
  bool start(const std::function<bool()>& cancelled);

  // Where requests go.
  LoadAddress address() const { return address_; }
  // Of the server: nullopt where it is not known.
  std::optional<pid_t> pid() const { return processes_.back().server->measured_pid(); }
  std::uint16_t control_port() const { return processes_.back().control_port; }
  // Of all processes, as far as they are known.
  std::vector<pid_t> pids() const;
  std::filesystem::path log_file() const { return log_of(kMainProcess); }

  // The started processes with connections of their own to the control ports.
  TargetProcesses watch(ReadingPace pace) const;

  // The error to report when one of them has ended.
  std::optional<Error> unexpected_exit(std::string_view when) const;
  // The same, after waiting so long for an end that is about to be seen.
  std::optional<Error> wait_for_unexpected_exit(std::string_view when,
                                                std::chrono::nanoseconds bound) const;

  // Of what was started here: the server first, then the services in the opposite order of their
  // start.
  void stop(std::chrono::nanoseconds grace);

  // What is known of the server so far.
  TargetReport report() const;
  // The names of the processes and their ids, in the order of watch(); empty for a single one.
  std::vector<ProcessReport> process_reports() const;

 private:
  struct Process {
    std::string name;
    std::uint16_t control_port = 0;
    std::unique_ptr<Target> server;
    std::vector<std::string> command;  // empty: somebody else has started it
  };

  bool start_all(const std::function<bool()>& cancelled);
  bool start_process(std::string_view name, const std::vector<std::string>& command,
                     std::map<std::string, std::string> environment, std::uint16_t control_port,
                     const std::function<bool()>& cancelled);
  bool wait_until_ready(const std::function<bool()>& cancelled);
  std::filesystem::path log_of(std::string_view process) const;
  [[noreturn]] void refuse_options(const Error& otherwise) const;

  const RunPlan& plan_;
  const Arm& arm_;
  const Place place_;
  const CorePlan& cores_;
  LoadAddress address_;
  std::vector<Process> processes_;  // in the order of their start; the server is the last
  std::optional<StopReport> server_stopped_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_TARGET_GROUP_H_
