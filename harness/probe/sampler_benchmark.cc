// What being looked at costs a target: the CPU time of a server with 100,000 live tasks, with and
// without a sampler. The figure that counts is the difference of the two medians of target_cpu_%:
//
//   sampler_benchmark --benchmark_repetitions=5 --benchmark_enable_random_interleaving=true
#include <benchmark/benchmark.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <thread>

#include "harness/probe/sampler.h"
#include "harness/target/cores.h"
#include "runtime/control/control_server.h"
#include "runtime/net/epoll_poller.h"
#include "runtime/task/sleep.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kTasks = 100'000;
constexpr auto kWindow = 5s;

task<> sleep_long(Context ctx) { (void)co_await sleep_for(ctx, 1h); }

// Writes the control port to `pipe` once all tasks are alive, and stays.
[[noreturn]] void serve(int pipe) {
  Scheduler scheduler({.workers = 1, .make_poller = make_epoll_poller});
  HttpServer server(scheduler, {});
  const ControlServer control(scheduler, server, 0);
  for (std::size_t i = 0; i < kTasks; ++i) scheduler.go(sleep_long(background()), "sleeper");
  const std::uint16_t port = control.port();
  if (::write(pipe, &port, sizeof port) != sizeof port) ::_exit(1);
  for (;;) ::pause();
}

// Forked before this process has a second thread, on a core of its own where there are two.
class Target {
 public:
  Target() : cores_(plan_cores()) {
    int ends[2];
    if (::pipe(ends) != 0) std::abort();
    pid_ = ::fork();
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      pin_calling_thread(cores_.server_cores);
      serve(ends[1]);
    }
    ::close(ends[1]);
    if (::read(ends[0], &port_, sizeof port_) != sizeof port_) std::abort();
    ::close(ends[0]);
    pin_calling_thread(cores_.generator_cores);
  }
  ~Target() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

  ProcProbe probe() const { return ProcProbe(pid_); }
  MachineProbe machine() const { return MachineProbe(cores_.server_cores); }
  TargetProcesses watched() const {
    std::vector<WatchedProcess> processes;
    processes.push_back(
        {"main", probe(), make_metrics_source({{.kind = MetricsSourceKind::kLeakbench}}, port_)});
    return TargetProcesses(std::move(processes));
  }

 private:
  const CorePlan cores_;
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
};

void sampled_target(benchmark::State& state) {
  static const Target target;
  const ProcProbe probe = target.probe();
  const ProcProbe own(::getpid());
  for (auto _ : state) {
    std::optional<Sampler> sampler;
    if (state.range(0) > 0) {
      sampler.emplace(
          target.watched(), target.machine(), [] { return GeneratorReading{}; },
          std::chrono::nanoseconds(1s) / state.range(0));
      std::this_thread::sleep_for(200ms);  // the first connection is not what is measured
    }
    const std::size_t samples_before = sampler ? sampler->samples().size() : 0;
    const std::int64_t target_before = probe.read().cpu_ns.value();
    const std::int64_t own_before = own.read().cpu_ns.value();
    const auto start = std::chrono::steady_clock::now();
    std::this_thread::sleep_for(kWindow);
    const std::chrono::duration<double, std::nano> elapsed =
        std::chrono::steady_clock::now() - start;
    const std::int64_t target_ns = probe.read().cpu_ns.value() - target_before;
    const std::int64_t own_ns = own.read().cpu_ns.value() - own_before;
    if (sampler && sampler->latest()->metrics.live_tasks != static_cast<std::int64_t>(kTasks)) {
      state.SkipWithError("the target does not say that its tasks are alive");
      break;
    }
    state.SetIterationTime(elapsed.count() / 1e9);
    state.counters["target_cpu_%"] = 100 * static_cast<double>(target_ns) / elapsed.count();
    state.counters["sampler_cpu_%"] = 100 * static_cast<double>(own_ns) / elapsed.count();
    state.counters["samples"] =
        static_cast<double>((sampler ? sampler->samples().size() : 0) - samples_before);
  }
}
BENCHMARK(sampled_target)->ArgName("hz")->Arg(0)->Arg(20)->Iterations(1)->UseManualTime();

}  // namespace
}  // namespace leakbench
