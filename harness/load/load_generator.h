// The load generator: opens connections, releases the load on all of them at one moment, and says
// what became of every request.
//
//   LoadGenerator generator(scheduler, plan);
//   generator.connect(ctx);                    // all connections, before the first request
//   generator.warm_up(ctx, 2s);                // if wanted
//   const LoadResult result = generator.run(ctx);
//   ...                                        // the connections are still open
//   generator.close();
#ifndef LEAKBENCH_HARNESS_LOAD_LOAD_GENERATOR_H_
#define LEAKBENCH_HARNESS_LOAD_LOAD_GENERATOR_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/load/load_connection.h"
#include "harness/load/load_plan.h"
#include "harness/load/load_progress.h"
#include "harness/load/load_result.h"
#include "runtime/task/scheduler.h"

namespace leakbench {

// Used by one thread that is not a worker, whose calls block; progress() is safe from any thread.
// The connections are spread over all workers of `scheduler`, which needs the epoll poller and must
// outlive the generator.
class LoadGenerator {
 public:
  // Throws Error(kUsage) for a plan that can't be.
  LoadGenerator(Scheduler& scheduler, LoadPlan plan);
  LoadGenerator(const LoadGenerator&) = delete;
  LoadGenerator& operator=(const LoadGenerator&) = delete;
  ~LoadGenerator();

  // Tries each connection once and returns when all are settled, or soon once `ctx` is done. Once.
  // Throws Error(kEnvironmentUnfit) when this machine can't open so many; close() what there is.
  ConnectResult connect(Context ctx);

  // Requests for so long a time whose outcomes are dropped; returns when the last is answered, or
  // soon once `ctx` is done. Between connect() and run(); progress() counts them too.
  void warm_up(Context ctx, Duration duration);

  // The load over what connect() established; returns after the last outcome, or soon once `ctx`
  // is done: what is under way then is kCutByEnd, and what was not sent is not counted. Once.
  // Throws Error(kEnvironmentUnfit) when this machine can't open a connection again.
  LoadResult run(Context ctx);

  // Ends every connection. May be called again.
  void close();

  const LoadProgress& progress() const { return progress_; }

 private:
  // The part of one worker.
  struct Shard {
    Worker* worker;
    std::vector<LoadConnection> connections;
  };
  enum class Phase { kNew, kConnected, kRan };

  void enter(Phase from, Phase to);
  LoadResult send_requests(Context ctx, std::optional<Duration> duration);
  void on_each_worker(const std::function<task<>(std::size_t shard)>& work, const char* name);

  Scheduler& scheduler_;
  const LoadPlan plan_;
  const std::string request_;
  LoadProgress progress_;
  std::vector<Shard> shards_;
  ConnectResult connected_;
  Phase phase_ = Phase::kNew;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_LOAD_GENERATOR_H_
