#include "harness/run/exit_watch.h"

#include <algorithm>
#include <utility>

#include "harness/probe/proc_probe.h"
#include "harness/run/interrupt.h"

namespace leakbench {
namespace {

bool one_has_ended(const std::vector<ProcProbe>& processes) {
  return std::any_of(processes.begin(), processes.end(),
                     [](const ProcProbe& process) { return !process.read().rss_bytes; });
}

}  // namespace

ExitWatch::ExitWatch(const Context& parent, const std::vector<pid_t>& processes, Duration interval)
    : watched_(with_cancel(parent)), looking_(with_cancel(watched_.context)) {
  if (processes.empty()) return;
  std::vector<ProcProbe> probes;
  for (const pid_t pid : processes) probes.emplace_back(pid);
  thread_ = std::thread([this, interval, probes = std::move(probes)] {
    while (sleep_unless_done(looking_.context, interval)) {
      if (one_has_ended(probes)) watched_.cancel();
    }
  });
}

ExitWatch::~ExitWatch() {
  looking_.cancel();
  if (thread_.joinable()) thread_.join();
}

}  // namespace leakbench
