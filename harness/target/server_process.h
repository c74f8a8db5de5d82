// A target that is started here: one server of one arm, from its start to the last process of its
// group.
#ifndef LEAKBENCH_HARNESS_TARGET_SERVER_PROCESS_H_
#define LEAKBENCH_HARNESS_TARGET_SERVER_PROCESS_H_

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/target/target.h"
#include "harness/target/unique_fd.h"

namespace leakbench {

struct ServerSpec {
  std::string arm;                   // how errors name it
  std::vector<std::string> command;  // see expand_command()
  std::filesystem::path log_file;    // takes stdout and stderr; its folder exists
  std::vector<int> cores;            // empty: not pinned
  std::map<std::string, std::string> environment = {};  // over this process's own
  std::filesystem::path working_folder = {};            // empty: this process's own
};

// The server runs in a process group of its own and is killed by the kernel when the thread that
// constructed this object ends: construct it on one that lives longer. pid() is thread safe.
class ServerProcess final : public Target {
 public:
  // Starts the server. Throws Error(kIncomplete) when it cannot be executed.
  explicit ServerProcess(ServerSpec spec);
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  // Kills the whole group if it still runs.
  ~ServerProcess() override;

  pid_t pid() const { return pid_; }
  const ServerSpec& spec() const { return spec_; }

  std::optional<pid_t> measured_pid() const override { return pid_; }
  std::optional<ExitStatus> exit_status() const override;
  bool wait_for_exit(std::chrono::nanoseconds bound) const override;
  // When this returns, no process of the group runs any more.
  StopReport stop(std::chrono::nanoseconds grace) override;

 private:
  std::string description() const override;
  std::string last_words() const override;
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
