// What the kernel says about a running process: memory, CPU, threads, open files.
#ifndef LEAKBENCH_HARNESS_PROBE_PROC_PROBE_H_
#define LEAKBENCH_HARNESS_PROBE_PROC_PROBE_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <vector>

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

// How the threads that are alive got along with the kernel's scheduler, summed. An ended thread
// takes its share with it, so that a sum may go down. nullopt where the kernel does not count, once
// the process has ended, and for a process of more than kMostScheduledThreads threads: two files of
// each thread have to be read, and half of a sum would be taken for the whole.
struct SchedulingReading {
  std::optional<std::int64_t> voluntary_switches;    // a thread had to wait for something
  std::optional<std::int64_t> involuntary_switches;  // another thread was to have the core
  std::optional<std::int64_t> run_queue_wait_ns;     // ready to run, without a core
};
inline constexpr std::size_t kMostScheduledThreads = 64;

// Never throws and never blocks. Holds on to the process, not to its number: when the number goes
// to another process, this one is still gone. Safe to use from several threads.
class ProcProbe {
 public:
  explicit ProcProbe(pid_t pid);

  // A few ten microseconds, whatever the size of the process.
  ProcReading read() const;

  // What read() has as cpu_ns, alone: one system call.
  std::optional<std::int64_t> read_cpu() const;

  // Some ten microseconds per thread, thus a millisecond or two at most.
  SchedulingReading read_scheduling() const;

  // Makes memory_peak_bytes start again from the present RSS. False when the kernel refuses.
  bool reset_memory_peak() const;

 private:
  std::optional<std::int64_t> read_fds() const;
  std::vector<std::string> list_threads() const;

  UniqueFd folder_;  // /proc/PID
  std::optional<clockid_t> cpu_clock_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_PROC_PROBE_H_
