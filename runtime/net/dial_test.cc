#include "runtime/net/dial.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <chrono>

#include "runtime/net/listener.h"
#include "runtime/task/scheduler.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

class DialTest : public testing::Test {
 protected:
  Scheduler scheduler_{{.workers = 1, .make_poller = make_epoll_poller}};
};

TEST_F(DialTest, GivesAConnectedStream) {
  scheduler_.run([]() -> task<> {
    Listener listener(0);
    const std::uint16_t port = listener.port();
    Acceptor acceptor(std::move(listener));
    const Dialed dialed = co_await dial(background(), loopback(port));
    EXPECT_FALSE(dialed.error);
    EXPECT_NE(dialed.stream, nullptr);
    if (dialed.stream == nullptr) co_return;
    const Acceptor::Accepted accepted = co_await acceptor.accept(background());
    EXPECT_FALSE(co_await dialed.stream->write_all(background(), "hi"));
    char bytes[3];
    EXPECT_EQ(::recv(accepted.fd.get(), bytes, sizeof(bytes), 0), 2);
  }());
}

TEST_F(DialTest, SaysThatNobodyListens) {
  scheduler_.run([]() -> task<> {
    const std::uint16_t gone = Listener(0).port();
    const Dialed dialed = co_await dial(background(), loopback(gone));
    EXPECT_EQ(dialed.error, std::errc::connection_refused);
    EXPECT_EQ(dialed.stream, nullptr);
  }());
}

// A backlog that is full lets further connections wait in SYN_SENT.
TEST_F(DialTest, AWaitForTheConnectionEndsWithItsContext) {
  scheduler_.run([]() -> task<> {
    Listener listener(0, 0);
    std::vector<std::unique_ptr<Stream>> taken;
    std::error_code error;
    for (int i = 0; i < 50 && !error; ++i) {
      auto [ctx, cancel] = with_timeout(background(), 50ms);
      Dialed dialed = co_await dial(ctx, loopback(listener.port()));
      error = dialed.error;
      taken.push_back(std::move(dialed.stream));
    }
    EXPECT_EQ(error, std::errc::operation_canceled);
    EXPECT_EQ(taken.back(), nullptr);
  }());
}

TEST_F(DialTest, UnderADoneContextItDoesNotEvenBegin) {
  scheduler_.run([]() -> task<> {
    Listener listener(0);
    const std::uint16_t port = listener.port();
    Acceptor acceptor(std::move(listener));
    auto [done, cancel] = with_cancel(background());
    cancel();
    const Dialed dialed = co_await dial(done, loopback(port));
    EXPECT_EQ(dialed.error, std::errc::operation_canceled);
    auto [ctx, stop] = with_timeout(background(), 20ms);
    const Acceptor::Accepted accepted = co_await acceptor.accept(ctx);
    EXPECT_EQ(accepted.error, std::errc::operation_canceled);
  }());
}

}  // namespace
}  // namespace leakbench
