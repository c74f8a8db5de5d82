// A whole program: three calls at once, the first failure ends the others.
#include <fmt/core.h>

#include <stdexcept>
#include <string>

#include "runtime/sync/channel.h"
#include "runtime/sync/wait_group.h"
#include "runtime/task/scheduler.h"
#include "runtime/task/sleep.h"

using namespace leakbench;
using namespace std::chrono_literals;

// What is sent has a constructor: see "An aggregate in a co_await" in pitfalls.md.
struct Answer {
  Answer(std::string n, bool o) : name(std::move(n)), ok(o) {}
  std::string name;
  bool ok;
};

task<> call(Context ctx, std::string name, Duration takes, bool ok, channel<Answer> answers) {
  if (const Failure stopped = co_await sleep_for(ctx, takes)) co_return;
  (void)co_await answers.send(ctx, Answer(name, ok));
}

task<std::string> ask_all(Context request) {
  auto [timed, stop] = with_timeout(request, 2s);
  auto [ctx, cancel] = with_cancel_cause(timed);
  channel<Answer> answers;
  wait_group calls;
  calls.go(call(ctx, "user", 1ms, true, answers), "user");
  calls.go(call(ctx, "order", 5ms, false, answers), "order");
  calls.go(call(ctx, "payment", 1h, true, answers), "payment");
  for (int i = 0; i < 3 && !ctx.is_done(); ++i) {
    const auto answer = co_await answers.receive(ctx);
    if (answer && !answer.value->ok) cancel(Failure(answer.value->name + " failed"));
  }
  (void)co_await calls.wait(background());  // nothing outlives the request
  co_return ctx.err() ? ctx.cause().message() : "all is well";
}

int main() {
  Scheduler scheduler({.workers = 2});
  fmt::print("{}\n", scheduler.run(ask_all(background())));
  fmt::print("live tasks: {}\n", scheduler.live_tasks());
}
