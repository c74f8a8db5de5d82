#include "harness/load/request_loop.h"

#include <algorithm>
#include <utility>

#include "harness/load/open_connection.h"
#include "runtime/task/scheduler.h"
#include "runtime/task/sleep.h"

namespace leakbench {
namespace {

constexpr std::size_t kBufferBytes = 64 * 1024;

bool is_answer(Outcome outcome) {
  return outcome == Outcome::kOk || outcome == Outcome::kHttp3xx || outcome == Outcome::kHttp4xx ||
         outcome == Outcome::kHttp5xx;
}

}  // namespace

RequestLoop::RequestLoop(const LoadPlan& plan, std::string_view request, const Clock& clock,
                         std::span<LoadConnection> connections, LoadProgress& progress)
    : plan_(plan),
      request_(request),
      clock_(clock),
      connections_(connections),
      progress_(progress),
      buffer_(kBufferBytes) {}

task<> RequestLoop::run(Context ctx, LoadWindow window) {
  auto [load, stop] = with_cancel(ctx);
  stop_ = std::move(stop);
  window_ = window;
  result_.released = window.released;
  for (LoadConnection& connection : connections_) {
    connection.answered = 0;
    if (load.is_done()) continue;
    if (!has_more(connection, 0, window.released)) continue;
    if (connection.stream || plan_.reconnect) {
      running_.add();
      go(send_share(load, connection), "load connection");
    } else if (connection.connected != Outcome::kCutByEnd) {
      fail_unsent(connection.connected, window.released);
    }
  }
  // Without a context: the tasks hear of it themselves, and this object must outlive them.
  (void)co_await running_.wait(background());
  for (const LoadConnection& connection : connections_) {
    result_.answers_per_connection.record(static_cast<std::int64_t>(connection.answered));
    if (connection.answered > 0) ++result_.served;
  }
  if (failure_) give_up();
}

bool RequestLoop::has_more(const LoadConnection& connection, std::size_t sent,
                           TimePoint due) const {
  return window_.end ? due < *window_.end : sent < connection.requests;
}

task<> RequestLoop::send_share(Context ctx, LoadConnection& connection) {
  const DoneAtEnd done(running_);
  TimePoint sent = clock_.now();
  TimePoint due = plan_.model == LoadModel::kBurst ? window_.released : sent;
  for (std::size_t i = 0; has_more(connection, i, due) && !ctx.is_done(); ++i) {
    if (!connection.stream) {
      const bool open = co_await reopen(ctx, connection, due);
      sent = clock_.now();
      if (!open) {
        due = sent;
        continue;
      }
    }
    begin_request(sent);
    auto [limited, cancel] = with_timeout(ctx, plan_.request_timeout);
    std::string_view left = request_;
    std::optional<Outcome> outcome = send(connection, left);
    while (!outcome) {
      Failure stopped;
      if (left.empty()) {
        stopped = co_await connection.stream->readable(limited);
        if (!stopped) outcome = receive(connection);
      } else {
        stopped = co_await until_writable(limited, connection);
        if (!stopped) outcome = send(connection, left);
      }
      if (outcome) break;
      // Readiness wins over a context that is done: without this look, an answer that never ends
      // would never time out.
      if (limited.is_done()) {
        outcome = ctx.is_done() ? Outcome::kCutByEnd : Outcome::kTimeout;
      } else {
        co_await yield();  // a peer that never stops sending must not hold up the other connections
      }
    }
    const TimePoint ended = clock_.now();
    end_request(*outcome, due, sent, ended);
    if (is_answer(*outcome)) ++connection.answered;
    if (!is_answer(*outcome) || !plan_.keep_alive || !connection.parser.keep_alive()) {
      connection.stream.reset();
      if (!plan_.reconnect) break;
    }
    due = sent = ended;
  }
}

task<bool> RequestLoop::reopen(Context ctx, LoadConnection& connection, TimePoint due) {
  const ConnectAttempt attempt = co_await open_connection(ctx, plan_, clock_, connection);
  if (attempt.failure && !failure_) {
    failure_ = attempt.failure;
    stop_();
  }
  if (ctx.is_done()) co_return false;
  if (attempt.outcome == Outcome::kOk) {
    ++result_.reconnects;
    co_return true;
  }
  fail_unsent(attempt.outcome, due);
  (void)co_await sleep_for(ctx, plan_.reconnect_pause);
  co_return false;
}

task<Failure> RequestLoop::until_writable(Context ctx, LoadConnection& connection) {
  co_return co_await connection.stream->writable(ctx);
}

// A request that was due and reached no connection.
void RequestLoop::fail_unsent(Outcome outcome, TimePoint due) {
  const TimePoint now = clock_.now();
  LoadProgress::count(progress_.sent);
  ++result_.sent;
  end_request(outcome, due, now, now);
}

void RequestLoop::begin_request(TimePoint sent) {
  LoadProgress::count(progress_.sent);
  ++result_.sent;
  if (!result_.first_sent) result_.first_sent = sent;
}

// Takes off `left` what was sent. An outcome only if sending failed.
std::optional<Outcome> RequestLoop::send(LoadConnection& connection, std::string_view& left) {
  const Stream::IoResult result = connection.stream->try_write(left);
  left.remove_prefix(result.bytes);
  if (!result.error || would_block(result.error)) return std::nullopt;
  return Outcome::kReset;
}

// An outcome once the answer is whole, or can't become so.
std::optional<Outcome> RequestLoop::receive(LoadConnection& connection) {
  ResponseParser& parser = connection.parser;
  const Stream::IoResult result = connection.stream->try_read(buffer_);
  if (result.is_end) {
    if (parser.put_end() == ResponseParser::Status::kIncomplete) return Outcome::kEndOfFile;
    return outcome_of_status(parser.status_code());
  }
  if (result.error) {
    if (would_block(result.error)) return std::nullopt;
    return Outcome::kReset;
  }
  switch (parser.put({buffer_.data(), result.bytes})) {
    case ResponseParser::Status::kComplete:
      return outcome_of_status(parser.status_code());
    case ResponseParser::Status::kMalformed:
      return Outcome::kParseError;
    case ResponseParser::Status::kIncomplete:
      break;
  }
  return std::nullopt;
}

void RequestLoop::end_request(Outcome outcome, TimePoint due, TimePoint sent, TimePoint ended) {
  result_.outcomes.add(outcome);
  result_.ended = result_.ended ? std::max(*result_.ended, ended) : ended;
  if (!is_answer(outcome)) return;
  LoadProgress::count(progress_.answered);
  result_.last_response = ended;
  if (outcome != Outcome::kOk) return;
  if (!window_.end || ended <= *window_.end) ++result_.ok_in_time;
  result_.response_time.record((ended - due).count());
  result_.service_time.record((ended - sent).count());
}

void RequestLoop::give_up() const {
  const auto open = std::count_if(connections_.begin(), connections_.end(),
                                  [](const LoadConnection& c) { return c.stream.has_value(); });
  throw cannot_open(plan_, static_cast<std::uint64_t>(open), failure_);
}

}  // namespace leakbench
