// Where the signal comes from, or goes to, something that knows no contexts.
#include <fmt/core.h>

#include <stop_token>

#include "runtime/task/after_func.h"
#include "runtime/task/sleep.h"
#include "runtime/task/test_scheduler.h"

using namespace leakbench;

// From elsewhere: a callback there cancels a context here.
task<> serve(std::stop_token shutdown) {
  auto serving = with_cancel_cause(background());
  std::stop_callback on_shutdown(shutdown, [&] { serving.cancel(Failure("shutting down")); });
  (void)co_await done(serving.context);
  fmt::print("served until: {}\n", serving.context.cause().message());
}

// To elsewhere: after_func() calls what has to be told.
task<> query(Context ctx) {
  const StopFunc stop = after_func(ctx, [] { fmt::print("database: cancel query\n"); });
  fmt::print("query: {}\n", (co_await done(ctx)).message());
  if (stop()) fmt::print("the database was never told\n");
}

int main() {
  std::stop_source shutdown;
  TestScheduler scheduler;
  auto [ctx, cancel] = with_cancel(background());
  scheduler.go(serve(shutdown.get_token()), "serve");
  scheduler.go(query(ctx), "query");
  scheduler.run_until_idle();
  shutdown.request_stop();
  cancel();
  scheduler.run_until_idle();
}
