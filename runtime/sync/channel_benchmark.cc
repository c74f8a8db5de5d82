#include "runtime/sync/channel.h"

#include <benchmark/benchmark.h>

#include <optional>

#include "runtime/benchmark/drivers.h"
#include "runtime/sync/select.h"

namespace leakbench {
namespace {

task<> send_many(channel<int> ch, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) (void)co_await ch.send(background(), 1);
}

task<> receive_many(channel<int> ch, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    benchmark::DoNotOptimize(co_await ch.receive(background()));
  }
}

// A sender and a receiver on one worker.
task<> hand_over(std::size_t capacity, std::int64_t count) {
  channel<int> ch(capacity);
  go(send_many(ch, count));
  co_await receive_many(ch, count);
}

void BM_UnbufferedHandOff(benchmark::State& state) {
  constexpr std::int64_t kCount = 100'000;
  Drivers drivers(state.range(0));
  measure(state, drivers.count() * kCount,
          [&] { drivers.run([](std::int64_t) { return hand_over(0, kCount); }); });
}
BENCHMARK(BM_UnbufferedHandOff)->Apply(on_one_and_two_workers);

// The sender on one worker, the receiver on the other: each hand-off wakes a thread.
void BM_UnbufferedHandOffAcrossWorkers(benchmark::State& state) {
  constexpr std::int64_t kCount = 5'000;
  Drivers drivers(state.range(0));
  measure(state, kCount, [&] {
    channel<int> ch;
    drivers.run([&](std::int64_t worker) {
      return worker == 0 ? send_many(ch, kCount) : receive_many(ch, kCount);
    });
  });
}
BENCHMARK(BM_UnbufferedHandOffAcrossWorkers)->ArgName("workers")->Arg(2)->MeasureProcessCPUTime();

void BM_BufferedHandOff(benchmark::State& state) {
  constexpr std::int64_t kCount = 200'000;
  Drivers drivers(state.range(1));
  measure(state, drivers.count() * kCount, [&, capacity = state.range(0)] {
    drivers.run(
        [capacity](std::int64_t) { return hand_over(static_cast<std::size_t>(capacity), kCount); });
  });
}
BENCHMARK(BM_BufferedHandOff)
    ->ArgNames({"capacity", "workers"})
    ->ArgsProduct({{128}, {1, 2}})
    ->MeasureProcessCPUTime();

void BM_SelectOfTwo(benchmark::State& state) {
  constexpr std::int64_t kCount = 100'000;
  Drivers drivers(state.range(0));
  measure(state, drivers.count() * kCount, [&] {
    drivers.run([](std::int64_t) -> task<> {
      channel<int> ch, never;
      go(send_many(ch, kCount));
      std::optional<int> value, nothing;
      for (std::int64_t i = 0; i < kCount; ++i) {
        (void)co_await select(background(), on_receive(ch, value), on_receive(never, nothing));
      }
    });
  });
}
BENCHMARK(BM_SelectOfTwo)->Apply(on_one_and_two_workers);

}  // namespace
}  // namespace leakbench
