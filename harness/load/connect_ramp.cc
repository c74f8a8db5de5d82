#include "harness/load/connect_ramp.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/base/error.h"
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
  if (failure_) std::rethrow_exception(failure_);
  result_.asked = connections_.size();
  for (const LoadConnection& connection : connections_) result_.outcomes.add(connection.connected);
  result_.established = result_.outcomes.of(Outcome::kOk);
}

task<> ConnectRamp::connect_one_by_one(Context ctx) {
  try {
    while (next_ < connections_.size() && !ctx.is_done()) {
      LoadConnection& connection = connections_[next_++];
      connection.connected = co_await connect(ctx, connection);
      if (connection.connected != Outcome::kOk) connection.stream.reset();
    }
  } catch (...) {
    if (!failure_) failure_ = std::current_exception();
    stop_();  // the handshakes under way need not run into their time limit
  }
  running_.done();
}

task<Outcome> ConnectRamp::connect(Context ctx, LoadConnection& connection) {
  const TimePoint started = clock_.now();
  Connecting connecting = start_connect(loopback(plan_.port));
  if (connecting.error) co_return outcome_of(connecting.error);
  try {
    connection.stream.emplace(std::move(connecting.fd));
  } catch (const std::system_error& refused_by_epoll) {
    co_return outcome_of(refused_by_epoll.code());
  }
  auto [limited, cancel] = with_timeout(ctx, plan_.connect_timeout);
  if (co_await connection.stream->writable(limited)) {
    co_return ctx.is_done() ? Outcome::kCutByEnd : Outcome::kConnectTimeout;
  }
  if (const auto error = connection.stream->connect_error()) co_return outcome_of(error);
  result_.connect_time.record((clock_.now() - started).count());
  LoadProgress::count(progress_.connected);
  co_return Outcome::kOk;
}

Outcome ConnectRamp::outcome_of(const std::error_code& error) const {
  if (error == std::errc::connection_refused) return Outcome::kRefused;
  if (error == std::errc::connection_reset) return Outcome::kReset;
  if (error == std::errc::timed_out) return Outcome::kConnectTimeout;
  const char* remedy = "close other programs or use fewer connections";
  if (error == std::errc::too_many_files_open) {
    remedy = "raise the limit with 'ulimit -n' or use fewer connections";
  } else if (error == std::errc::address_not_available) {
    remedy = "widen net.ipv4.ip_local_port_range or use fewer connections";
  }
  throw Error(ExitCode::kEnvironmentUnfit,
              fmt::format("opened {} of {} connections to 127.0.0.1:{}, then: {}; {}",
                          progress_.connected.load(std::memory_order_relaxed), plan_.connections,
                          plan_.port, error.message(), remedy));
}

}  // namespace leakbench
