#include "runtime/context/context.h"

#include <benchmark/benchmark.h>

#include <array>
#include <chrono>
#include <memory>
#include <vector>

#include "runtime/benchmark/drivers.h"
#include "runtime/benchmark/parked_tasks.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

constexpr ContextKey<int> kWanted{"wanted"};
constexpr ContextKey<int> kOther{"other"};

// `wanted` at the bottom, with `layers` - 1 other values above it.
Context layers_of_values(Context ctx, std::int64_t layers) {
  ctx = with_value(ctx, kWanted, 1);
  for (std::int64_t i = 1; i < layers; ++i) ctx = with_value(ctx, kOther, 2);
  return ctx;
}

// Derives a context from one that is live, with `derive`, and cancels it.
template <typename Derive>
void derive_and_cancel(benchmark::State& state, Derive derive) {
  constexpr std::int64_t kCount = 100'000;
  Drivers drivers(state.range(0));
  measure(state, drivers.count() * kCount, [&] {
    drivers.run([&](std::int64_t) {
      return [](Derive derive) -> task<> {
        const auto parent = with_cancel(background());
        for (std::int64_t i = 0; i < kCount; ++i) {
          auto [ctx, cancel] = derive(parent.context);
          cancel();
          benchmark::DoNotOptimize(ctx);
        }
        co_return;
      }(derive);
    });
  });
}

void BM_WithCancelAndCancel(benchmark::State& state) {
  derive_and_cancel(state, [](const Context& parent) { return with_cancel(parent); });
}
BENCHMARK(BM_WithCancelAndCancel)->Apply(on_one_and_two_workers);

void BM_WithTimeoutAndCancel(benchmark::State& state) {
  derive_and_cancel(state, [](const Context& parent) { return with_timeout(parent, 1h); });
}
BENCHMARK(BM_WithTimeoutAndCancel)->Apply(on_one_and_two_workers);

void BM_WithCancelUnderValues(benchmark::State& state) {
  constexpr std::int64_t kCount = 50'000;
  Drivers drivers(state.range(1));
  measure(state, drivers.count() * kCount, [&, layers = state.range(0)] {
    drivers.run([layers](std::int64_t) {
      return [](std::int64_t layers) -> task<> {
        const auto root = with_cancel(background());
        const Context parent = layers_of_values(root.context, layers);
        for (std::int64_t i = 0; i < kCount; ++i) {
          auto [ctx, cancel] = with_cancel(parent);
          cancel();
          benchmark::DoNotOptimize(ctx);
        }
        co_return;
      }(layers);
    });
  });
}
BENCHMARK(BM_WithCancelUnderValues)
    ->ArgNames({"layers", "workers"})
    ->ArgsProduct({{100}, {1, 2}})
    ->MeasureProcessCPUTime();

// A parent and its children, none of which anybody waits on.
struct Family {
  Cancellable parent = with_cancel(background());
  std::vector<Cancellable> children;

  explicit Family(std::int64_t count) {
    children.reserve(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i) children.push_back(with_cancel(parent.context));
  }
};

void BM_CancelChildren(benchmark::State& state) {
  // More than one, so that the batch is long enough.
  constexpr std::int64_t kFamilies = 10;
  const std::int64_t children = state.range(0);
  Drivers drivers(state.range(1));
  std::vector<std::vector<Family>> families(static_cast<std::size_t>(drivers.count()));
  const auto on_each_worker = [&](auto f) {
    drivers.run([&](std::int64_t worker) {
      return [](auto f, std::vector<Family>* mine) -> task<> {
        f(*mine);
        co_return;
      }(f, &families[static_cast<std::size_t>(worker)]);
    });
  };
  measure_between(
      state, drivers.count() * kFamilies * children,
      [&] {
        on_each_worker([children](std::vector<Family>& mine) {
          for (std::int64_t i = 0; i < kFamilies; ++i) mine.emplace_back(children);
        });
      },
      [&] {
        on_each_worker([](std::vector<Family>& mine) {
          for (Family& family : mine) family.parent.cancel();
        });
      },
      [&] { on_each_worker([](std::vector<Family>& mine) { mine.clear(); }); });
}
BENCHMARK(BM_CancelChildren)
    ->ArgNames({"children", "workers"})
    ->ArgsProduct({{10'000}, {1, 2}})
    ->MeasureProcessCPUTime();

// Every child has a task parked on it, which resumes and finishes.
void BM_CancelChildrenWithTasks(benchmark::State& state) {
  constexpr std::int64_t kFamilies = 4;
  const std::int64_t children = state.range(0);
  Drivers drivers(state.range(1));
  using Families = std::array<ParkedTasks, kFamilies>;
  std::vector<std::unique_ptr<Families>> families(static_cast<std::size_t>(drivers.count()));
  const auto on_each_worker = [&](auto f) {
    drivers.run([&](std::int64_t worker) {
      return [](auto f, Families* mine) -> task<> {
        for (ParkedTasks& tasks : *mine) co_await f(tasks);
      }(f, families[static_cast<std::size_t>(worker)].get());
    });
  };
  measure_between(
      state, drivers.count() * kFamilies * children,
      [&] {
        for (auto& mine : families) mine = std::make_unique<Families>();
        on_each_worker([children](ParkedTasks& tasks) {
          return park(ParkedOn::kOwnContext, children, &tasks);
        });
      },
      [&] { on_each_worker([](ParkedTasks& tasks) { return cancel(&tasks); }); }, [] {});
}
BENCHMARK(BM_CancelChildrenWithTasks)
    ->ArgNames({"children", "workers"})
    ->ArgsProduct({{10'000}, {1, 2}})
    ->MeasureProcessCPUTime();

void BM_WithValue(benchmark::State& state) {
  constexpr std::int64_t kCount = 200'000;
  Drivers drivers(state.range(0));
  measure(state, drivers.count() * kCount, [&] {
    drivers.run([](std::int64_t) -> task<> {
      const auto parent = with_cancel(background());
      for (std::int64_t i = 0; i < kCount; ++i) {
        benchmark::DoNotOptimize(with_value(parent.context, kWanted, 1));
      }
      co_return;
    });
  });
}
BENCHMARK(BM_WithValue)->Apply(on_one_and_two_workers);

void BM_ValueLookup(benchmark::State& state) {
  const std::int64_t depth = state.range(0);
  const std::int64_t count = 10'000'000 / depth;
  Drivers drivers(state.range(1));
  measure(state, drivers.count() * count, [&] {
    drivers.run([&](std::int64_t) {
      return [](std::int64_t depth, std::int64_t count) -> task<> {
        const Context ctx = layers_of_values(background(), depth);
        for (std::int64_t i = 0; i < count; ++i) benchmark::DoNotOptimize(ctx.value(kWanted));
        co_return;
      }(depth, count);
    });
  });
}
BENCHMARK(BM_ValueLookup)
    ->ArgNames({"depth", "workers"})
    ->ArgsProduct({{10, 100}, {1, 2}})
    ->MeasureProcessCPUTime();

void BM_ErrOfALiveContext(benchmark::State& state) {
  constexpr std::int64_t kCount = 5'000'000;
  Drivers drivers(state.range(0));
  measure(state, drivers.count() * kCount, [&] {
    drivers.run([](std::int64_t) -> task<> {
      const auto live = with_cancel(background());
      for (std::int64_t i = 0; i < kCount; ++i) benchmark::DoNotOptimize(live.context.err());
      co_return;
    });
  });
}
BENCHMARK(BM_ErrOfALiveContext)->Apply(on_one_and_two_workers);

}  // namespace
}  // namespace leakbench
