#include "runtime/net/stream.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <string>

#include "runtime/net/listener.h"
#include "runtime/task/scheduler.h"
#include "runtime/task/sleep.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

struct Pair {
  FileDescriptor client;
  FileDescriptor server;
};

task<Pair> connect_pair() {
  Listener listener(0);
  const std::uint16_t port = listener.port();
  Acceptor acceptor(std::move(listener));
  Connecting connecting = start_connect(loopback(port));
  Acceptor::Accepted accepted = co_await acceptor.accept(background());
  co_return Pair{std::move(connecting.fd), std::move(accepted.fd)};
}

task<std::string> read_to_end(Stream* stream) {
  std::string all;
  std::array<char, 1000> buffer;
  while (true) {
    const auto result = stream->try_read(buffer);
    all.append(buffer.data(), result.bytes);
    if (result.is_end) co_return all;
    if (would_block(result.error)) {
      (void)co_await stream->readable(background());
    } else if (result.error) {
      co_return all + "error: " + result.error.message();
    }
  }
}

class StreamTest : public testing::Test {
 protected:
  Scheduler scheduler_{{.workers = 1, .make_poller = make_epoll_poller}};
};

TEST_F(StreamTest, CarriesMoreThanTheKernelBuffers) {
  const std::string sent(8'000'000, 'x');
  const std::string received = scheduler_.run([](const std::string* sent) -> task<std::string> {
    Pair pair = co_await connect_pair();
    Stream reader(std::move(pair.server));
    go([](FileDescriptor fd, const std::string* sent) -> task<> {
      Stream writer(std::move(fd));
      EXPECT_FALSE(co_await writer.write_all(background(), *sent));
    }(std::move(pair.client), sent));
    co_return co_await read_to_end(&reader);
  }(&sent));
  EXPECT_EQ(received.size(), sent.size());
  EXPECT_TRUE(received == sent);
}

TEST_F(StreamTest, AWaitForDataEndsWithItsContext) {
  const Failure failure = scheduler_.run([]() -> task<Failure> {
    Pair pair = co_await connect_pair();
    Stream reader(std::move(pair.server));
    auto [ctx, cancel] = with_timeout(background(), 5ms);
    co_return co_await reader.readable(ctx);
  }());
  EXPECT_EQ(failure, deadline_exceeded());
}

TEST_F(StreamTest, AWriteToAPeerThatDoesNotReadEndsWithItsContext) {
  const std::string much(64'000'000, 'x');
  const std::error_code error =
      scheduler_.run([](const std::string* much) -> task<std::error_code> {
        Pair pair = co_await connect_pair();
        Stream writer(std::move(pair.client));
        auto [ctx, cancel] = with_timeout(background(), 20ms);
        co_return co_await writer.write_all(ctx, *much);
      }(&much));
  EXPECT_EQ(error, std::errc::operation_canceled);
}

struct CountHangups : HangupListener {
  void on_hangup() override { ++count; }
  int count = 0;
};

task<> heard_of_the_end(const CountHangups* listener) {
  auto [ctx, cancel] = with_timeout(background(), 20s);
  while (listener->count == 0) {
    if (co_await sleep_for(ctx, 1ms)) break;
  }
}

TEST_F(StreamTest, TheEndOfThePeerIsHeardEvenWithUnreadDataBeforeIt) {
  const int heard = scheduler_.run([]() -> task<int> {
    Pair pair = co_await connect_pair();
    Stream server(std::move(pair.server));
    CountHangups listener;
    server.set_hangup_listener(&listener);
    EXPECT_EQ(::send(pair.client.get(), "abc", 3, 0), 3);
    pair.client = FileDescriptor();
    EXPECT_EQ(co_await read_to_end(&server), "abc");
    co_await heard_of_the_end(&listener);
    CountHangups late;
    server.set_hangup_listener(&late);
    co_return listener.count * 10 + late.count;
  }());
  EXPECT_EQ(heard, 11);
}

TEST_F(StreamTest, AResetIsAnErrorAndAHangup) {
  scheduler_.run([]() -> task<> {
    Pair pair = co_await connect_pair();
    Stream server(std::move(pair.server));
    CountHangups listener;
    server.set_hangup_listener(&listener);
    {
      Stream client(std::move(pair.client));
      client.reset_on_close();
    }
    const std::string read = co_await read_to_end(&server);
    EXPECT_NE(read.find("reset"), std::string::npos) << read;
    co_await heard_of_the_end(&listener);
    EXPECT_EQ(listener.count, 1);
  }());
}

TEST_F(StreamTest, ConnectingToNobodyIsRefused) {
  const std::error_code error = scheduler_.run([]() -> task<std::error_code> {
    std::uint16_t port = 0;
    {
      const Listener gone(0);
      port = gone.port();
    }
    Connecting connecting = start_connect(loopback(port));
    if (connecting.error) co_return connecting.error;
    Stream stream(std::move(connecting.fd));
    (void)co_await stream.writable(background());
    co_return stream.connect_error();
  }());
  EXPECT_EQ(error, std::errc::connection_refused);
}

TEST_F(StreamTest, ConnectsFromTheSourceAddressAskedFor) {
  scheduler_.run([]() -> task<> {
    Listener listener(0);
    const std::uint16_t port = listener.port();
    Acceptor acceptor(std::move(listener));
    sockaddr_in source = loopback(0);
    source.sin_addr.s_addr = htonl(0x7f000003);  // 127.0.0.3
    Connecting connecting = start_connect(loopback(port), &source);
    EXPECT_FALSE(connecting.error);
    Acceptor::Accepted accepted = co_await acceptor.accept(background());
    sockaddr_in peer{};
    socklen_t length = sizeof(peer);
    ::getpeername(accepted.fd.get(), reinterpret_cast<sockaddr*>(&peer), &length);
    EXPECT_EQ(peer.sin_addr.s_addr, source.sin_addr.s_addr);
  }());
}

}  // namespace
}  // namespace leakbench
