#include <benchmark/benchmark.h>

#include <vector>

#include "runtime/task/sleep.h"
#include "runtime/task/test_scheduler.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

task<> nothing() { co_return; }

void BM_StartAndFinishATask(benchmark::State& state) {
  TestScheduler scheduler;
  for (auto _ : state) {
    for (int i = 0; i < state.range(0); ++i) scheduler.go(nothing());
    scheduler.run_until_idle();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_StartAndFinishATask)->Arg(10'000);

void BM_GoFromATask(benchmark::State& state) {
  TestScheduler scheduler;
  for (auto _ : state) {
    scheduler.go([](std::int64_t count) -> task<> {
      for (std::int64_t i = 0; i < count; ++i) go(nothing());
      co_return;
    }(state.range(0)));
    scheduler.run_until_idle();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_GoFromATask)->Arg(10'000);

void BM_ParkOnATimerAndAContextThenCancel(benchmark::State& state) {
  TestScheduler scheduler;
  for (auto _ : state) {
    auto [ctx, cancel] = with_cancel(background());
    for (int i = 0; i < state.range(0); ++i) {
      scheduler.go([](Context ctx) -> task<> { (void)co_await sleep_for(ctx, 1h); }(ctx));
    }
    scheduler.run_until_idle();
    cancel();
    scheduler.run_until_idle();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_ParkOnATimerAndAContextThenCancel)->Arg(10'000);

void BM_AwaitATask(benchmark::State& state) {
  TestScheduler scheduler;
  for (auto _ : state) {
    scheduler.go([](std::int64_t count) -> task<> {
      for (std::int64_t i = 0; i < count; ++i) co_await nothing();
    }(state.range(0)));
    scheduler.run_until_idle();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_AwaitATask)->Arg(10'000);

}  // namespace
}  // namespace leakbench
