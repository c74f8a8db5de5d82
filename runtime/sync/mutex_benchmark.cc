#include "runtime/sync/mutex.h"

#include <benchmark/benchmark.h>

#include "runtime/benchmark/drivers.h"

namespace leakbench {
namespace {

// Uncontended: each worker has a mutex of its own.
void BM_MutexLockAndUnlock(benchmark::State& state) {
  constexpr std::int64_t kCount = 500'000;
  Drivers drivers(state.range(0));
  measure(state, drivers.count() * kCount, [&] {
    drivers.run([](std::int64_t) -> task<> {
      mutex m;
      for (std::int64_t i = 0; i < kCount; ++i) {
        const auto lock = co_await m.lock();
        benchmark::ClobberMemory();
      }
    });
  });
}
BENCHMARK(BM_MutexLockAndUnlock)->Apply(on_one_and_two_workers);

}  // namespace
}  // namespace leakbench
