#include "harness/load/open_connection.h"

#include <fmt/format.h>

#include <cerrno>
#include <utility>

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

ConnectAttempt settled(const std::error_code& error) {
  const std::optional<Outcome> outcome = outcome_of(error);
  if (!outcome) return {.failure = error};
  return {.outcome = *outcome};
}

task<ConnectAttempt> attempt(Context ctx, const LoadPlan& plan, LoadConnection& connection) {
  Connecting connecting = start_connect(address_of(plan));
  if (connecting.error) co_return settled(connecting.error);
  try {
    connection.stream.emplace(std::move(connecting.fd));
  } catch (const std::system_error& refused_by_epoll) {
    co_return settled(refused_by_epoll.code());
  }
  auto [limited, cancel] = with_timeout(ctx, plan.connect_timeout);
  if (co_await connection.stream->writable(limited)) {
    co_return ConnectAttempt{.outcome =
                                 ctx.is_done() ? Outcome::kCutByEnd : Outcome::kConnectTimeout};
  }
  co_return settled(connection.stream->connect_error());
}

}  // namespace

task<ConnectAttempt> open_connection(Context ctx, const LoadPlan& plan, const Clock& clock,
                                     LoadConnection& connection) {
  connection.parser = ResponseParser(plan.method == "HEAD");
  const TimePoint started = clock.now();
  ConnectAttempt result = co_await attempt(ctx, plan, connection);
  if (result.outcome == Outcome::kOk) {
    result.took = clock.now() - started;
  } else {
    connection.stream.reset();
  }
  co_return result;
}

Error cannot_open(const LoadPlan& plan, std::uint64_t opened, const std::error_code& failure) {
  return Error(
      ExitCode::kEnvironmentUnfit,
      fmt::format("opened {} of {} connections to {}, then: {}; {}", opened, plan.connections,
                  address_text(plan), failure.message(), remedy_for(failure)));
}

}  // namespace leakbench
