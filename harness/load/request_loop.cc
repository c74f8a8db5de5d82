#include "harness/load/request_loop.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "harness/load/connect_error.h"

namespace leakbench {
namespace {

using State = LoadConnection::State;

// Begun in a row: the answers to the first are to be seen before the last is sent.
constexpr int kMostAtOnce = 64;

// A client that reads slowly does so this often, or byte by byte.
constexpr Duration kSlowReadInterval = std::chrono::milliseconds(100);

// One that wants half a body reads its header in such pieces, so as not to read on into the body.
constexpr std::size_t kHeaderPiece = 64;
constexpr std::uint64_t kBodyPiece = 64 * 1024;

bool reads_by_plan(const Fate& fate) {
  return fate.kind == FateKind::kHalfReceived || fate.kind == FateKind::kSlowRead ||
         fate.kind == FateKind::kNeverRead;
}

Duration slow_read_interval(std::uint64_t bytes_per_second) {
  const Duration per_byte(std::nano::den / static_cast<Duration::rep>(bytes_per_second));
  return std::max(kSlowReadInterval, per_byte);
}

std::size_t slow_read_bytes(std::uint64_t bytes_per_second) {
  constexpr std::uint64_t kPerSecond = std::nano::den / kSlowReadInterval.count();
  return std::max<std::uint64_t>(bytes_per_second / kPerSecond, 1);
}

}  // namespace

RequestLoop::RequestLoop(LoadShard& shard, const RequestMix& mix, const LoadWindow& window,
                         RequestObserver* observer)
    : shard_(shard),
      plan_(shard.plan()),
      mix_(mix),
      window_(window),
      end_(window.length ? saturating_add(window.released, *window.length) : TimePoint::max()),
      observer_(observer) {
  result_.by_request.resize(mix.size());
  if (window_.arrivals) {
    schedule_.emplace(*window_.arrivals, shard.part().index, shard.part().of);
    take_next_due();
  }
}

void RequestLoop::run(const Context& ctx) {
  result_.released = window_.released;
  for (Slot slot = 0; slot < shard_.connections().size(); ++slot) {
    shard_.connection(slot).begun = shard_.connection(slot).answered = 0;
    if (schedule_ && may_serve(slot)) idle_.push_back(slot);
  }
  while (!is_over() && failure_ == 0 && !ctx.is_done()) {
    if (schedule_) {
      begin_due();
    } else {
      begin_first();
    }
    if (!is_over()) shard_.wait(next_wake(), *this);
  }
  const std::uint64_t open = open_connections();
  cut();
  count_unsent();
  for (const LoadConnection& connection : shard_.connections()) {
    result_.answers_per_connection.record(static_cast<std::int64_t>(connection.answered));
    if (connection.answered > 0) ++result_.served;
  }
  if (failure_ != 0) throw cannot_open(plan_, open, failure_);
}

bool RequestLoop::is_over() const {
  if (under_way_ > 0) return false;
  return schedule_ ? !next_due_ || idle_.empty() : starting_ == shard_.connections().size();
}

TimePoint RequestLoop::next_wake() const {
  if (!schedule_) {
    return starting_ < shard_.connections().size() ? shard_.now() : TimePoint::max();
  }
  return next_due_ && !idle_.empty() ? next_due_->time : TimePoint::max();
}

void RequestLoop::begin_first() {
  for (int i = 0; i < kMostAtOnce && starting_ < shard_.connections().size(); ++i) {
    const Slot slot = starting_++;
    const TimePoint now = shard_.now();
    const TimePoint due = plan_.model == ClosedModel::kBurst ? window_.released : now;
    const LoadConnection& connection = shard_.connection(slot);
    if (!is_in_window(connection, due)) continue;
    if (!may_serve(slot) && connection.closed_as == Outcome::kCutByEnd) continue;
    begin(slot, {number_of(slot), due}, now);
  }
}

void RequestLoop::begin_due() {
  const TimePoint now = shard_.now();
  if (window_.length && now > saturating_add(end_, plan_.request_timeout)) return count_unsent();
  for (int i = 0; i < kMostAtOnce && !idle_.empty() && next_due_ && next_due_->time <= now; ++i) {
    const Slot slot = idle_.front();
    idle_.pop_front();
    if (!may_serve(slot)) continue;
    const Due due = *next_due_;
    take_next_due();
    result_.schedule_lag.record((now - std::max(due.time, idle_since_)).count());
    begin(slot, due, now);
  }
}

void RequestLoop::next(Slot slot, TimePoint now) {
  if (!may_serve(slot)) return;
  LoadConnection& connection = shard_.connection(slot);
  if (!schedule_) {
    if (!is_in_window(connection, now)) return;
    return begin(slot, {connection.begun * plan_.connections + number_of(slot), now}, now);
  }
  if (next_due_ && next_due_->time <= now && idle_.empty()) {
    const Due due = *next_due_;
    take_next_due();
    result_.schedule_lag.record(0);
    return begin(slot, due, now);
  }
  if (idle_.empty()) idle_since_ = now;
  idle_.push_back(slot);
}

void RequestLoop::begin(Slot slot, Due due, TimePoint now) {
  LoadConnection& connection = shard_.connection(slot);
  connection.request = due.number;
  connection.message = &mix_.of(due.number);
  connection.fate = &plan_.fates.of(plan_.seed, due.number);
  connection.due = due.time;
  connection.sent = connection.first_byte = TimePoint{};
  ++connection.begun;
  ++under_way_;
  ++result_.sent;
  LoadCounters::count(shard_.progress().sent);
  if (connection.state == State::kIdle) return send(slot, now);
  if (!plan_.reconnect) return broken(slot, connection.closed_as, 0);
  const int error = shard_.open(slot);
  if (error != 0) on_open_failed(slot, error);
}

void RequestLoop::on_open_failed(Slot slot, int error) {
  const auto outcome = outcome_of_connect(error);
  if (!outcome && failure_ == 0) failure_ = error;
  shard_.close(slot);
  const TimePoint now = shard_.now();
  record(slot, outcome.value_or(Outcome::kCutByEnd), error, now);
  // A target that is gone is not asked in a loop.
  shard_.connection(slot).state = State::kPaused;
  shard_.set_deadline(slot, saturating_add(now, plan_.reconnect_pause));
}

void RequestLoop::on_connected(Slot slot, int error) {
  if (error != 0) return on_open_failed(slot, error);
  ++result_.reconnects;
  LoadCounters::count(shard_.progress().connected);
  send(slot, shard_.now());
}

void RequestLoop::send(Slot slot, TimePoint now) {
  LoadConnection& connection = shard_.connection(slot);
  const Fate& fate = *connection.fate;
  connection.state = State::kBusy;
  connection.sent = now;
  if (!result_.first_sent) result_.first_sent = now;
  TimePoint deadline = saturating_add(now, plan_.request_timeout);
  if (fate.kind == FateKind::kGiveUp)
    deadline = std::min(deadline, saturating_add(now, fate.after));
  if (fate.kind == FateKind::kSlowRead) {
    deadline = std::min(deadline, now + slow_read_interval(fate.bytes_per_second));
  }
  shard_.set_deadline(slot, deadline);
  connection.parser.expect_answer_to_head(connection.message->is_head);
  const std::string_view bytes = connection.message->bytes;
  Engine& engine = shard_.engine();
  if (reads_by_plan(fate)) engine.set_receiving(slot, Receiving::kNothing);
  if (fate.kind == FateKind::kHalfSent) {
    engine.send(slot, bytes.substr(0, bytes.size() / 2), true);
  } else {
    engine.send(slot, bytes, false);
  }
  if (fate.kind == FateKind::kHalfReceived) engine.receive_some(slot, kHeaderPiece);
}

void RequestLoop::on_sent(Slot slot) { abort(slot); }

void RequestLoop::on_received(Slot slot, std::string_view bytes) {
  LoadConnection& connection = shard_.connection(slot);
  if (connection.state != State::kBusy) {
    // Nobody has asked for anything: what comes next would be taken for the wrong answer.
    connection.closed_as = Outcome::kParseError;
    return shard_.close(slot);
  }
  const TimePoint now = shard_.now();
  if (connection.first_byte == TimePoint{}) connection.first_byte = now;
  switch (connection.parser.put(bytes)) {
    case ResponseParser::Status::kComplete:
      return answered(slot, now);
    case ResponseParser::Status::kMalformed:
      return broken(slot, Outcome::kParseError, 0);
    case ResponseParser::Status::kIncomplete:
      break;
  }
  if (connection.fate->kind != FateKind::kHalfReceived) return;
  const auto until_half = connection.parser.until_half();
  if (until_half == 0) return abort(slot);
  shard_.engine().receive_some(slot, until_half ? std::min(*until_half, kBodyPiece) : kHeaderPiece);
}

void RequestLoop::on_ended(Slot slot, int error) {
  LoadConnection& connection = shard_.connection(slot);
  const Outcome outcome = error == 0 ? Outcome::kEndOfFile : Outcome::kReset;
  if (connection.state != State::kBusy) {
    connection.closed_as = outcome;
    return shard_.close(slot);
  }
  if (error == 0 && connection.parser.put_end() == ResponseParser::Status::kComplete) {
    shard_.close(slot);
    return answered(slot, shard_.now());
  }
  broken(slot, outcome, error);
}

void RequestLoop::on_deadline(Slot slot) {
  LoadConnection& connection = shard_.connection(slot);
  switch (connection.state) {
    case State::kConnecting:
      return on_open_failed(slot, ETIMEDOUT);
    case State::kPaused:
      connection.state = State::kClosed;
      return release(slot, shard_.now());
    case State::kBusy:
      break;
    case State::kClosed:
    case State::kIdle:
      return;
  }
  const Fate& fate = *connection.fate;
  const TimePoint now = shard_.now();
  const TimePoint limit = saturating_add(connection.sent, plan_.request_timeout);
  if (fate.kind == FateKind::kSlowRead && now < limit) {
    shard_.engine().receive_some(slot, slow_read_bytes(fate.bytes_per_second));
    const Duration interval = slow_read_interval(fate.bytes_per_second);
    return shard_.set_deadline(slot, std::min(limit, now + interval));
  }
  if (fate.kind == FateKind::kComplete || fate.kind == FateKind::kHalfSent ||
      fate.kind == FateKind::kHalfReceived ||
      (fate.kind == FateKind::kGiveUp && fate.after >= plan_.request_timeout)) {
    return broken(slot, Outcome::kTimeout, 0);
  }
  abort(slot);
}

void RequestLoop::answered(Slot slot, TimePoint now) {
  LoadConnection& connection = shard_.connection(slot);
  const ResponseParser& parser = connection.parser;
  if (connection.state == State::kBusy && plan_.keep_alive && parser.keep_alive()) {
    connection.state = State::kIdle;
    shard_.set_deadline(slot, TimePoint::max());
    if (reads_by_plan(*connection.fate)) shard_.engine().set_receiving(slot, Receiving::kAll);
  } else {
    shard_.close(slot);
  }
  ++connection.answered;
  LoadCounters::count(shard_.progress().answered);
  result_.last_response = now;
  const bool slowly = connection.fate->kind == FateKind::kSlowRead;
  record(slot, slowly ? Outcome::kReadSlowly : outcome_of_answer(parser.status_code()), 0, now);
  release(slot, now);
}

Outcome RequestLoop::outcome_of_answer(int status) {
  const Outcome outcome = outcome_of_status(status);
  if (outcome == Outcome::kOk) return outcome;
  const auto& accepted = plan_.accepted_statuses;
  if (std::find(accepted.begin(), accepted.end(), status) == accepted.end()) return outcome;
  ++result_.accepted;
  return Outcome::kOk;
}

void RequestLoop::abort(Slot slot) {
  const bool reset = shard_.connection(slot).fate->reset;
  broken(slot, Outcome::kAborted, 0, reset ? Farewell::kReset : Farewell::kFin);
}

void RequestLoop::broken(Slot slot, Outcome outcome, int error, Farewell farewell) {
  shard_.close(slot, farewell);
  shard_.connection(slot).closed_as = Outcome::kCutByEnd;
  const TimePoint now = shard_.now();
  record(slot, outcome, error, now);
  release(slot, now);
}

void RequestLoop::record(Slot slot, Outcome outcome, int error, TimePoint now) {
  const LoadConnection& connection = shard_.connection(slot);
  const bool was_sent = connection.sent != TimePoint{};
  const bool had_byte = connection.first_byte != TimePoint{};
  result_.outcomes.add(outcome);
  result_.by_request[connection.message->index].add(outcome);
  if (error != 0) ++result_.errors[{outcome, error}];
  result_.ended = result_.ended ? std::max(*result_.ended, now) : now;
  if (outcome == Outcome::kOk && now <= end_) ++result_.ok_in_time;
  result_.response_time.record(outcome, now - connection.due);
  if (was_sent) result_.service_time.record(outcome, now - connection.sent);
  if (had_byte) result_.first_byte_time.record(outcome, connection.first_byte - connection.sent);
  if (observer_ == nullptr) return;
  observer_->on_request(
      {.number = connection.request,
       .connection = number_of(slot),
       .outcome = outcome,
       .error = error,
       .due = connection.due,
       .sent = was_sent ? std::optional(connection.sent) : std::nullopt,
       .first_byte = had_byte ? std::optional(connection.first_byte) : std::nullopt,
       .ended = now});
}

void RequestLoop::release(Slot slot, TimePoint now) {
  --under_way_;
  next(slot, now);
}

std::size_t RequestLoop::number_of(Slot slot) const {
  return slot * shard_.part().of + shard_.part().index;
}

bool RequestLoop::may_serve(Slot slot) {
  return plan_.reconnect || shard_.connection(slot).state == State::kIdle;
}

bool RequestLoop::is_in_window(const LoadConnection& connection, TimePoint due) const {
  return window_.length ? due < end_ : connection.begun < connection.share;
}

void RequestLoop::take_next_due() {
  next_due_.reset();
  const std::uint64_t number = scheduled_++ * shard_.part().of + shard_.part().index;
  if (!window_.length && number >= plan_.requests) return;
  if (const auto offset = schedule_->next()) next_due_ = {number, window_.released + *offset};
}

void RequestLoop::cut() {
  if (under_way_ == 0) return;
  const TimePoint now = shard_.now();
  for (Slot slot = 0; slot < shard_.connections().size(); ++slot) {
    LoadConnection& connection = shard_.connection(slot);
    const bool has_request =
        connection.state == State::kBusy || connection.state == State::kConnecting;
    if (!has_request && connection.state != State::kPaused) continue;
    shard_.close(slot);
    if (has_request) record(slot, Outcome::kCutByEnd, 0, now);
  }
}

void RequestLoop::count_unsent() {
  const TimePoint now = shard_.now();
  while (next_due_ && next_due_->time <= now) {
    ++result_.unsent;
    take_next_due();
  }
}

std::uint64_t RequestLoop::open_connections() const {
  const auto& connections = shard_.connections();
  return static_cast<std::uint64_t>(std::count_if(
      connections.begin(), connections.end(),
      [](const LoadConnection& c) { return c.state == State::kIdle || c.state == State::kBusy; }));
}

}  // namespace leakbench
