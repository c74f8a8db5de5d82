#include "scenarios/cascading-timeout/service.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>

#include "runtime/task/sleep.h"

namespace leakbench {
namespace {

struct Service {
  explicit Service(const LatencyModel& l, Duration s, std::shared_ptr<Counter> w)
      : latency(l), step(s), wasted(std::move(w)) {}

  const LatencyModel latency;
  const Duration step;
  const std::shared_ptr<Counter> wasted;
  std::atomic<std::uint64_t> requests{0};
};

// Looks at `ctx` at each step. `caller` is only asked whether anybody still waits for this.
task<Response> work(Context ctx, Context caller, std::shared_ptr<Service> service) {
  Duration left = service->latency.of(service->requests.fetch_add(1, std::memory_order_relaxed));
  while (left > Duration::zero()) {
    const Duration part = std::min(service->step, left);
    const Failure stopped = co_await sleep_for(ctx, part);
    if (stopped) co_return Response::text(stopped.message(), stopped.is_timeout() ? 504 : 503);
    if (caller.is_done()) service->wasted->add(part.count());
    left -= part;
  }
  co_return Response::text("done");
}

}  // namespace

void add_service(ScenarioBuilder& scenario, const LatencyModel& latency, Duration step) {
  const auto service = std::make_shared<Service>(
      latency, step,
      scenario.counter("wasted_work_ns_total", "Time worked for callers that were gone."));

  scenario.variant("without-context", [service](Context ctx, Request) -> task<Response> {
    co_return co_await work(background(), ctx, service);
  });

  scenario.variant("with-context", [service](Context ctx, Request) -> task<Response> {
    co_return co_await work(ctx, ctx, service);
  });
}

}  // namespace leakbench
