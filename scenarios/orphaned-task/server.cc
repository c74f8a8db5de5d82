// A handler that starts work in the background and answers at once. Without the request's context
// the work outlives its request; with it, it ends when the request does.
#include "scenarios/orphaned-task/server.h"

#include <cstdint>
#include <vector>

#include "runtime/task/scheduler.h"
#include "runtime/task/sleep.h"

namespace leakbench {
namespace {

struct Job {
  Duration duration;
  Duration step;
  std::int64_t step_work;
  std::int64_t payload_bytes;

  std::int64_t steps() const { return duration / step; }
};

// What an orphan keeps alive, and what it burns.
class Payload {
 public:
  explicit Payload(std::int64_t bytes)
      : words_(static_cast<std::size_t>(bytes) / sizeof(std::uint64_t), 1) {}

  // Reads and writes every word, `passes` times over.
  void crunch(std::int64_t passes) {
    for (std::int64_t pass = 0; pass < passes; ++pass) {
      std::uint64_t carry = static_cast<std::uint64_t>(pass);
      for (std::uint64_t& word : words_) {
        carry += word * 0x9e3779b97f4a7c15;
        word = carry ^ (carry >> 29);
      }
    }
  }

 private:
  std::vector<std::uint64_t> words_;
};

task<> expensive_work(Context ctx, Job job) {
  Payload payload(job.payload_bytes);
  for (std::int64_t step = 0; step < job.steps(); ++step) {
    if (co_await sleep_for(ctx, job.step)) co_return;
    payload.crunch(job.step_work);
  }
}

}  // namespace

void orphaned_task(ScenarioBuilder& scenario) {
  const Job job{
      .duration = scenario.duration("job-duration", "5s", "how long the background work takes"),
      .step = scenario.duration("step", "100ms", "the work looks at its context this often"),
      .step_work =
          scenario.count("step-work", "1", 1'000'000, "passes over the payload at each step"),
      .payload_bytes = scenario.count("payload", "4096", 1 << 30, "bytes that the work holds")};
  if (job.step <= Duration::zero() || job.step > job.duration) {
    throw OptionError("--step must be longer than nothing and no longer than --job-duration");
  }

  scenario.variant("without-context", [job](Context, Request) -> task<Response> {
    go(expensive_work(background(), job), "expensive_work");
    co_return Response::text("ok");
  });

  scenario.variant("with-context", [job](Context ctx, Request) -> task<Response> {
    go(expensive_work(ctx, job), "expensive_work");
    co_return Response::text("ok");
  });
}

}  // namespace leakbench
