#include "runtime/control/cpu_profiler.h"

#ifdef LEAKBENCH_CPU_PROFILER
#include <fmt/format.h>
#include <gperftools/profiler.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "runtime/control/onlooker.h"
#endif

namespace leakbench {

#ifdef LEAKBENCH_CPU_PROFILER
namespace {

// gperftools writes to a file by name; this one has no place on a disk, and goes with the object.
class MemoryFile {
 public:
  MemoryFile() : fd_(::memfd_create("cpu-profile", MFD_CLOEXEC)) {}
  ~MemoryFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  bool is_open() const { return fd_ >= 0; }
  std::string name() const { return fmt::format("/proc/self/fd/{}", fd_); }

  std::string content() const {
    struct stat status {};
    if (::fstat(fd_, &status) != 0) return {};
    std::string text(static_cast<std::size_t>(status.st_size), '\0');
    std::size_t length = 0;
    while (length < text.size()) {
      const ssize_t count =
          ::pread(fd_, text.data() + length, text.size() - length, static_cast<off_t>(length));
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) break;
      length += static_cast<std::size_t>(count);
    }
    text.resize(length);
    return text;
  }

 private:
  const int fd_;
};

// Called in a signal handler.
int belongs_to_the_server(void*) { return this_thread_looks_on ? 0 : 1; }

}  // namespace

ProfileAnswer CpuProfiler::take(Duration duration) {
  using Kind = ProfileAnswer::Kind;
  std::unique_lock lock(mutex_);
  if (stopped_) return {Kind::kNotNow, "the server is about to end"};
  // The library takes one at a time, also one that CPUPROFILE had it start.
  if (running_ || ::ProfilingIsEnabledForAllThreads() != 0) {
    return {Kind::kNotNow, "a CPU profile is being taken already; wait until it ends"};
  }
  const MemoryFile file;
  ::ProfilerOptions options{};
  options.filter_in_thread = belongs_to_the_server;
  if (!file.is_open() || ::ProfilerStartWithOptions(file.name().c_str(), &options) == 0) {
    return {Kind::kNotNow, "the CPU profiler did not start; see what the server printed"};
  }
  running_ = true;
  changed_.wait_for(lock, duration, [this] { return stopped_; });
  ::ProfilerStop();
  running_ = false;
  return {Kind::kTaken, file.content()};
}

#else

ProfileAnswer CpuProfiler::take(Duration) {
  return {ProfileAnswer::Kind::kUnavailable,
          "no CPU profiles in a build with a sanitizer; profile one of cmake --preset release"};
}

#endif

void CpuProfiler::stop() {
  const std::lock_guard guard(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

}  // namespace leakbench
