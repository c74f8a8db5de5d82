// Wait for a value or for the end of the context, whatever comes first.
#include <fmt/core.h>

#include <optional>

#include "runtime/sync/select.h"
#include "runtime/task/sleep.h"
#include "runtime/task/test_scheduler.h"

using namespace leakbench;
using namespace std::chrono_literals;

task<> produce(Context ctx, channel<int> out) {
  for (int value = 1; value <= 2; ++value) (void)co_await out.send(ctx, value);
}

task<> consume(Context ctx, channel<int> in) {
  while (true) {
    std::optional<int> value;
    const Selected chosen = co_await leakbench::select(ctx, on_receive(in, value));
    if (chosen.failure) {
      fmt::print("stopped: {}\n", chosen.failure.message());
      co_return;
    }
    fmt::print("value {}\n", *value);
  }
}

task<> run() {
  auto [ctx, cancel] = with_timeout(background(), 1s);
  channel<int> values;
  go(consume(ctx, values), "consume");
  go(produce(ctx, values), "produce");
  fmt::print("done: {}\n", (co_await done(ctx)).message());
}

int main() {
  TestScheduler scheduler;
  scheduler.go(run(), "main");
  scheduler.advance(2s);
}
