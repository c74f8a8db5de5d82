// The burst: every connection of a worker is released at one moment and sends its requests one
// after another, each when the one before is answered.
#ifndef LEAKBENCH_HARNESS_LOAD_BURST_H_
#define LEAKBENCH_HARNESS_LOAD_BURST_H_

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "harness/load/load_connection.h"
#include "harness/load/load_progress.h"
#include "harness/load/load_result.h"
#include "runtime/context/context.h"
#include "runtime/sync/wait_group.h"
#include "runtime/task/task.h"

namespace leakbench {

// On one worker. What it is given must outlive it.
class Burst {
 public:
  // `request` is what is sent each time, whole.
  Burst(std::string_view request, Duration request_timeout, const Clock& clock,
        std::span<LoadConnection> connections, LoadProgress& progress);

  // Returns after the last outcome, soon once `ctx` is done. The requests are due from `released`
  // on. Connections that can carry another request stay open.
  task<> run(Context ctx, TimePoint released);

  // After run().
  const LoadResult& result() const { return result_; }

 private:
  task<> send_share(Context ctx, LoadConnection& connection);
  void fail_unconnected(const LoadConnection& connection);
  void begin_request(TimePoint sent);
  std::optional<Outcome> send(LoadConnection& connection, std::string_view& left);
  std::optional<Outcome> receive(LoadConnection& connection);
  void end_request(Outcome outcome, TimePoint due, TimePoint sent, TimePoint ended);

  const std::string_view request_;
  const Duration request_timeout_;
  const Clock& clock_;
  const std::span<LoadConnection> connections_;
  LoadProgress& progress_;
  // One for all: what a read brings is parsed at once, and nothing of it is kept here.
  std::vector<char> buffer_;
  wait_group running_;
  LoadResult result_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_BURST_H_
