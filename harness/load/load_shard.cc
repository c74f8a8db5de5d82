#include "harness/load/load_shard.h"

#include <sys/prctl.h>

#include <algorithm>
#include <optional>

namespace leakbench {
namespace {

// Finer than any limit that is worth setting, and coarse enough that a busy loop passes few.
constexpr Duration kTick = std::chrono::milliseconds(1);

// So that a load can be cancelled without a way to wake its threads.
constexpr Duration kLongestWait = std::chrono::milliseconds(20);

}  // namespace

LoadShard::LoadShard(const LoadPlan& plan, EngineKind engine, const Clock& clock, LoadPart part,
                     LoadCounters& progress)
    : plan_(plan),
      clock_(clock),
      part_(part),
      progress_(progress),
      target_(address_of(plan)),
      epoch_(clock.now()),
      connections_(share_of(plan.connections, part.of, part.index)),
      engine_(make_engine(engine, connections_.size())) {
  // The default of 50 us is as long as some answers take. Of this thread only.
  ::prctl(PR_SET_TIMERSLACK, 1UL);
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    connections_[i].share = share_of(plan.requests, plan.connections, i * part.of + part.index);
  }
}

int LoadShard::open(Slot slot) {
  LoadConnection& connection = connections_[slot];
  connection.parser = ResponseParser();
  const std::optional<sockaddr_in> from = source_of(plan_, slot * part_.of + part_.index);
  const int error = engine_->connect(slot, target_, from ? &*from : nullptr);
  if (error != 0) return error;
  connection.state = LoadConnection::State::kConnecting;
  set_deadline(slot, saturating_add(now(), plan_.connect_timeout));
  return 0;
}

void LoadShard::close(Slot slot, Farewell farewell) {
  engine_->close(slot, farewell);
  connections_[slot].state = LoadConnection::State::kClosed;
  connections_[slot].deadline = TimePoint::max();
}

void LoadShard::close_all() {
  for (Slot slot = 0; slot < connections_.size(); ++slot) close(slot);
}

// Most deadlines are replaced long before they pass: the wheel is only told of one that is earlier
// than what it knows, and looks again when that passes.
void LoadShard::set_deadline(Slot slot, TimePoint deadline) {
  LoadConnection& connection = connections_[slot];
  connection.deadline = deadline;
  if (deadline == TimePoint::max()) return;
  const std::uint64_t tick = tick_of(deadline) + 1;
  if (connection.is_linked()) {
    if (connection.tick <= tick) return;
    timers_.remove(connection);
  }
  timers_.insert(connection, tick);
}

void LoadShard::wait(TimePoint until, Events& events) {
  TimePoint now = clock_.now();
  until = std::min(until, now + kLongestWait);
  if (const auto tick = timers_.next_tick()) {
    until = std::min(until, epoch_ + kTick * static_cast<Duration::rep>(*tick));
  }
  engine_->wait(until - now, events);
  tell_deadlines(clock_.now(), events);
}

std::uint64_t LoadShard::tick_of(TimePoint time) const {
  return static_cast<std::uint64_t>(std::max(time - epoch_, Duration::zero()) / kTick);
}

void LoadShard::tell_deadlines(TimePoint now, Events& events) {
  const std::uint64_t tick = tick_of(now);
  if (tick == timers_.now()) return;
  timers_.advance(tick);
  while (WheelEntry* entry = timers_.due().pop_front()) {
    auto& connection = static_cast<LoadConnection&>(*entry);
    const auto slot = static_cast<Slot>(&connection - connections_.data());
    const TimePoint deadline = connection.deadline;
    if (deadline <= now) {
      connection.deadline = TimePoint::max();
      events.on_deadline(slot);
    } else {
      set_deadline(slot, deadline);
    }
  }
}

}  // namespace leakbench
