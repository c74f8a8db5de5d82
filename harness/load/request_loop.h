// The requests of a load: every connection of a worker sends its own one after another, each when
// the one before is answered.
#ifndef LEAKBENCH_HARNESS_LOAD_REQUEST_LOOP_H_
#define LEAKBENCH_HARNESS_LOAD_REQUEST_LOOP_H_

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>
#include <vector>

#include "harness/load/load_connection.h"
#include "harness/load/load_plan.h"
#include "harness/load/load_progress.h"
#include "harness/load/load_result.h"
#include "runtime/context/context.h"
#include "runtime/sync/wait_group.h"
#include "runtime/task/task.h"

namespace leakbench {

// From when on and until when requests become due.
struct LoadWindow {
  TimePoint released;
  std::optional<TimePoint> end;  // empty: until each connection's share is sent
};

// On one worker. What it is given must outlive it.
class RequestLoop {
 public:
  // `request` is what is sent each time, whole.
  RequestLoop(const LoadPlan& plan, std::string_view request, const Clock& clock,
              std::span<LoadConnection> connections, LoadProgress& progress);

  // Returns after the last outcome, soon once `ctx` is done: what is under way at the window's end
  // is waited for. Connections that can carry another request stay open. What this machine lacks to
  // reconnect (descriptors, ports) throws Error(kEnvironmentUnfit).
  task<> run(Context ctx, LoadWindow window);

  // After run().
  const LoadResult& result() const { return result_; }

 private:
  task<> send_share(Context ctx, LoadConnection& connection);
  bool has_more(const LoadConnection& connection, std::size_t sent, TimePoint due) const;
  // Rare waits are tasks of their own, so that not every connection's frame has room for them.
  // False, after a pause, if the connection is not open again: then its request has failed.
  task<bool> reopen(Context ctx, LoadConnection& connection, TimePoint due);
  task<Failure> until_writable(Context ctx, LoadConnection& connection);
  void fail_unsent(Outcome outcome, TimePoint due);
  void begin_request(TimePoint sent);
  std::optional<Outcome> send(LoadConnection& connection, std::string_view& left);
  std::optional<Outcome> receive(LoadConnection& connection);
  void end_request(Outcome outcome, TimePoint due, TimePoint sent, TimePoint ended);
  [[noreturn]] void give_up() const;

  const LoadPlan& plan_;
  const std::string_view request_;
  const Clock& clock_;
  const std::span<LoadConnection> connections_;
  LoadProgress& progress_;
  LoadWindow window_{};
  // One for all: what a read brings is parsed at once, and nothing of it is kept here.
  std::vector<char> buffer_;
  std::error_code failure_;  // of this machine; ends the load
  CancelHandle stop_;
  wait_group running_;
  LoadResult result_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_REQUEST_LOOP_H_
