#include "harness/load/burst.h"

#include "harness/load/done_at_end.h"
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

Burst::Burst(std::string_view request, Duration request_timeout, const Clock& clock,
             std::span<LoadConnection> connections, LoadProgress& progress)
    : request_(request),
      request_timeout_(request_timeout),
      clock_(clock),
      connections_(connections),
      progress_(progress),
      buffer_(kBufferBytes) {}

task<> Burst::run(Context ctx, TimePoint released) {
  result_.released = released;
  for (LoadConnection& connection : connections_) {
    if (ctx.is_done()) break;
    if (connection.requests == 0) continue;
    if (connection.stream) {
      running_.add();
      go(send_share(ctx, connection), "load connection");
    } else {
      fail_unconnected(connection);
    }
  }
  // Without `ctx`: the tasks hear of it themselves, and this object must outlive them.
  (void)co_await running_.wait(background());
}

void Burst::fail_unconnected(const LoadConnection& connection) {
  if (connection.connected == Outcome::kCutByEnd) return;
  LoadProgress::count(progress_.sent);
  ++result_.sent;
  result_.outcomes.add(connection.connected);
}

task<> Burst::send_share(Context ctx, LoadConnection& connection) {
  const DoneAtEnd done(running_);
  TimePoint due = *result_.released;
  TimePoint sent = clock_.now();
  for (std::size_t i = 0; i < connection.requests && !ctx.is_done(); ++i) {
    begin_request(sent);
    auto [limited, cancel] = with_timeout(ctx, request_timeout_);
    std::string_view left = request_;
    std::optional<Outcome> outcome = send(connection, left);
    while (!outcome) {
      Failure stopped;
      if (left.empty()) {
        stopped = co_await connection.stream->readable(limited);
        if (!stopped) outcome = receive(connection);
      } else {
        stopped = co_await connection.stream->writable(limited);
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
    if (is_answer(*outcome) && i == 0) ++result_.served;
    if (!is_answer(*outcome) || !connection.parser.keep_alive()) {
      connection.stream.reset();
      break;
    }
    due = sent = ended;
  }
}

void Burst::begin_request(TimePoint sent) {
  LoadProgress::count(progress_.sent);
  ++result_.sent;
  if (!result_.first_sent) result_.first_sent = sent;
}

// Takes off `left` what was sent. An outcome only if sending failed.
std::optional<Outcome> Burst::send(LoadConnection& connection, std::string_view& left) {
  const Stream::IoResult result = connection.stream->try_write(left);
  left.remove_prefix(result.bytes);
  if (!result.error || would_block(result.error)) return std::nullopt;
  return Outcome::kReset;
}

// An outcome once the answer is whole, or can't become so.
std::optional<Outcome> Burst::receive(LoadConnection& connection) {
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

void Burst::end_request(Outcome outcome, TimePoint due, TimePoint sent, TimePoint ended) {
  result_.outcomes.add(outcome);
  if (!is_answer(outcome)) return;
  LoadProgress::count(progress_.answered);
  result_.last_response = ended;
  if (outcome != Outcome::kOk) return;
  result_.response_time.record((ended - due).count());
  result_.service_time.record((ended - sent).count());
}

}  // namespace leakbench
