#include "harness/load/connect_ramp.h"

#include <algorithm>
#include <utility>

#include "harness/load/open_connection.h"
#include "runtime/task/scheduler.h"

namespace leakbench {

task<> ConnectRamp::run(Context ctx, std::size_t in_flight) {
  auto [ramp, stop] = with_cancel(ctx);
  stop_ = std::move(stop);
  for (std::size_t i = 0; i < std::min(in_flight, connections_.size()); ++i) {
    running_.add();
    go(connect_one_by_one(ramp), "load connect");
  }
  // Without a context: the tasks hear of it themselves, and this object must outlive them.
  (void)co_await running_.wait(background());
  result_.asked = connections_.size();
  for (const LoadConnection& connection : connections_) result_.outcomes.add(connection.connected);
  result_.established = result_.outcomes.of(Outcome::kOk);
  if (failure_) give_up();
}

task<> ConnectRamp::connect_one_by_one(Context ctx) {
  const DoneAtEnd done(running_);
  while (next_ < connections_.size() && !ctx.is_done()) {
    LoadConnection& connection = connections_[next_++];
    const ConnectAttempt attempt = co_await open_connection(ctx, plan_, clock_, connection);
    connection.connected = attempt.outcome;
    if (attempt.outcome == Outcome::kOk) {
      result_.connect_time.record(attempt.took.count());
      LoadProgress::count(progress_.connected);
    }
    if (attempt.failure && !failure_) {
      failure_ = attempt.failure;
      stop_();  // the handshakes under way need not run into their time limit
    }
  }
}

void ConnectRamp::give_up() {
  // First, so that what was lacking is there again for whoever reports it.
  for (LoadConnection& connection : connections_) connection.stream.reset();
  throw cannot_open(plan_, progress_.connected.load(std::memory_order_relaxed), failure_);
}

}  // namespace leakbench
