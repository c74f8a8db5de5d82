// Starts one program as the leader of a process group of its own that dies with its parent.
#ifndef LEAKBENCH_HARNESS_TARGET_SPAWN_H_
#define LEAKBENCH_HARNESS_TARGET_SPAWN_H_

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "harness/target/unique_fd.h"

namespace leakbench {

struct SpawnPlan {
  // command[0] without a '/' is looked up in this process's PATH; a relative one with a '/' starts
  // at the working folder.
  std::vector<std::string> command;
  std::filesystem::path log_file;                       // stdout and stderr; emptied first
  std::vector<int> cores;                               // empty: those of the calling thread
  std::map<std::string, std::string> environment = {};  // over this process's own
  std::filesystem::path working_folder = {};            // empty: this process's own
};

struct Spawned {
  pid_t pid = -1;
  UniqueFd pidfd;
};

// The reason alone, as a clause: "command not found: foo".
class SpawnError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Why the program of such a command cannot be started, as far as that can be told without starting
// it: a clause; empty when nothing is known against it.
std::string program_problem(const std::string& program,
                            const std::filesystem::path& working_folder);

// When this returns, the program runs (its exec has succeeded). The child gets default signal
// actions, no blocked signal, /dev/null as stdin, and no other descriptor of this process. The
// kernel kills it when the *thread* that called spawn() ends: call it from one that outlives the
// program. Throws SpawnError, and leaves no process behind then. The caller reaps the process.
Spawned spawn(const SpawnPlan& plan);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_SPAWN_H_
