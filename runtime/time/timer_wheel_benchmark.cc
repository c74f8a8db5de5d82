#include "runtime/time/timer_wheel.h"

#include <benchmark/benchmark.h>

#include <random>
#include <vector>

namespace leakbench {
namespace {

std::vector<std::uint64_t> random_ticks(std::size_t count) {
  std::mt19937_64 random(1);
  std::vector<std::uint64_t> ticks(count);
  for (auto& tick : ticks) tick = 1 + random() % 1'000'000;
  return ticks;
}

void BM_InsertAndRemove(benchmark::State& state) {
  const auto ticks = random_ticks(static_cast<std::size_t>(state.range(0)));
  std::vector<WheelEntry> entries(ticks.size());
  TimerWheel wheel;
  for (auto _ : state) {
    for (std::size_t i = 0; i < ticks.size(); ++i) wheel.insert(entries[i], ticks[i]);
    for (WheelEntry& entry : entries) wheel.remove(entry);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(ticks.size()));
}
BENCHMARK(BM_InsertAndRemove)->Arg(10'000);

void BM_InsertAndFire(benchmark::State& state) {
  const auto ticks = random_ticks(static_cast<std::size_t>(state.range(0)));
  std::vector<WheelEntry> entries(ticks.size());
  for (auto _ : state) {
    TimerWheel wheel;
    for (std::size_t i = 0; i < ticks.size(); ++i) wheel.insert(entries[i], ticks[i]);
    wheel.advance(1'000'000);
    while (wheel.due().pop_front() != nullptr) {
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(ticks.size()));
}
BENCHMARK(BM_InsertAndFire)->Arg(10'000);

}  // namespace
}  // namespace leakbench
