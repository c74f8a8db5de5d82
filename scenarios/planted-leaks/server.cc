// The control of a leak detector: exactly so many requests of each thousand leave a task behind
// that waits for ever, in the way that was asked for. Every request starts a task and then does
// what lets it end; the leaking variant forgets to, on every so many-th request, and its fixed twin
// never does.
#include "scenarios/planted-leaks/server.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "runtime/sync/channel.h"
#include "runtime/sync/mutex.h"
#include "runtime/sync/select.h"
#include "runtime/sync/wait_group.h"
#include "runtime/task/scheduler.h"
#include "runtime/task/sleep.h"
#include "scenarios/planted-leaks/leak_plan.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

using Payload = std::string;  // what a leaked task keeps alive
using Signal = channel<std::monostate>;

constexpr Duration kTimerLoopPeriod = 50ms;

// An early return between the start of a task and the receipt of its result: the commonest leak.
task<> send_result(channel<int> results, Payload) { (void)co_await results.send(background(), 42); }

task<> leave_a_sender(Payload payload, bool forget) {
  channel<int> results;
  go(send_result(results, std::move(payload)), "send_result");
  if (forget) co_return;
  (void)co_await results.receive(background());
}

// A channel that its reader reads to the end, and that nobody closes.
task<> read_jobs(channel<int> jobs, Payload) {
  while (true) {
    const auto job = co_await jobs.receive(background());
    if (!job) co_return;
  }
}

task<> leave_a_receiver(Payload payload, bool forget) {
  channel<int> jobs;
  go(read_jobs(jobs, std::move(payload)), "read_jobs");
  if (!forget) jobs.close();
  co_return;
}

// A worker that has a stop, which nobody calls.
task<> work_until_stopped(channel<int> jobs, Signal stop, Payload) {
  std::optional<int> job;
  std::optional<std::monostate> stopped;
  while (true) {
    const Selected chosen =
        co_await select(background(), on_receive(jobs, job), on_receive(stop, stopped));
    if (chosen.index == 1) co_return;
  }
}

task<> leave_a_select(Payload payload, bool forget) {
  channel<int> jobs;
  Signal stop;
  go(work_until_stopped(jobs, stop, std::move(payload)), "work_until_stopped");
  if (!forget) stop.close();
  co_return;
}

// A lock that is not given back on one of the ways out.
task<> update(std::shared_ptr<mutex> guard, Payload) {
  const MutexLock lock = co_await guard->lock();
}

task<> leave_a_mutex(Payload payload, bool forget) {
  const auto guard = std::make_shared<mutex>();
  MutexLock lock = co_await guard->lock();
  go(update(guard, std::move(payload)), "update");
  if (forget) std::move(lock).release();
}

// A group that counts a task which was never started.
task<> wait_for_all(std::shared_ptr<wait_group> group, Payload) {
  (void)co_await group->wait(background());
}

task<> leave_a_wait_group(Payload payload, bool forget) {
  const auto group = std::make_shared<wait_group>();
  group->add();
  go(wait_for_all(group, std::move(payload)), "wait_for_all");
  if (!forget) group->done();
  co_return;
}

// A context whose cancel function got lost.
task<> clean_up_after(Context ctx, Payload) { (void)co_await done(ctx); }

task<> leave_a_context(Payload payload, bool forget) {
  auto [ctx, cancel] = with_cancel(background());
  go(clean_up_after(ctx, std::move(payload)), "clean_up_after");
  if (forget) std::move(cancel).detach();
  co_return;
}

// A loop on a timer, which was not given the request's context. Unlike all others its task can go
// on, and does, to no end: no proof by what can still be reached finds it, only counting does.
task<> report_now_and_then(Context ctx, Payload) {
  while (true) {
    const Failure stopped = co_await sleep_for(ctx, kTimerLoopPeriod);
    if (stopped) co_return;
  }
}

task<> leave_a_timer_loop(Payload payload, bool forget) {
  auto [ctx, cancel] = with_cancel(background());
  go(report_now_and_then(forget ? background() : ctx, std::move(payload)), "report_now_and_then");
  co_return;
}

struct Kind {
  std::string name;
  task<> (*leave)(Payload payload, bool forget);
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> kinds{
      {"channel-send", leave_a_sender},   {"channel-receive", leave_a_receiver},
      {"select", leave_a_select},         {"mutex", leave_a_mutex},
      {"wait-group", leave_a_wait_group}, {"context", leave_a_context},
      {"timer-loop", leave_a_timer_loop},
  };
  return kinds;
}

}  // namespace

void planted_leaks(ScenarioBuilder& scenario) {
  std::vector<std::string> names;
  for (const Kind& kind : kinds()) names.push_back(kind.name);
  const auto plan = std::make_shared<LeakPlan>(
      scenario.thousandths("leaks-per-1000", "5", 1'000, "how many of a thousand requests leak"));
  const std::string chosen =
      scenario.choice("kind", "channel-send", names, "what a leaked task waits for");
  const auto payload_bytes =
      static_cast<std::size_t>(scenario.count("payload", "4096", 1 << 30, "bytes that it holds"));
  const auto leave = std::find_if(kinds().begin(), kinds().end(), [&](const Kind& k) {
                       return k.name == chosen;
                     })->leave;

  scenario.variant("leaking", [=](Context, Request) -> task<Response> {
    co_await leave(Payload(payload_bytes, 'x'), plan->next_leaks());
    co_return Response::text("ok");
  });

  scenario.variant("clean", [=](Context, Request) -> task<Response> {
    co_await leave(Payload(payload_bytes, 'x'), false);
    co_return Response::text("ok");
  });
}

}  // namespace leakbench
