#include <benchmark/benchmark.h>

#include <vector>

#include "runtime/context/context.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

void BM_WithCancelAndCancel(benchmark::State& state) {
  auto [parent, cancel_parent] = with_cancel(background());
  for (auto _ : state) {
    auto [ctx, cancel] = with_cancel(parent);
    cancel();
    benchmark::DoNotOptimize(ctx);
  }
}
BENCHMARK(BM_WithCancelAndCancel);

void BM_WithTimeoutAndCancel(benchmark::State& state) {
  SteadyClock clock;
  TimerQueue timers(clock);
  auto [parent, cancel_parent] = with_cancel(background());
  for (auto _ : state) {
    auto [ctx, cancel] = with_timeout(parent, 1h, &timers);
    cancel();
    benchmark::DoNotOptimize(ctx);
  }
}
BENCHMARK(BM_WithTimeoutAndCancel);

void BM_CancelAParentOfManyChildren(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    state.PauseTiming();
    auto parent = with_cancel(background());
    std::vector<Cancellable> children;
    for (std::size_t i = 0; i < count; ++i) children.push_back(with_cancel(parent.context));
    state.ResumeTiming();
    parent.cancel();
    state.PauseTiming();
    children.clear();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_CancelAParentOfManyChildren)->Arg(10'000);

void BM_ErrOfALiveContext(benchmark::State& state) {
  auto [ctx, cancel] = with_cancel(background());
  for (auto _ : state) benchmark::DoNotOptimize(ctx.err());
}
BENCHMARK(BM_ErrOfALiveContext);

void BM_ValueAtDepth(benchmark::State& state) {
  static constexpr ContextKey<int> kWanted{"wanted"};
  static constexpr ContextKey<int> kOther{"other"};
  Context ctx = with_value(background(), kWanted, 1);
  for (int i = 1; i < state.range(0); ++i) ctx = with_value(ctx, kOther, i);
  for (auto _ : state) benchmark::DoNotOptimize(ctx.value(kWanted));
}
BENCHMARK(BM_ValueAtDepth)->Arg(10)->Arg(100);

}  // namespace
}  // namespace leakbench
