#include "harness/load/load_generator.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <stdexcept>
#include <utility>

#include "harness/load/connect_ramp.h"
#include "harness/load/request_loop.h"
#include "runtime/sync/wait_group.h"

namespace leakbench {
namespace {

task<> tell_when_done(task<> work, std::exception_ptr* failure, wait_group* running) {
  try {
    co_await std::move(work);
  } catch (...) {
    *failure = std::current_exception();
  }
  running->done();
}

task<> wait_for_all(wait_group* running) { (void)co_await running->wait(background()); }

task<> end_connections(std::vector<LoadConnection>* connections) {
  for (LoadConnection& connection : *connections) connection.stream.reset();
  co_return;
}

}  // namespace

LoadGenerator::LoadGenerator(Scheduler& scheduler, LoadPlan plan)
    : scheduler_(scheduler),
      plan_((check_plan(plan), std::move(plan))),
      request_(render_request(plan_)) {
  const std::size_t workers = scheduler.worker_count();
  for (std::size_t i = 0; i < workers; ++i) {
    const std::size_t share = share_of(plan_.connections, workers, i);
    shards_.push_back({&scheduler.worker(i), std::vector<LoadConnection>(share)});
  }
  for (std::size_t i = 0; i < plan_.connections; ++i) {
    LoadConnection& connection = shards_[i % workers].connections[i / workers];
    connection.requests = share_of(plan_.requests, plan_.connections, i);
    connection.parser = ResponseParser(plan_.method == "HEAD");
  }
}

LoadGenerator::~LoadGenerator() { close(); }

void LoadGenerator::enter(Phase from, Phase to) {
  if (phase_ != from) {
    throw std::logic_error("LoadGenerator: connect() comes first, then run(), each once");
  }
  phase_ = to;
}

void LoadGenerator::on_each_worker(const std::function<task<>(std::size_t)>& work,
                                   const char* name) {
  wait_group running;
  std::vector<std::exception_ptr> failures(shards_.size());
  for (std::size_t i = 0; i < shards_.size(); ++i) {
    running.add();
    shards_[i].worker->start(tell_when_done(work(i), &failures[i], &running), name,
                             TaskKind::kSystem, std::source_location::current());
  }
  scheduler_.run(wait_for_all(&running));
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

ConnectResult LoadGenerator::connect(Context ctx) {
  enter(Phase::kNew, Phase::kConnected);
  std::vector<std::unique_ptr<ConnectRamp>> ramps;
  for (Shard& shard : shards_) {
    ramps.push_back(
        std::make_unique<ConnectRamp>(plan_, scheduler_.clock(), shard.connections, progress_));
  }
  on_each_worker(
      [&](std::size_t i) {
        const std::size_t share = share_of(plan_.connects_in_flight, shards_.size(), i);
        return ramps[i]->run(ctx, std::max<std::size_t>(share, 1));
      },
      "load connect ramp");
  for (const auto& ramp : ramps) connected_.merge(ramp->result());
  return connected_;
}

void LoadGenerator::warm_up(Context ctx, Duration duration) {
  enter(Phase::kConnected, Phase::kConnected);
  send_requests(std::move(ctx), duration);
}

LoadResult LoadGenerator::run(Context ctx) {
  enter(Phase::kConnected, Phase::kRan);
  LoadResult result = send_requests(std::move(ctx), plan_.duration);
  result.connect = connected_;
  result.check();
  return result;
}

LoadResult LoadGenerator::send_requests(Context ctx, std::optional<Duration> duration) {
  std::vector<std::unique_ptr<RequestLoop>> loops;
  for (Shard& shard : shards_) {
    loops.push_back(std::make_unique<RequestLoop>(plan_, request_, scheduler_.clock(),
                                                  shard.connections, progress_));
  }
  LoadWindow window{.released = scheduler_.clock().now(), .end = std::nullopt};
  if (duration) window.end = saturating_add(window.released, *duration);
  on_each_worker([&](std::size_t i) { return loops[i]->run(ctx, window); }, "load requests");
  LoadResult result;
  for (const auto& loop : loops) result.merge(loop->result());
  return result;
}

void LoadGenerator::close() {
  on_each_worker([&](std::size_t i) { return end_connections(&shards_[i].connections); },
                 "load close");
}

}  // namespace leakbench
