#include "harness/target/server_process.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>

#include "harness/target/control_client.h"
#include "harness/target/log_tail.h"
#include "harness/target/process_group.h"
#include "harness/target/spawn.h"
#include "harness/target/wording.h"
#include "runtime/time/duration.h"

namespace leakbench {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// A killed process is gone as soon as the kernel has freed its memory; only one that hangs in a
// device driver takes longer, and that one we cannot help.
constexpr std::chrono::seconds kKillBound{5};

Spawned start(const ServerSpec& spec) {
  try {
    return spawn({spec.command, spec.log_file, spec.cores, spec.environment});
  } catch (const SpawnError& error) {
    throw Error(ExitCode::kIncomplete,
                fmt::format("server for arm {} could not be started: {}", spec.arm, error.what()));
  }
}

timespec to_timespec(nanoseconds duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  return {static_cast<time_t>(seconds.count()), static_cast<long>((duration - seconds).count())};
}

}  // namespace

std::string_view to_string(StopReport::How how) {
  switch (how) {
    case StopReport::How::kGracefully:
      return "gracefully";
    case StopReport::How::kByForce:
      return "by-force";
    case StopReport::How::kWasGone:
      return "was-gone";
  }
  return "unknown";
}

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
  const auto deadline = Clock::now() + bound;
  while (!exit_status()) {
    const nanoseconds left = std::max(nanoseconds::zero(), nanoseconds(deadline - Clock::now()));
    const timespec timeout = to_timespec(left);
    pollfd ended{pidfd_.get(), POLLIN, 0};
    if (::ppoll(&ended, 1, &timeout, nullptr) == 0) return exit_status().has_value();
  }
  return true;
}

Error ServerProcess::unexpected_exit(std::string_view when) const {
  return Error(ExitCode::kIncomplete, fmt::format("server for arm {} {} {}; {}", spec_.arm,
                                                  describe(exit_status().value_or(ExitStatus{})),
                                                  when, describe_log(spec_.log_file)));
}

bool ServerProcess::wait_until_ready(std::uint16_t control_port, const std::string& path,
                                     nanoseconds bound, const std::function<bool()>& cancelled) {
  const auto deadline = Clock::now() + bound;
  ControlClient::Limits limits;
  limits.time =
      std::clamp(std::chrono::ceil<milliseconds>(bound), milliseconds(10), milliseconds(500));
  ControlClient client(control_port, limits);
  milliseconds pause(2);
  while (true) {
    if (cancelled()) return false;
    const ControlReply reply = client.get(path);
    // After the answer, so that a stranger who answers on the port does not pass for a server that
    // could not have it and ended.
    if (exit_status()) throw unexpected_exit("before it was ready");
    if (reply.status == 200) return true;
    if (Clock::now() >= deadline) {
      throw Error(
          ExitCode::kIncomplete,
          fmt::format("server for arm {} was not ready within {}: GET http://127.0.0.1:{}{} {}; {}",
                      spec_.arm, format_duration(bound), control_port, path,
                      reply.status != 0 ? fmt::format("answered {}", reply.status)
                                        : "gave " + reply.problem,
                      describe_log(spec_.log_file)));
    }
    wait_for_exit(std::min<nanoseconds>(pause, deadline - Clock::now()));
    pause = std::min(pause * 2, milliseconds(50));
  }
}

void ServerProcess::signal_group(int number) const { ::kill(-pid_, number); }

// The leader's children lose their parent; whoever adopts them reaps them. Until then they may
// still hold a port or a core that the next repetition needs.
void ServerProcess::wait_for_empty_group() const {
  const auto deadline = Clock::now() + std::chrono::seconds(1);
  while (group_runs(pid_) && Clock::now() < deadline) {
    const timespec moment = to_timespec(milliseconds(1));
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
