#include <benchmark/benchmark.h>

#include "runtime/sync/channel.h"
#include "runtime/sync/select.h"
#include "runtime/task/test_scheduler.h"

namespace leakbench {
namespace {

task<> send_many(channel<int> ch, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) (void)co_await ch.send(background(), 1);
}

void BM_UnbufferedHandOff(benchmark::State& state) {
  TestScheduler scheduler;
  for (auto _ : state) {
    channel<int> ch;
    scheduler.go(send_many(ch, state.range(0)));
    scheduler.go([](channel<int> ch, std::int64_t count) -> task<> {
      for (std::int64_t i = 0; i < count; ++i) (void)co_await ch.receive(background());
    }(ch, state.range(0)));
    scheduler.run_until_idle();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_UnbufferedHandOff)->Arg(10'000);

void BM_SelectOfTwo(benchmark::State& state) {
  TestScheduler scheduler;
  for (auto _ : state) {
    channel<int> ch, never;
    scheduler.go(send_many(ch, state.range(0)));
    scheduler.go([](channel<int> ch, channel<int> never, std::int64_t count) -> task<> {
      std::optional<int> value, nothing;
      for (std::int64_t i = 0; i < count; ++i) {
        (void)co_await select(background(), on_receive(ch, value), on_receive(never, nothing));
      }
    }(ch, never, state.range(0)));
    scheduler.run_until_idle();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_SelectOfTwo)->Arg(10'000);

}  // namespace
}  // namespace leakbench
