#include "harness/probe/proc_probe.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <string>
#include <string_view>

namespace leakbench {
namespace {

// The content of a small /proc file; empty when the process is gone.
std::string read_file(int folder, const char* name) {
  const UniqueFd file(::openat(folder, name, O_RDONLY | O_CLOEXEC));
  std::string content(8 << 10, '\0');
  const ssize_t length = file ? ::read(file.get(), content.data(), content.size()) : -1;
  content.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
  return content;
}

// What follows "KEY:" at the start of a line, without the blanks before it.
std::string_view field(std::string_view status, std::string_view key) {
  for (std::size_t at = 0; at < status.size();) {
    const std::size_t end = std::min(status.find('\n', at), status.size());
    const std::string_view line = status.substr(at, end - at);
    if (line.size() > key.size() && line.substr(0, key.size()) == key && line[key.size()] == ':') {
      const std::size_t value = line.find_first_not_of(" \t", key.size() + 1);
      return value == std::string_view::npos ? std::string_view() : line.substr(value);
    }
    at = end + 1;
  }
  return {};
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> bytes(std::string_view kibibytes) {
  const auto value = number(kibibytes);
  if (!value) return std::nullopt;
  return *value * 1024;
}

using Folder = std::unique_ptr<DIR, int (*)(DIR*)>;

Folder open_folder(int parent, const char* name) {
  const int fd = ::openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* folder = fd >= 0 ? ::fdopendir(fd) : nullptr;  // owns the descriptor from here
  if (!folder && fd >= 0) ::close(fd);
  return {folder, &::closedir};
}

bool is_over(std::string_view state) {
  return state.empty() || state.front() == 'Z' || state.front() == 'X';
}

void add(std::optional<std::int64_t>& sum, std::optional<std::int64_t> value) {
  if (value) sum = sum.value_or(0) + *value;
}

// "RAN WAITED TURNS", the first two in nanoseconds. All three are 0 where the kernel does not
// count: a thread that is there has run.
std::optional<std::int64_t> waited_ns(std::string_view schedstat) {
  const std::size_t blank = schedstat.find(' ');
  if (blank == std::string_view::npos || number(schedstat).value_or(0) == 0) return std::nullopt;
  return number(schedstat.substr(blank + 1));
}

}  // namespace

ProcProbe::ProcProbe(pid_t pid)
    : folder_(::open(("/proc/" + std::to_string(pid)).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
  clockid_t clock;
  if (::clock_getcpuclockid(pid, &clock) == 0) cpu_clock_ = clock;
}

ProcReading ProcProbe::read() const {
  ProcReading reading;
  const std::string status = read_file(folder_.get(), "status");
  if (is_over(field(status, "State"))) return reading;
  reading.rss_bytes = bytes(field(status, "VmRSS"));
  reading.memory_peak_bytes = bytes(field(status, "VmHWM"));
  reading.threads = number(field(status, "Threads"));
  reading.cpu_ns = read_cpu();
  reading.fds = read_fds();
  return reading;
}

// The clock of the process, because the alternatives lie: /proc/PID/schedstat is of one thread
// only, the sum over task/* loses threads that have ended, and /proc/PID/stat counts ticks of 10
// ms.
std::optional<std::int64_t> ProcProbe::read_cpu() const {
  timespec time;
  if (!cpu_clock_ || ::clock_gettime(*cpu_clock_, &time) != 0) return std::nullopt;
  return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec;
}

// Since Linux 6.2 the size of /proc/PID/fd is the number of open files; before, it is 0. Listing
// the folder instead takes milliseconds at 10,000 connections, too much for every sample.
std::optional<std::int64_t> ProcProbe::read_fds() const {
  struct stat status;
  if (::fstatat(folder_.get(), "fd", &status, 0) != 0 || status.st_size == 0) return std::nullopt;
  return status.st_size;
}

// Names of folders below /proc/PID, "task/123": all threads, or none when there are too many.
std::vector<std::string> ProcProbe::list_threads() const {
  std::vector<std::string> threads;
  const Folder folder = open_folder(folder_.get(), "task");
  if (!folder) return threads;
  while (const dirent* entry = ::readdir(folder.get())) {
    if (entry->d_name[0] == '.') continue;
    if (threads.size() == kMostScheduledThreads) return {};
    threads.push_back(std::string("task/") + entry->d_name);
  }
  return threads;
}

// /proc/PID/status and /proc/PID/schedstat are of the first thread only.
SchedulingReading ProcProbe::read_scheduling() const {
  SchedulingReading sum;
  for (const std::string& thread : list_threads()) {
    const std::string status = read_file(folder_.get(), (thread + "/status").c_str());
    if (is_over(field(status, "State"))) continue;  // it has ended since it was listed
    add(sum.voluntary_switches, number(field(status, "voluntary_ctxt_switches")));
    add(sum.involuntary_switches, number(field(status, "nonvoluntary_ctxt_switches")));
    add(sum.run_queue_wait_ns,
        waited_ns(read_file(folder_.get(), (thread + "/schedstat").c_str())));
  }
  return sum;
}

bool ProcProbe::reset_memory_peak() const {
  const UniqueFd file(::openat(folder_.get(), "clear_refs", O_WRONLY | O_CLOEXEC));
  return file && ::write(file.get(), "5", 1) == 1;
}

}  // namespace leakbench
