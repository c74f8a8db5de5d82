// The least a server can do: two bytes for every request. What is left is the runtime's own cost,
// which go/hello and nginx's `return 200` are measured against.
#include <fmt/format.h>
#include <pthread.h>

#include <csignal>
#include <cstdio>
#include <exception>

#include "runtime/http/http_server.h"
#include "runtime/net/epoll_poller.h"
#include "runtime/task/scheduler.h"

namespace leakbench {
namespace {

task<Response> hello(Context, Request) { co_return Response::text("ok"); }

// Until SIGINT or SIGTERM. Says its port in a line of its own on stdout.
void serve() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  // Before any thread starts: all of them inherit it.
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  Scheduler scheduler({.workers = 1, .make_poller = make_epoll_poller});
  HttpServer server(scheduler, {});
  server.handle("/", hello);
  server.start();
  fmt::print("{}\n", server.port());
  std::fflush(stdout);
  int signal = 0;
  ::sigwait(&signals, &signal);
  server.shutdown(Duration::zero());
}

}  // namespace
}  // namespace leakbench

int main() {
  try {
    leakbench::serve();
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "hello_server: {}\n", error.what());
    return 1;
  }
}
