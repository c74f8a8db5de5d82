#include "runtime/net/listener.h"

#include <gtest/gtest.h>

#include "runtime/net/stream.h"
#include "runtime/task/scheduler.h"

namespace leakbench {
namespace {

TEST(Listener, APortInUseIsAnErrorThatNamesIt) {
  const Listener first(0);
  try {
    const Listener second(first.port());
    FAIL() << "the port was given twice";
  } catch (const std::system_error& e) {
    EXPECT_EQ(e.code(), std::errc::address_in_use);
    EXPECT_NE(std::string(e.what()).find(std::to_string(first.port())), std::string::npos);
  }
}

TEST(Acceptor, TakesConnectionsInATask) {
  Scheduler scheduler({.workers = 1, .make_poller = make_epoll_poller});
  Listener listener(0);
  const std::uint16_t port = listener.port();
  const int accepted = scheduler.run([](Listener listener, std::uint16_t port) -> task<int> {
    Acceptor acceptor(std::move(listener));
    int count = 0;
    for (; count < 20; ++count) {
      Connecting connecting = start_connect(loopback(port));
      Acceptor::Accepted result = co_await acceptor.accept(background());
      if (!result.fd.is_open()) break;
    }
    co_return count;
  }(std::move(listener), port));
  EXPECT_EQ(accepted, 20);
}

TEST(Acceptor, StopsWhenItsContextIsDone) {
  auto [ctx, cancel] = with_cancel(background());
  Scheduler scheduler({.workers = 1, .make_poller = make_epoll_poller});
  scheduler.go([](CancelHandle cancel) -> task<> {
    cancel();
    co_return;
  }(std::move(cancel)));
  const std::error_code error =
      scheduler.run([](Context ctx, Listener listener) -> task<std::error_code> {
        Acceptor acceptor(std::move(listener));
        co_return (co_await acceptor.accept(ctx)).error;
      }(ctx, Listener(0)));
  EXPECT_EQ(error, std::errc::operation_canceled);
}

}  // namespace
}  // namespace leakbench
