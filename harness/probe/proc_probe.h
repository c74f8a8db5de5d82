// What the kernel says about a running process: memory, CPU, threads, open files.
#ifndef LEAKBENCH_HARNESS_PROBE_PROC_PROBE_H_
#define LEAKBENCH_HARNESS_PROBE_PROC_PROBE_H_

#include <sys/types.h>

#include <cstdint>
#include <ctime>
#include <optional>

#include "harness/target/unique_fd.h"

namespace leakbench {

// nullopt where the kernel does not say, and everywhere once the process has ended (a zombie
// included).
struct ProcReading {
  std::optional<std::int64_t> rss_bytes;          // VmRSS
  std::optional<std::int64_t> memory_peak_bytes;  // VmHWM: largest RSS since the start or a reset
  std::optional<std::int64_t> cpu_ns;             // user + system, of all threads, ended ones too
  std::optional<std::int64_t> threads;
  std::optional<std::int64_t> fds;  // Linux 6.2 and later
};

// Never throws and never blocks. Holds on to the process, not to its number: when the number goes
// to another process, this one is still gone. Safe to use from several threads.
class ProcProbe {
 public:
  explicit ProcProbe(pid_t pid);

  // A few ten microseconds, whatever the size of the process.
  ProcReading read() const;

  // Makes memory_peak_bytes start again from the present RSS. False when the kernel refuses.
  bool reset_memory_peak() const;

 private:
  std::optional<std::int64_t> read_cpu() const;
  std::optional<std::int64_t> read_fds() const;

  UniqueFd folder_;  // /proc/PID
  std::optional<clockid_t> cpu_clock_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_PROC_PROBE_H_
