#include "runtime/net/epoll_poller.h"

#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <chrono>
#include <stdexcept>
#include <thread>

namespace leakbench {
namespace {

using namespace std::chrono_literals;

struct Recorder : Pollable {
  void on_events(std::uint32_t events) override { seen |= events; }
  std::uint32_t seen = 0;
};

TEST(EpollPoller, TellsAPollableOfReadinessAndOfThePeersEnd) {
  int fds[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
  FileDescriptor ours(fds[0]), theirs(fds[1]);
  EpollPoller poller;
  Recorder recorder;
  poller.add(ours.get(), recorder);
  poller.wait(0ms);
  EXPECT_TRUE(recorder.seen & EPOLLOUT);
  EXPECT_FALSE(recorder.seen & EPOLLIN);
  ASSERT_EQ(::write(theirs.get(), "x", 1), 1);
  poller.wait(10s);
  EXPECT_TRUE(recorder.seen & EPOLLIN);
  theirs = FileDescriptor();
  poller.wait(10s);
  EXPECT_TRUE(recorder.seen & EPOLLRDHUP);
}

TEST(EpollPoller, AWakeEndsTheWaitThatIsUnderWayOrTheNextOne) {
  EpollPoller poller;
  poller.wake();
  poller.wait(std::nullopt);  // would hang for ever otherwise
  std::thread waker([&] { poller.wake(); });
  poller.wait(std::nullopt);
  waker.join();
}

TEST(EpollPoller, AWaitWithoutEventsEndsWithItsTimeout) {
  EpollPoller poller;
  const auto before = std::chrono::steady_clock::now();
  poller.wait(2ms);
  EXPECT_GE(std::chrono::steady_clock::now() - before, 2ms);
}

TEST(EpollPoller, OutsideAWorkerSaysWhatIsMissing) {
  EXPECT_THROW(EpollPoller::current(), std::logic_error);
}

}  // namespace
}  // namespace leakbench
