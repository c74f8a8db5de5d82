// What being looked at costs a Go server with 20,000 goroutines: its CPU time with and without a
// sampler that spares it, and with one that does not. The figure that counts is the difference of
// the medians of target_cpu_% at hz:0 and at hz:20, sparing:1:
//
//   go_source_benchmark --benchmark_repetitions=3 --benchmark_enable_random_interleaving=true
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <thread>

#include "harness/probe/sampler.h"
#include "harness/probe/test_leaking_server.h"
#include "harness/target/cores.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

constexpr auto kWindow = 10s;
constexpr std::int64_t kGoroutines = 20'000;

std::unique_ptr<MetricsSource> go_source(std::uint16_t port, ReadingPace pace) {
  return make_metrics_source({{.kind = MetricsSourceKind::kGo}}, port, pace);
}

struct Target {
  Target() { pin_calling_thread(cores.generator_cores); }

  const CorePlan cores = plan_cores();
  LeakingServer server{{"-parked", std::to_string(kGoroutines)}, cores.server_cores};
};

void sampled_go_target(benchmark::State& state) {
  if (!leaking_server_was_built()) return state.SkipWithError(kNoLeakingServer);
  static Target target;
  const ProcProbe probe(target.server.process().pid());
  const auto pace = state.range(1) != 0 ? ReadingPace::kSparing : ReadingPace::kEveryTime;
  for (auto _ : state) {
    std::optional<Sampler> sampler;
    if (state.range(0) > 0) {
      std::vector<WatchedProcess> processes;
      processes.push_back({"main", ProcProbe(target.server.process().pid()),
                           go_source(target.server.port(), pace)});
      sampler.emplace(
          TargetProcesses(std::move(processes)), MachineProbe(target.cores.server_cores),
          [] { return GeneratorReading{}; }, std::chrono::nanoseconds(1s) / state.range(0));
    }
    const std::int64_t before = probe.read().cpu_ns.value();
    const auto start = std::chrono::steady_clock::now();
    std::this_thread::sleep_for(kWindow);
    const std::chrono::duration<double, std::nano> elapsed =
        std::chrono::steady_clock::now() - start;
    const std::int64_t spent = probe.read().cpu_ns.value() - before;
    std::int64_t known = 0;
    if (sampler) {
      for (const Sample& sample : sampler->samples()) {
        known += sample.metrics.live_tasks.has_value();
      }
    }
    state.SetIterationTime(elapsed.count() / 1e9);
    state.counters["target_cpu_%"] = 100 * static_cast<double>(spent) / elapsed.count();
    state.counters["readings"] = static_cast<double>(known);
  }
}
BENCHMARK(sampled_go_target)
    ->ArgNames({"hz", "sparing"})
    ->Args({0, 1})
    ->Args({20, 1})
    ->Args({20, 0})
    ->Iterations(1)
    ->UseManualTime();

// How long one call takes, the server's time included.
void one_call(benchmark::State& state) {
  if (!leaking_server_was_built()) return state.SkipWithError(kNoLeakingServer);
  static Target target;
  const auto source = go_source(target.server.port(), ReadingPace::kEveryTime);
  for (auto _ : state) {
    const auto live_tasks = state.range(0) == 0   ? source->read().live_tasks
                            : state.range(0) == 1 ? source->task_profile()->live_tasks
                                                  : source->full_task_profile()->live_tasks;
    if (live_tasks != kGoroutines) return state.SkipWithError("the target misses its goroutines");
  }
}
BENCHMARK(one_call)->ArgName("read_profile_full")->DenseRange(0, 2)->UseRealTime();

}  // namespace
}  // namespace leakbench
