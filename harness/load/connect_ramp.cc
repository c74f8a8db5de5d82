#include "harness/load/connect_ramp.h"

#include <algorithm>
#include <cerrno>

#include "harness/load/connect_error.h"

namespace leakbench {

using State = LoadConnection::State;

ConnectRamp::ConnectRamp(LoadShard& shard)
    : shard_(shard),
      most_under_way_(std::max<std::size_t>(
          share_of(shard.plan().connects_in_flight, shard.part().of, shard.part().index), 1)) {}

void ConnectRamp::run(const Context& ctx) {
  began_ = shard_.now();
  result_.asked = shard_.connections().size();
  while (!is_settled() && failure_ == 0 && !ctx.is_done()) {
    while (next_ < result_.asked && under_way_ < most_under_way_ && failure_ == 0 &&
           next_time() <= shard_.now()) {
      open_next();
    }
    const bool may_open = next_ < result_.asked && under_way_ < most_under_way_;
    if (!is_settled()) shard_.wait(may_open ? next_time() : TimePoint::max(), *this);
  }
  cut();
  result_.established = result_.outcomes.of(Outcome::kOk);
  if (failure_ != 0) give_up();
}

TimePoint ConnectRamp::next_time() const {
  const double rate = shard_.plan().connect_rate;
  if (rate == 0) return began_;
  const std::size_t before = next_ * shard_.part().of + shard_.part().index;
  const std::chrono::duration<double> offset(static_cast<double>(before) / rate);
  return began_ + std::chrono::duration_cast<Duration>(offset);
}

void ConnectRamp::open_next() {
  const Slot slot = next_++;
  ++under_way_;
  shard_.connection(slot).sent = shard_.now();
  const int error = shard_.open(slot);
  if (error != 0) on_failure(slot, error);
}

void ConnectRamp::on_connected(Slot slot, int error) {
  if (error != 0) return on_failure(slot, error);
  LoadCounters::count(shard_.progress().connected);
  settle(slot, Outcome::kOk, 0);
}

void ConnectRamp::on_failure(Slot slot, int error) {
  const auto outcome = outcome_of_connect(error);
  if (!outcome && failure_ == 0) failure_ = error;
  settle(slot, outcome.value_or(Outcome::kCutByEnd), error);
}

void ConnectRamp::settle(Slot slot, Outcome outcome, int error) {
  LoadConnection& connection = shard_.connection(slot);
  --under_way_;
  result_.outcomes.add(outcome);
  if (error != 0) ++result_.errors[{outcome, error}];
  result_.connect_time.record(outcome, shard_.now() - connection.sent);
  connection.closed_as = outcome;
  if (outcome == Outcome::kOk) {
    connection.state = State::kIdle;
    shard_.set_deadline(slot, TimePoint::max());
  } else {
    shard_.close(slot);
  }
}

// Nobody has asked for anything yet: the connection is of no use.
void ConnectRamp::on_received(Slot slot, std::string_view) {
  shard_.connection(slot).closed_as = Outcome::kParseError;
  shard_.close(slot);
}

void ConnectRamp::on_ended(Slot slot, int error) {
  shard_.connection(slot).closed_as = error == 0 ? Outcome::kEndOfFile : Outcome::kReset;
  shard_.close(slot);
}

void ConnectRamp::on_deadline(Slot slot) { on_failure(slot, ETIMEDOUT); }

void ConnectRamp::cut() {
  for (Slot slot = 0; slot < next_; ++slot) {
    if (shard_.connection(slot).state == State::kConnecting) settle(slot, Outcome::kCutByEnd, 0);
  }
  result_.outcomes.add(Outcome::kCutByEnd, result_.asked - next_);
}

void ConnectRamp::give_up() {
  // First, so that what was lacking is there again for whoever reports it.
  shard_.close_all();
  throw cannot_open(shard_.plan(), shard_.progress().connected.load(std::memory_order_relaxed),
                    failure_);
}

}  // namespace leakbench
