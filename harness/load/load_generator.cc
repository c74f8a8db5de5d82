#include "harness/load/load_generator.h"

#include <exception>
#include <future>
#include <optional>
#include <stdexcept>
#include <utility>

#include "harness/load/connect_ramp.h"

namespace leakbench {

LoadGenerator::LoadGenerator(LoadPlan plan, GeneratorSetup setup)
    : plan_((check_plan(plan), std::move(plan))),
      mix_(plan_),
      progress_(setup.threads),
      parts_(setup.threads) {
  for (Part& part : parts_) part.thread = std::make_unique<LoadThread>(setup.own_descriptors);
  on_each_thread([&](std::size_t i) {
    parts_[i].shard = std::make_unique<LoadShard>(
        plan_, setup.engine, clock_, LoadPart{i, parts_.size()}, progress_.of_thread(i));
  });
}

LoadGenerator::~LoadGenerator() {
  on_each_thread([&](std::size_t i) { parts_[i].shard.reset(); });
}

void LoadGenerator::enter(Phase from, Phase to) {
  if (phase_ != from) {
    throw std::logic_error("LoadGenerator: connect() comes first, then run(), each once");
  }
  phase_ = to;
}

void LoadGenerator::on_each_thread(const std::function<void(std::size_t)>& work) {
  on_each_thread(background(), [&](std::size_t i, const Context&) { work(i); });
}

void LoadGenerator::on_each_thread(const Context& ctx,
                                   const std::function<void(std::size_t, const Context&)>& work) {
  auto [all, stop] = with_cancel(ctx);
  std::vector<std::future<void>> running;
  std::vector<std::exception_ptr> failures(parts_.size());
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    running.push_back(parts_[i].thread->run([&, i, &all = all, &stop = stop] {
      try {
        work(i, all);
      } catch (...) {
        failures[i] = std::current_exception();
        stop();  // the others need not go on
      }
    }));
  }
  for (std::future<void>& done : running) done.get();
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

ConnectResult LoadGenerator::connect(const Context& ctx) {
  enter(Phase::kNew, Phase::kConnected);
  std::vector<ConnectResult> results(parts_.size());
  on_each_thread(ctx, [&](std::size_t i, const Context& all) {
    ConnectRamp ramp(*parts_[i].shard);
    ramp.run(all);
    results[i] = ramp.result();
  });
  for (const ConnectResult& result : results) connected_.merge(result);
  return connected_;
}

void LoadGenerator::warm_up(const Context& ctx, Duration duration) {
  enter(Phase::kConnected, Phase::kConnected);
  LoadWindow window{.length = duration};
  if (plan_.arrivals) {
    const ArrivalPlan& arrivals = *plan_.arrivals;
    const bool is_poisson = arrivals.model == ArrivalModel::kPoisson;
    window.arrivals = {.model = is_poisson ? ArrivalModel::kPoisson : ArrivalModel::kConstant,
                       .rates = {arrivals.rates.front()},
                       .duration = duration,
                       .seed = arrivals.seed};
  }
  send_requests(ctx, window, nullptr);
}

LoadResult LoadGenerator::run(const Context& ctx, RequestObserver* observer) {
  enter(Phase::kConnected, Phase::kRan);
  const LoadWindow window{.length = plan_.duration, .arrivals = plan_.arrivals};
  LoadResult result = send_requests(ctx, window, observer);
  result.connect = connected_;
  result.check();
  return result;
}

LoadResult LoadGenerator::send_requests(const Context& ctx, const LoadWindow& window,
                                        RequestObserver* observer) {
  LoadWindow released = window;
  released.released = clock_.now();
  if (observer != nullptr) observer->on_release(released.released);
  std::vector<std::optional<LoadResult>> results(parts_.size());
  on_each_thread(ctx, [&](std::size_t i, const Context& all) {
    RequestLoop loop(*parts_[i].shard, mix_, released, observer);
    loop.run(all);
    results[i] = loop.take_result();
  });
  // Into the first: the histograms are the most of what a load takes.
  LoadResult result = std::move(*results.front());
  for (std::size_t i = 1; i < results.size(); ++i) result.merge(*results[i]);
  return result;
}

void LoadGenerator::close() {
  on_each_thread([&](std::size_t i) { parts_[i].shard->close_all(); });
}

}  // namespace leakbench
