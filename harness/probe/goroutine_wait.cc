#include "harness/probe/goroutine_wait.h"

#include "harness/probe/go_function.h"

namespace leakbench {
namespace {

struct WaitName {
  std::string_view go;  // a function, or a state
  std::string_view name;
};

// sync.runtime_Semacquire is missing with reason: until Go 1.23 both a wait group and a read lock
// went through it, and the call around it tells which.
constexpr WaitName kCalls[] = {
    {"runtime.chanrecv1", "channel receive"},
    {"runtime.chanrecv2", "channel receive"},
    {"runtime.chansend1", "channel send"},
    {"runtime.selectgo", "select"},
    {"runtime.block", "select"},  // select {}
    {"time.Sleep", "timer"},
    {"internal/poll.runtime_pollWait", "io"},
    {"internal/poll.runtime_Semacquire", "mutex"},  // of a descriptor
    {"internal/sync.runtime_SemacquireMutex", "mutex"},
    {"sync.runtime_SemacquireMutex", "mutex"},
    {"sync.runtime_SemacquireRWMutexR", "mutex"},
    {"sync.runtime_SemacquireRWMutex", "mutex"},
    {"sync.(*Mutex).Lock", "mutex"},
    {"sync.(*RWMutex).RLock", "mutex"},
    {"sync.(*RWMutex).Lock", "mutex"},
    {"sync.runtime_SemacquireWaitGroup", "wait group"},
    {"sync.(*WaitGroup).Wait", "wait group"},
    {"sync.runtime_notifyListWait", "condition"},
    {"os/signal.signal_recv", "system call"},  // as a dump calls it
    {"runtime.coroswitch", "coroutine"},
    {"runtime.cgocall", "system call"},
    {"syscall.Syscall", "system call"},
    {"syscall.Syscall6", "system call"},
    {"syscall.RawSyscall", "system call"},
    {"syscall.RawSyscall6", "system call"},
    {"internal/runtime/syscall.Syscall6", "system call"},
};

constexpr WaitName kStatuses[] = {
    {"chan receive", "channel receive"},
    {"chan receive (nil chan)", "channel receive"},
    {"chan send", "channel send"},
    {"chan send (nil chan)", "channel send"},
    {"select", "select"},
    {"select (no cases)", "select"},
    {"sleep", "timer"},
    {"IO wait", "io"},
    {"sync.Mutex.Lock", "mutex"},
    {"sync.RWMutex.RLock", "mutex"},
    {"sync.RWMutex.Lock", "mutex"},
    {"sync.WaitGroup.Wait", "wait group"},
    {"sync.Cond.Wait", "condition"},
    {"syscall", "system call"},
    {"running", "runnable"},
    {"runnable", "runnable"},
    {"preempted", "runnable"},
    {"copystack", "runnable"},
    {"idle", "runnable"},
};

template <std::size_t kSize>
std::string_view find_name(const WaitName (&names)[kSize], std::string_view go) {
  for (const WaitName& entry : names) {
    if (entry.go == go) return entry.name;
  }
  return {};
}

std::string_view find_wait(const std::vector<const GoFrame*>& calls) {
  for (const GoFrame* call : calls) {
    if (const auto name = find_name(kCalls, call->function); !name.empty()) return name;
    if (!is_waiting_function(call->function)) break;  // what is behind it is done waiting
  }
  return {};
}

}  // namespace

std::string_view wait_of_calls(const std::vector<const GoFrame*>& calls,
                               bool runtime_calls_hidden) {
  if (const auto name = find_wait(calls); !name.empty()) return name;
  const bool parked = !calls.empty() && calls.front()->function == "runtime.gopark";
  return runtime_calls_hidden || parked ? "unknown" : "runnable";
}

std::string wait_of_status(std::string_view status, const std::vector<const GoFrame*>& calls) {
  if (const auto name = find_name(kStatuses, status); !name.empty()) return std::string(name);
  if (status == "semacquire") {
    const auto name = find_wait(calls);
    return std::string(name.empty() ? "semaphore" : name);
  }
  return std::string(status);
}

}  // namespace leakbench
