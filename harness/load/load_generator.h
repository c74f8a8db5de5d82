// The load generator: opens connections, releases the load on all of them at one moment, and says
// what became of every request.
//
//   LoadGenerator generator(plan);
//   generator.connect(ctx);                    // all connections, before the first request
//   generator.warm_up(ctx, 2s);                // if wanted
//   const LoadResult result = generator.run(ctx);
//   ...                                        // the connections are still open
//   generator.close();
#ifndef LEAKBENCH_HARNESS_LOAD_LOAD_GENERATOR_H_
#define LEAKBENCH_HARNESS_LOAD_LOAD_GENERATOR_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/load/load_plan.h"
#include "harness/load/load_progress.h"
#include "harness/load/load_result.h"
#include "harness/load/load_shard.h"
#include "harness/load/load_thread.h"
#include "harness/load/request_loop.h"
#include "harness/load/request_mix.h"
#include "harness/load/request_observer.h"
#include "runtime/context/context.h"

namespace leakbench {

// What the load is made with. What it is does not depend on it.
struct GeneratorSetup {
  std::size_t threads = 1;
  EngineKind engine = EngineKind::kEpoll;
  // Each thread has a descriptor table of its own: see LoadThread.
  bool own_descriptors = false;
};

// Used by one thread, whose calls block; progress() is safe from any. The connections are spread
// over the setup's threads, which run where the maker's affinity lets them.
class LoadGenerator {
 public:
  // Throws Error(kUsage) for a plan that can't be, and Error(kEnvironmentUnfit).
  explicit LoadGenerator(LoadPlan plan, GeneratorSetup setup = {});
  LoadGenerator(const LoadGenerator&) = delete;
  LoadGenerator& operator=(const LoadGenerator&) = delete;
  ~LoadGenerator();

  // Tries each connection once and returns when all are settled, or soon once `ctx` is done. Once.
  // Throws Error(kEnvironmentUnfit) when this machine can't open so many; close() what there is.
  ConnectResult connect(const Context& ctx);

  // Requests for so long a time whose outcomes are dropped, of the plan's model, a schedule's at
  // its first rate; returns when the last is answered, or soon once `ctx` is done. Between
  // connect() and run(); progress() counts them too.
  void warm_up(const Context& ctx, Duration duration);

  // The load over what connect() established; returns after the last outcome, or soon once `ctx`
  // is done: what is under way then is kCutByEnd, and what was not sent is not counted. Once.
  // `observer`, if there is one, is told of each request.
  // Throws Error(kEnvironmentUnfit) when this machine can't open a connection again.
  LoadResult run(const Context& ctx, RequestObserver* observer = nullptr);

  // Ends every connection. May be called again.
  void close();

  const LoadProgress& progress() const { return progress_; }

 private:
  enum class Phase { kNew, kConnected, kRan };

  // Destroyed in this order, the shard on its thread.
  struct Part {
    std::unique_ptr<LoadShard> shard;
    std::unique_ptr<LoadThread> thread;
  };

  void enter(Phase from, Phase to);
  LoadResult send_requests(const Context& ctx, const LoadWindow& window, RequestObserver* observer);
  // Return when each thread has done it; throw what one of them threw. Where one throws, the
  // others' context is done.
  void on_each_thread(const std::function<void(std::size_t part)>& work);
  void on_each_thread(const Context& ctx,
                      const std::function<void(std::size_t part, const Context& all)>& work);

  const LoadPlan plan_;
  const RequestMix mix_;
  const SteadyClock clock_;
  LoadProgress progress_;
  std::vector<Part> parts_;
  ConnectResult connected_;
  Phase phase_ = Phase::kNew;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_LOAD_GENERATOR_H_
