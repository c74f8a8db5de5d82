// The requests of a load, over the connections of one shard.
#ifndef LEAKBENCH_HARNESS_LOAD_REQUEST_LOOP_H_
#define LEAKBENCH_HARNESS_LOAD_REQUEST_LOOP_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <utility>

#include "harness/load/load_result.h"
#include "harness/load/load_shard.h"
#include "harness/load/request_mix.h"
#include "harness/load/request_observer.h"
#include "harness/load/schedule.h"
#include "runtime/context/context.h"

namespace leakbench {

// From when on and until when requests become due.
struct LoadWindow {
  TimePoint released{};
  std::optional<Duration> length{};       // empty: until the plan's number of requests
  std::optional<ArrivalPlan> arrivals{};  // empty: each when the one before is answered
};

class RequestLoop final : private LoadShard::Events {
 public:
  // All must outlive it; `observer` may be nullptr.
  RequestLoop(LoadShard& shard, const RequestMix& mix, const LoadWindow& window,
              RequestObserver* observer);

  // Returns after the last outcome, soon once `ctx` is done: what is under way at the window's end
  // is waited for. Connections that can carry another request stay open. What this machine lacks to
  // reconnect (descriptors, ports) throws Error(kEnvironmentUnfit).
  void run(const Context& ctx);

  // After run(), once.
  LoadResult take_result() { return std::move(result_); }

 private:
  // Which request, and for when.
  struct Due {
    std::uint64_t number;
    TimePoint time;
  };

  bool is_over() const;
  TimePoint next_wake() const;
  void begin_first();
  void begin_due();

  // From one request of a connection to its next.
  void next(Slot slot, TimePoint now);
  void begin(Slot slot, Due due, TimePoint now);
  void on_open_failed(Slot slot, int error);
  void send(Slot slot, TimePoint now);
  void answered(Slot slot, TimePoint now);
  void broken(Slot slot, Outcome outcome, int error, Farewell farewell = Farewell::kFin);
  void abort(Slot slot);
  void record(Slot slot, Outcome outcome, int error, TimePoint now);
  void release(Slot slot, TimePoint now);

  Outcome outcome_of_answer(int status);

  std::size_t number_of(Slot slot) const;
  bool may_serve(Slot slot);
  bool is_in_window(const LoadConnection& connection, TimePoint due) const;
  void take_next_due();
  void cut();
  void count_unsent();
  std::uint64_t open_connections() const;

  void on_connected(Slot slot, int error) override;
  void on_sent(Slot slot) override;
  void on_received(Slot slot, std::string_view bytes) override;
  void on_ended(Slot slot, int error) override;
  void on_deadline(Slot slot) override;

  LoadShard& shard_;
  const LoadPlan& plan_;
  const RequestMix& mix_;
  const LoadWindow window_;
  const TimePoint end_;  // of the window; TimePoint::max() where a number of requests ends it
  RequestObserver* const observer_;
  LoadResult result_;
  std::size_t under_way_ = 0;  // connections that release() will come to
  int failure_ = 0;            // errno, of this machine; ends the load

  Slot starting_ = 0;  // without a schedule: who has not begun yet

  std::optional<Schedule> schedule_;
  std::uint64_t scheduled_ = 0;  // taken of it
  std::optional<Due> next_due_;
  std::deque<Slot> idle_;   // who is free, longest first
  TimePoint idle_since_{};  // when somebody was, after nobody
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_REQUEST_LOOP_H_
