#include "harness/target/cores.h"

#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

namespace leakbench {
namespace {

struct FreeCpuSet {
  void operator()(cpu_set_t* set) const { CPU_FREE(set); }
};

}  // namespace

std::vector<int> allowed_cores() {
  constexpr int kMostCores = 1 << 16;
  // The kernel refuses a mask that is smaller than its own, whose size it does not tell.
  for (int cores = CPU_SETSIZE; cores <= kMostCores; cores *= 2) {
    const std::unique_ptr<cpu_set_t, FreeCpuSet> set(CPU_ALLOC(cores));
    const std::size_t bytes = CPU_ALLOC_SIZE(cores);
    if (::sched_getaffinity(::getpid(), bytes, set.get()) != 0) {
      if (errno == EINVAL) continue;
      return {};
    }
    std::vector<int> allowed;
    for (int core = 0; core < cores; ++core) {
      if (CPU_ISSET_S(static_cast<std::size_t>(core), bytes, set.get())) allowed.push_back(core);
    }
    return allowed;
  }
  return {};
}

CorePlan plan_cores(const std::vector<int>& allowed) {
  if (allowed.empty()) return {{}, {}, true};
  if (allowed.size() == 1) return {allowed, allowed, true};
  return {{allowed[0]}, {allowed[1]}, false};
}

CorePlan plan_cores() { return plan_cores(allowed_cores()); }

bool pin_calling_thread(const std::vector<int>& cores) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int core : cores) {
    if (core < 0 || core >= CPU_SETSIZE) return false;
    CPU_SET(core, &set);
  }
  return ::sched_setaffinity(0, sizeof set, &set) == 0;
}

}  // namespace leakbench
