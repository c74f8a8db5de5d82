#include "runtime/task/task.h"

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <memory>
#include <vector>

#include "runtime/benchmark/drivers.h"
#include "runtime/benchmark/parked_tasks.h"
#include "runtime/sync/wait_group.h"
#include "runtime/task/sleep.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

task<> nothing() { co_return; }

task<> finish(wait_group* finished) {
  finished->done();
  co_return;
}

// Lets `count` tasks live at once, `batches` times over.
task<> start_and_finish(std::int64_t count, std::int64_t batches) {
  for (std::int64_t batch = 0; batch < batches; ++batch) {
    wait_group finished;
    finished.add(count);
    for (std::int64_t i = 0; i < count; ++i) go(finish(&finished));
    co_await finished.wait(background());
  }
}

void BM_StartAndFinishATask(benchmark::State& state) {
  const std::int64_t tasks = state.range(0);
  const std::int64_t batches = std::max<std::int64_t>(1, 200'000 / tasks);
  Drivers drivers(state.range(1));
  measure(state, drivers.count() * batches * tasks,
          [&] { drivers.run([&](std::int64_t) { return start_and_finish(tasks, batches); }); });
}
BENCHMARK(BM_StartAndFinishATask)
    ->ArgNames({"tasks", "workers"})
    ->ArgsProduct({{10'000, 1'000'000}, {1, 2}})
    ->MeasureProcessCPUTime();

// In a process of its own: every page is touched for the first time.
void BM_FirstTasksOfAProcess(benchmark::State& state) {
  const std::int64_t tasks = state.range(0);
  Drivers drivers(state.range(1));
  for (auto _ : state) drivers.run([&](std::int64_t) { return start_and_finish(tasks, 1); });
  state.counters["operations"] = static_cast<double>(drivers.count() * tasks);
}
BENCHMARK(BM_FirstTasksOfAProcess)
    ->ArgNames({"tasks", "workers"})
    ->ArgsProduct({{1'000'000}, {1, 2}})
    ->Iterations(1)
    ->MeasureProcessCPUTime();

// Nobody waits for them but by letting all that are ready have their turn: what starting and
// finishing costs by itself. In Go there is no such way to know that they have finished.
void BM_StartAndFinishATaskUncounted(benchmark::State& state) {
  const std::int64_t tasks = state.range(0);
  const std::int64_t batches = std::max<std::int64_t>(1, 200'000 / tasks);
  Drivers drivers(state.range(1));
  measure(state, drivers.count() * batches * tasks, [&] {
    drivers.run([&](std::int64_t) {
      return [](std::int64_t tasks, std::int64_t batches) -> task<> {
        for (std::int64_t batch = 0; batch < batches; ++batch) {
          for (std::int64_t i = 0; i < tasks; ++i) go(nothing());
          co_await yield();
        }
      }(tasks, batches);
    });
  });
}
BENCHMARK(BM_StartAndFinishATaskUncounted)
    ->ArgNames({"tasks", "workers"})
    ->ArgsProduct({{10'000, 1'000'000}, {1, 2}})
    ->MeasureProcessCPUTime();

void BM_AwaitATask(benchmark::State& state) {
  constexpr std::int64_t kCount = 500'000;
  Drivers drivers(state.range(0));
  measure(state, drivers.count() * kCount, [&] {
    drivers.run([](std::int64_t) -> task<> {
      for (std::int64_t i = 0; i < kCount; ++i) co_await nothing();
    });
  });
}
BENCHMARK(BM_AwaitATask)->Apply(on_one_and_two_workers);

// Start, park, cancel the parent, resume, finish.
void park_and_cancel(benchmark::State& state, ParkedOn on) {
  constexpr std::int64_t kBatches = 2;
  const std::int64_t tasks = state.range(0);
  Drivers drivers(state.range(1));
  measure(state, drivers.count() * kBatches * tasks, [&] {
    drivers.run([&](std::int64_t) {
      return [](ParkedOn on, std::int64_t tasks) -> task<> {
        for (std::int64_t batch = 0; batch < kBatches; ++batch) {
          ParkedTasks parked;
          co_await park(on, tasks, &parked);
          co_await cancel(&parked);
        }
      }(on, tasks);
    });
  });
}

void BM_ParkAndCancelOnASharedContext(benchmark::State& state) {
  park_and_cancel(state, ParkedOn::kTimerAndSharedContext);
}
BENCHMARK(BM_ParkAndCancelOnASharedContext)
    ->ArgNames({"tasks", "workers"})
    ->ArgsProduct({{10'000}, {1, 2}})
    ->MeasureProcessCPUTime();

void BM_ParkAndCancelOnAContextEach(benchmark::State& state) {
  park_and_cancel(state, ParkedOn::kTimerAndOwnContext);
}
BENCHMARK(BM_ParkAndCancelOnAContextEach)
    ->ArgNames({"tasks", "workers"})
    ->ArgsProduct({{10'000}, {1, 2}})
    ->MeasureProcessCPUTime();

double resident_bytes() {
  std::ifstream file("/proc/self/statm");
  double total = 0, resident = 0;
  file >> total >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

// In a process of its own: memory that others have left behind would be used first.
void memory_per_task(benchmark::State& state, ParkedOn on) {
  const std::int64_t tasks = state.range(0);
  Drivers drivers(state.range(1));
  std::vector<std::unique_ptr<ParkedTasks>> parked;
  for (std::int64_t i = 0; i < drivers.count(); ++i) {
    parked.push_back(std::make_unique<ParkedTasks>());
  }
  const auto park_on_each_worker = [&](std::int64_t count) {
    drivers.run([&](std::int64_t worker) {
      return park(on, count, parked[static_cast<std::size_t>(worker)].get());
    });
  };
  park_on_each_worker(1);
  const double before = resident_bytes();
  for (auto _ : state) park_on_each_worker(tasks);
  state.counters["bytes"] =
      (resident_bytes() - before) / static_cast<double>(drivers.count() * tasks);
  // Here and not in the scheduler's destructor: they refer to `parked`, which goes first.
  drivers.run(
      [&](std::int64_t worker) { return cancel(parked[static_cast<std::size_t>(worker)].get()); });
}

void BM_MemoryOfATaskOnASharedContext(benchmark::State& state) {
  memory_per_task(state, ParkedOn::kTimerAndSharedContext);
}
BENCHMARK(BM_MemoryOfATaskOnASharedContext)
    ->ArgNames({"tasks", "workers"})
    ->ArgsProduct({{100'000}, {1, 2}})
    ->Iterations(1)
    ->MeasureProcessCPUTime();

void BM_MemoryOfATaskOnAContextEach(benchmark::State& state) {
  memory_per_task(state, ParkedOn::kTimerAndOwnContext);
}
BENCHMARK(BM_MemoryOfATaskOnAContextEach)
    ->ArgNames({"tasks", "workers"})
    ->ArgsProduct({{100'000}, {1, 2}})
    ->Iterations(1)
    ->MeasureProcessCPUTime();

void BM_MemoryOfATaskOnATimeoutContextEach(benchmark::State& state) {
  memory_per_task(state, ParkedOn::kOwnTimeoutContext);
}
BENCHMARK(BM_MemoryOfATaskOnATimeoutContextEach)
    ->ArgNames({"tasks", "workers"})
    ->ArgsProduct({{100'000}, {1, 2}})
    ->Iterations(1)
    ->MeasureProcessCPUTime();

task<> sleep_often(std::int64_t sleeps, Duration each, wait_group* finished) {
  for (std::int64_t i = 0; i < sleeps; ++i) (void)co_await sleep_for(background(), each);
  finished->done();
}

// Many tasks that sleep again and again, 1 to 20 ms each: arm, park, fire, resume.
void BM_Sleep(benchmark::State& state) {
  constexpr std::int64_t kSleeps = 20;
  const std::int64_t tasks = state.range(0);
  Drivers drivers(state.range(1));
  measure(state, drivers.count() * tasks * kSleeps, [&] {
    drivers.run([&](std::int64_t) {
      return [](std::int64_t tasks) -> task<> {
        wait_group finished;
        finished.add(tasks);
        for (std::int64_t i = 0; i < tasks; ++i) {
          go(sleep_often(kSleeps, (1 + i % 20) * 1ms, &finished));
        }
        co_await finished.wait(background());
      }(tasks);
    });
  });
}
BENCHMARK(BM_Sleep)
    ->ArgNames({"tasks", "workers"})
    ->ArgsProduct({{10'000}, {1, 2}})
    ->MeasureProcessCPUTime()
    ->UseRealTime();

// Who is alive, by the place that started it: read from outside while the tasks are parked.
void BM_ProfileOfLiveTasks(benchmark::State& state) {
  const std::int64_t tasks = state.range(0);
  Drivers drivers(state.range(1));
  std::vector<std::unique_ptr<ParkedTasks>> parked;
  for (std::int64_t i = 0; i < drivers.count(); ++i) {
    parked.push_back(std::make_unique<ParkedTasks>());
  }
  drivers.run([&](std::int64_t worker) {
    return park(ParkedOn::kTimerAndSharedContext, tasks / drivers.count(),
                parked[static_cast<std::size_t>(worker)].get());
  });
  measure(state, 1, [&] { benchmark::DoNotOptimize(drivers.scheduler().profile()); });
  drivers.run(
      [&](std::int64_t worker) { return cancel(parked[static_cast<std::size_t>(worker)].get()); });
}
BENCHMARK(BM_ProfileOfLiveTasks)
    ->ArgNames({"tasks", "workers"})
    ->ArgsProduct({{1'000'000}, {1, 2}})
    ->MeasureProcessCPUTime();

}  // namespace
}  // namespace leakbench
