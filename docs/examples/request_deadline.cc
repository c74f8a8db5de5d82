// One deadline for all that a request starts.
#include <fmt/core.h>

#include "runtime/sync/wait_group.h"
#include "runtime/task/sleep.h"
#include "runtime/task/test_scheduler.h"

using namespace leakbench;
using namespace std::chrono_literals;

task<> call_service(Context ctx, const char* name, Duration takes, wait_group* calls) {
  const Failure failure = co_await sleep_for(ctx, takes);
  fmt::print("{}: {}\n", name, failure ? failure.message() : "ok");
  calls->done();
}

task<> handle_request(Context request) {
  auto [ctx, cancel] = with_timeout(request, 2s);  // cancelled where this scope ends
  wait_group calls;
  calls.add(3);
  go(call_service(ctx, "user", 300ms, &calls), "user");
  go(call_service(ctx, "order", 800ms, &calls), "order");
  go(call_service(ctx, "payment", 5s, &calls), "payment");
  (void)co_await calls.wait(background());
  if (ctx.err() == deadline_exceeded()) fmt::print("answer: 504\n");
}

int main() {
  TestScheduler scheduler;
  scheduler.go(handle_request(background()), "request");
  scheduler.advance(3s);
}
