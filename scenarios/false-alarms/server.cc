// What looks like a leak and is none: a pool of workers that grows with the load and then stays,
// tasks that outlive their requests by seconds and end, and a cache that fills and keeps its
// memory. A detector that calls one of them leaking cries wolf.
#include "scenarios/false-alarms/server.h"

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <variant>

#include "runtime/sync/channel.h"
#include "runtime/task/scheduler.h"
#include "runtime/task/sleep.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

using Finished = channel<std::monostate>;

// Workers that are kept for the next job, as connections to a database are.
class Pool {
 public:
  Pool(std::int64_t size, std::int64_t requests_per_worker)
      : size_(size), requests_per_worker_(requests_per_worker) {}

  // Whether this request finds the pool too small.
  bool grows() {
    const std::int64_t request = requests_.fetch_add(1, std::memory_order_relaxed);
    return request % requests_per_worker_ == 0 && request / requests_per_worker_ < size_;
  }

  channel<Finished> jobs;

 private:
  const std::int64_t size_;
  const std::int64_t requests_per_worker_;
  std::atomic<std::int64_t> requests_{0};
};

// Lives as long as the server.
task<> serve_jobs(std::shared_ptr<Pool> pool) {
  while (true) {
    const auto job = co_await pool->jobs.receive(background());
    if (!job) co_return;
    job.value->close();
  }
}

// Entries that are kept for ever, and one task that looks after them.
class Cache {
 public:
  Cache(std::int64_t entries, std::int64_t entry_bytes)
      : entries_(entries), entry_bytes_(static_cast<std::size_t>(entry_bytes)) {}

  // True for the first request.
  bool fill() {
    const std::lock_guard lock(mutex_);
    const std::int64_t request = requests_++;
    auto& entry = values_[request % entries_];
    if (entry.empty()) entry.assign(entry_bytes_, 'x');
    return request == 0;
  }

 private:
  const std::int64_t entries_;
  const std::size_t entry_bytes_;
  std::mutex mutex_;
  std::int64_t requests_ = 0;
  std::map<std::int64_t, std::string> values_;
};

task<> expire_entries(std::shared_ptr<Cache>) {
  while (true) {
    const Failure stopped = co_await sleep_for(background(), 1s);
    if (stopped) co_return;
  }
}

task<> finish_slowly(Duration duration) { (void)co_await sleep_for(background(), duration); }

}  // namespace

void false_alarms(ScenarioBuilder& scenario) {
  const auto pool = std::make_shared<Pool>(
      scenario.count("pool-size", "64", 100'000, "workers that the pool grows to"),
      scenario.count("requests-per-worker", "50", 1'000'000'000, "it grows by one every so many"));
  const Duration drain = scenario.duration("drain", "3s", "how long a task outlives its request");
  const auto cache = std::make_shared<Cache>(
      scenario.count("cache-entries", "3000", 1'000'000'000, "entries that the cache grows to"),
      scenario.count("entry-bytes", "16384", 1 << 30, "what each of them holds"));

  scenario.variant("pool", [=](Context ctx, Request) -> task<Response> {
    if (pool->grows()) go(serve_jobs(pool), "serve_jobs");
    Finished finished;
    (void)co_await pool->jobs.send(ctx, finished);
    (void)co_await finished.receive(ctx);
    co_return Response::text("ok");
  });

  scenario.variant("slow-drain", [=](Context, Request) -> task<Response> {
    go(finish_slowly(drain), "finish_slowly");
    co_return Response::text("ok");
  });

  scenario.variant("cache", [=](Context, Request) -> task<Response> {
    if (cache->fill()) go(expire_entries(cache), "expire_entries");
    co_return Response::text("ok");
  });
}

}  // namespace leakbench
