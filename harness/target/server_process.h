// The target: one running server of one arm, from its start to the last process of its group.
#ifndef LEAKBENCH_HARNESS_TARGET_SERVER_PROCESS_H_
#define LEAKBENCH_HARNESS_TARGET_SERVER_PROCESS_H_

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/error.h"
#include "harness/target/exit_status.h"
#include "harness/target/unique_fd.h"

namespace leakbench {

struct ServerSpec {
  std::string arm;                   // how errors name it
  std::vector<std::string> command;  // see expand_command()
  std::filesystem::path log_file;    // takes stdout and stderr; its folder exists
  std::vector<int> cores;            // empty: not pinned
  std::map<std::string, std::string> environment = {};  // over leakbench's own
};

struct StopReport {
  enum class How {
    kGracefully,  // ended within the grace after SIGTERM
    kByForce,     // needed SIGKILL
    kWasGone      // had ended by itself before
  };
  How how = How::kWasGone;
  ExitStatus status;
  std::chrono::nanoseconds took{0};
};
std::string_view to_string(StopReport::How how);  // "gracefully", "by-force", "was-gone"

// The server runs in a process group of its own and is killed by the kernel when the thread that
// constructed this object ends: construct it on one that lives longer. Not thread safe, except
// pid(). No call blocks longer than the bound that it is given (plus a second or two for the
// kernel).
class ServerProcess {
 public:
  // Starts the server. Throws Error(kIncomplete) when it cannot be executed.
  explicit ServerProcess(ServerSpec spec);
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  // Kills the whole group if it still runs.
  ~ServerProcess();

  pid_t pid() const { return pid_; }
  const ServerSpec& spec() const { return spec_; }

  // Asks GET http://127.0.0.1:control_port`path` until it answers 200. Returns false as soon as
  // `cancelled` (asked several times a second) says so. Throws Error(kIncomplete) when the server
  // ends first, or is not ready within `bound`.
  bool wait_until_ready(
      std::uint16_t control_port, const std::string& path, std::chrono::nanoseconds bound,
      const std::function<bool()>& cancelled = [] { return false; });

  // How it ended; nullopt while it runs. Does not block.
  std::optional<ExitStatus> exit_status() const;

  // True when the server has ended within `bound`.
  bool wait_for_exit(std::chrono::nanoseconds bound) const;

  // The error to report when exit_status() has a value where it should not: `when` completes
  // "server for arm A exited with status 3 ...", such as "while requests were in flight".
  Error unexpected_exit(std::string_view when) const;

  // SIGTERM to the group, and SIGKILL to what is left of it after `grace`. When this returns, no
  // process of the group runs any more. A second call returns the first one's report.
  StopReport stop(std::chrono::nanoseconds grace);

 private:
  std::optional<ExitStatus> peek_exit() const;
  void signal_group(int number) const;
  void wait_for_empty_group() const;

  const ServerSpec spec_;
  pid_t pid_ = -1;  // of the leader, and the id of the group
  UniqueFd pidfd_;
  std::optional<StopReport> stopped_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_SERVER_PROCESS_H_
