#include "harness/run/tool_run.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <iterator>
#include <system_error>

#include "harness/target/exit_status.h"
#include "harness/target/log_tail.h"
#include "harness/target/spawn.h"
#include "runtime/time/clock.h"
#include "runtime/time/duration.h"

namespace leakbench {
namespace {

class ScratchFile {
 public:
  explicit ScratchFile(std::filesystem::path path) : path_(std::move(path)) {}
  ~ScratchFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  std::string content() const {
    std::ifstream stream(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

 private:
  const std::filesystem::path path_;
};

// Whether it has ended by itself within `bound` and before `ctx` was done.
bool ends(const Spawned& spawned, Duration bound, const Context& ctx) {
  constexpr Duration kLook = std::chrono::milliseconds(50);
  const SteadyClock clock;
  const TimePoint deadline = clock.now() + bound;
  while (!ctx.is_done() && clock.now() < deadline) {
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(
        std::min<Duration>(kLook, deadline - clock.now()));
    pollfd ended{spawned.pidfd.get(), POLLIN, 0};
    if (::poll(&ended, 1, static_cast<int>(wait.count())) > 0) return true;
  }
  return false;
}

// Ends what is left of its group, which is no longer ours to signal once it is reaped.
ExitStatus reap(const Spawned& spawned) {
  ::kill(-spawned.pid, SIGKILL);
  siginfo_t info = {};
  while (::waitid(P_PIDFD, static_cast<id_t>(spawned.pidfd.get()), &info, WEXITED) != 0 &&
         errno == EINTR) {
  }
  ExitStatus status;
  (info.si_code == CLD_EXITED ? status.code : status.signal) = info.si_status;
  return status;
}

}  // namespace

ToolOutput run_tool(const std::vector<std::string>& command,
                    const std::map<std::string, std::string>& environment,
                    const std::filesystem::path& scratch, Duration bound, const Context& ctx) {
  const ScratchFile file(scratch);
  Spawned spawned;
  try {
    spawned = spawn({command, scratch, {}, environment});
  } catch (const SpawnError& error) {
    return {std::nullopt, error.what(), false};
  }
  const bool ended = ends(spawned, bound, ctx);
  const ExitStatus status = reap(spawned);
  if (!ended) {
    return {std::nullopt,
            ctx.is_done()
                ? command.front() + " was interrupted"
                : fmt::format("{} did not end within {}", command.front(), format_duration(bound)),
            true};
  }
  if (status.code != 0) {
    const auto last_words = log_tail(scratch, 1);
    return {std::nullopt,
            fmt::format("{} {}{}", command.front(), describe(status),
                        last_words.empty() ? "" : ": " + last_words.front()),
            true};
  }
  return {file.content(), "", true};
}

}  // namespace leakbench
