#include "harness/load/connect_ramp.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string>
#include <utility>

#include "harness/base/error.h"
#include "harness/load/done_at_end.h"
#include "runtime/task/scheduler.h"

namespace leakbench {
namespace {

// What the target did, or nullopt if it never came to that. By number, for every call that fails
// here fails with an errno.
std::optional<Outcome> outcome_of(const std::error_code& error) {
  switch (error.value()) {
    case 0:
      return Outcome::kOk;
    case ECONNREFUSED:
      return Outcome::kRefused;
    case ECONNRESET:
      return Outcome::kReset;
    case ETIMEDOUT:
      return Outcome::kConnectTimeout;
    default:
      return std::nullopt;
  }
}

const char* remedy_for(const std::error_code& error) {
  switch (error.value()) {
    case EMFILE:
      return "raise the limit with 'ulimit -n' or use fewer connections";
    case EADDRNOTAVAIL:
      return "widen net.ipv4.ip_local_port_range or use fewer connections";
    default:
      return "close other programs or use fewer connections";
  }
}

}  // namespace

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
    connection.connected = co_await connect(ctx, connection);
    if (connection.connected != Outcome::kOk) connection.stream.reset();
  }
}

task<Outcome> ConnectRamp::connect(Context ctx, LoadConnection& connection) {
  const TimePoint started = clock_.now();
  Connecting connecting = start_connect(loopback(plan_.port));
  if (connecting.error) co_return settle(connecting.error);
  try {
    connection.stream.emplace(std::move(connecting.fd));
  } catch (const std::system_error& refused_by_epoll) {
    co_return settle(refused_by_epoll.code());
  }
  auto [limited, cancel] = with_timeout(ctx, plan_.connect_timeout);
  if (co_await connection.stream->writable(limited)) {
    co_return ctx.is_done() ? Outcome::kCutByEnd : Outcome::kConnectTimeout;
  }
  const Outcome outcome = settle(connection.stream->connect_error());
  if (outcome == Outcome::kOk) {
    result_.connect_time.record((clock_.now() - started).count());
    LoadProgress::count(progress_.connected);
  }
  co_return outcome;
}

Outcome ConnectRamp::settle(const std::error_code& error) {
  const std::optional<Outcome> outcome = outcome_of(error);
  if (outcome) return *outcome;
  if (!failure_) failure_ = error;
  stop_();  // the handshakes under way need not run into their time limit
  return Outcome::kCutByEnd;
}

void ConnectRamp::give_up() {
  // First, so that what was lacking is there again for whoever reports it.
  for (LoadConnection& connection : connections_) connection.stream.reset();
  throw Error(ExitCode::kEnvironmentUnfit,
              fmt::format("opened {} of {} connections to 127.0.0.1:{}, then: {}; {}",
                          progress_.connected.load(std::memory_order_relaxed), plan_.connections,
                          plan_.port, failure_.message(), remedy_for(failure_)));
}

}  // namespace leakbench
