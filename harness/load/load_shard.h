// The connections of one thread of a load, with their sockets and their time limits.
#ifndef LEAKBENCH_HARNESS_LOAD_LOAD_SHARD_H_
#define LEAKBENCH_HARNESS_LOAD_LOAD_SHARD_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "harness/load/engine.h"
#include "harness/load/load_connection.h"
#include "harness/load/load_plan.h"
#include "harness/load/load_progress.h"
#include "runtime/time/clock.h"
#include "runtime/time/timer_wheel.h"

namespace leakbench {

// Which part of a load this thread has: connections and requests number `index`, `index + of`, ...
struct LoadPart {
  std::size_t index = 0;
  std::size_t of = 1;
};

// For one thread, which makes, uses and destroys it.
class LoadShard {
 public:
  // Called from within wait().
  class Events : public EngineEvents {
   public:
    // The connection's deadline has passed; it has none now.
    virtual void on_deadline(Slot slot) = 0;

   protected:
    ~Events() = default;
  };

  // `plan`, `clock` and `progress` must outlive it.
  LoadShard(const LoadPlan& plan, EngineKind engine, const Clock& clock, LoadPart part,
            LoadCounters& progress);

  const LoadPlan& plan() const { return plan_; }
  const LoadPart& part() const { return part_; }
  LoadCounters& progress() { return progress_; }
  Engine& engine() { return *engine_; }
  std::vector<LoadConnection>& connections() { return connections_; }
  LoadConnection& connection(Slot slot) { return connections_[slot]; }
  TimePoint now() const { return clock_.now(); }

  // Begins to open a closed connection, under the plan's time limit. Returns an errno if that
  // failed at once.
  int open(Slot slot);
  // Its next state is kClosed.
  void close(Slot slot, Farewell farewell = Farewell::kFin);
  void close_all();

  // Instead of the deadline it had; TimePoint::max() for none. Told up to two ticks late, never
  // early.
  void set_deadline(Slot slot, TimePoint deadline);

  // Tells what has happened, deadlines included; waits for it until `until`, or a little less.
  void wait(TimePoint until, Events& events);

 private:
  std::uint64_t tick_of(TimePoint time) const;
  void tell_deadlines(TimePoint now, Events& events);

  const LoadPlan& plan_;
  const Clock& clock_;
  const LoadPart part_;
  LoadCounters& progress_;
  const sockaddr_in target_;
  const TimePoint epoch_;
  std::vector<LoadConnection> connections_;
  std::unique_ptr<Engine> engine_;
  TimerWheel timers_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_LOAD_SHARD_H_
