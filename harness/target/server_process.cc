#include "harness/target/server_process.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <csignal>
#include <ctime>

#include "harness/target/log_tail.h"
#include "harness/target/pidfd.h"
#include "harness/target/process_group.h"
#include "harness/target/spawn.h"

namespace leakbench {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::nanoseconds;

// A killed process is gone as soon as the kernel has freed its memory; only one that hangs in a
// device driver takes longer, and that one we cannot help.
constexpr std::chrono::seconds kKillBound{5};

Spawned start(const ServerSpec& spec) {
  try {
    return spawn({spec.command, spec.log_file, spec.cores, spec.environment, spec.working_folder});
  } catch (const SpawnError& error) {
    throw Error(ExitCode::kIncomplete,
                fmt::format("server for arm {} could not be started: {}", spec.arm, error.what()));
  }
}

}  // namespace

ServerProcess::ServerProcess(ServerSpec spec) : spec_(std::move(spec)) {
  Spawned spawned = start(spec_);
  pid_ = spawned.pid;
  pidfd_ = std::move(spawned.pidfd);
}

ServerProcess::~ServerProcess() { stop(nanoseconds::zero()); }

// Leaves the ended leader unreaped: as long as it is there, neither its id nor that of its group
// can go to somebody else's process, so that signals and /proc reads never hit a stranger.
std::optional<ExitStatus> ServerProcess::peek_exit() const {
  siginfo_t info = {};
  const int result =
      ::waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), &info, WEXITED | WNOHANG | WNOWAIT);
  if (result != 0) return ExitStatus{};  // reaped by somebody else
  if (info.si_pid == 0) return std::nullopt;
  ExitStatus status;
  (info.si_code == CLD_EXITED ? status.code : status.signal) = info.si_status;
  return status;
}

std::optional<ExitStatus> ServerProcess::exit_status() const {
  return stopped_ ? stopped_->status : peek_exit();
}

bool ServerProcess::wait_for_exit(nanoseconds bound) const {
  return exit_status() || ends_within(pidfd_, bound);
}

std::string ServerProcess::description() const { return "server for arm " + spec_.arm; }

std::string ServerProcess::last_words() const { return describe_log(spec_.log_file); }

void ServerProcess::signal_group(int number) const { ::kill(-pid_, number); }

// The leader's children lose their parent; whoever adopts them reaps them. Until then they may
// still hold a port or a core that the next repetition needs.
void ServerProcess::wait_for_empty_group() const {
  const auto deadline = Clock::now() + std::chrono::seconds(1);
  while (group_runs(pid_) && Clock::now() < deadline) {
    const timespec moment{0, 1'000'000};
    ::nanosleep(&moment, nullptr);
  }
}

StopReport ServerProcess::stop(nanoseconds grace) {
  if (stopped_) return *stopped_;
  const auto start = Clock::now();
  StopReport report;
  if (!exit_status()) {
    report.how = StopReport::How::kByForce;
    if (grace > nanoseconds::zero()) {
      signal_group(SIGTERM);
      if (wait_for_exit(grace)) report.how = StopReport::How::kGracefully;
    }
  }
  // Also after a graceful end: the leader may have left children behind.
  signal_group(SIGKILL);
  wait_for_exit(kKillBound);
  report.status = exit_status().value_or(ExitStatus{});
  siginfo_t info = {};
  ::waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), &info, WEXITED | WNOHANG);
  wait_for_empty_group();
  report.took = Clock::now() - start;
  stopped_ = report;
  return report;
}

}  // namespace leakbench
