#include "runtime/task/scheduler.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <stdexcept>

namespace leakbench {

Scheduler::Scheduler(Options options)
    : options_(std::move(options)),
      clock_(options_.clock == nullptr ? steady_clock_ : *options_.clock),
      sites_(options_.workers + 1) {
  if (options_.workers == 0) throw std::invalid_argument("Scheduler: needs at least one worker");
  for (std::size_t i = 0; i < options_.workers; ++i) {
    auto poller = options_.make_poller ? options_.make_poller() : std::make_unique<IdlePoller>();
    workers_.push_back(std::make_unique<Worker>(*this, i, clock_, std::move(poller)));
  }
  if (!options_.threads) return;
  for (auto& worker : workers_) threads_.emplace_back([&worker = *worker] { worker.run(); });
}

Scheduler::~Scheduler() {
  for (auto& worker : workers_) worker->stop();
  for (auto& thread : threads_) thread.join();
  // Again and again: what is destroyed on one worker may start tasks on another.
  for (bool any = true; any;) {
    any = false;
    for (auto& worker : workers_) any = worker->destroy_tasks() || any;
  }
}

void Scheduler::start(task<> work, const char* name, TaskKind kind,
                      const std::source_location& location) {
  Worker* worker = Worker::current();
  if (worker == nullptr || &worker->scheduler() != this) {
    worker = workers_[next_worker_.fetch_add(1, std::memory_order_relaxed) % workers_.size()].get();
  }
  worker->start(std::move(work), name, kind, location);
}

std::int64_t Scheduler::live_tasks() {
  std::int64_t live = 0;
  for (const Site* site : sites_.all()) {
    if (site->kind() == TaskKind::kApplication) live += site->live();
  }
  return live;
}

std::vector<SiteProfile> Scheduler::profile() {
  std::vector<SiteProfile> profile;
  for (const Site* site : sites_.all()) profile.push_back(profile_of(*site));
  return profile;
}

std::vector<TaskInfo> Scheduler::list_tasks(std::size_t limit) {
  // Shared with the workers' calls: one that answers late must find it alive.
  struct Collection {
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t answers = 0;
    std::vector<TaskInfo> tasks;
  };
  auto collection = std::make_shared<Collection>();
  for (auto& worker : workers_) {
    worker->post([collection, limit, &worker = *worker] {
      std::lock_guard guard(collection->mutex);
      worker.for_each_task([&](const TaskRecord& record) {
        if (collection->tasks.size() < limit) {
          collection->tasks.push_back(describe(record, worker.turn_time()));
        }
      });
      ++collection->answers;
      collection->changed.notify_one();
    });
  }
  if (!options_.threads) turn();
  std::unique_lock guard(collection->mutex);
  collection->changed.wait_for(guard, std::chrono::seconds(1),
                               [&] { return collection->answers == workers_.size(); });
  return collection->tasks;
}

void Scheduler::report_unhandled(const TaskRecord& record, std::exception_ptr failure) {
  unhandled_.fetch_add(1, std::memory_order_relaxed);
  const TaskInfo info = describe(record, clock_.now());
  if (options_.on_unhandled_exception) {
    try {
      options_.on_unhandled_exception(info, failure);
      return;
    } catch (...) {
      // A report that fails must not end the process; the line below is left to tell of it.
    }
  }
  std::string what = "an exception that is not a std::exception";
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& e) {
    what = e.what();
  } catch (...) {
  }
  fmt::print(stderr, "task {} \"{}\", started at {}:{}, ended with an exception: {}\n", info.id,
             info.site.name, info.site.file, info.site.line, what);
}

bool Scheduler::turn() {
  bool busy = false;
  for (auto& worker : workers_) busy = worker->turn() || busy;
  return busy;
}

void go(task<> work, const char* name, std::source_location location) {
  Worker* worker = Worker::current();
  if (worker == nullptr) throw std::logic_error("go() outside a task: use Scheduler::go()");
  worker->start(std::move(work), name, TaskKind::kApplication, location);
}

}  // namespace leakbench
