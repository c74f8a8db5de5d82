#include "harness/load/engine.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <string>
#include <string_view>

#include "harness/load/descriptor_limit_for_testing.h"
#include "harness/load/test_engine.h"
#include "harness/load/test_responder.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

TEST_P(EngineTest, SaysWhichItIs) { EXPECT_EQ(engine_->name(), to_string(GetParam())); }

TEST_P(EngineTest, ConnectsToWhoListens) {
  Door door;
  open(0, door);
  turn_for_a_while();
  EXPECT_EQ(told(0).connected, 1);
}

TEST_P(EngineTest, ConnectsFromTheAddressAskedFor) {
  Door door;
  sockaddr_in from = loopback(0);
  from.sin_addr.s_addr = htonl(0x7f000003);  // 127.0.0.3
  ASSERT_EQ(engine_->connect(0, door.address(), &from), 0);
  const Peer peer = door.accept();
  sockaddr_in seen{};
  socklen_t length = sizeof(seen);
  ASSERT_EQ(::getpeername(peer.fd(), reinterpret_cast<sockaddr*>(&seen), &length), 0);
  EXPECT_EQ(seen.sin_addr.s_addr, from.sin_addr.s_addr);
}

TEST_P(EngineTest, IsRefusedWhereNobodyListens) {
  sockaddr_in nobody{};
  {
    const Door gone;
    nobody = gone.address();
  }
  ASSERT_EQ(engine_->connect(0, nobody, nullptr), 0);
  EXPECT_TRUE(turn_until([&] { return told(0).connected != 0; }));
  EXPECT_EQ(told(0).connect_error, ECONNREFUSED);
  turn_for_a_while();
  EXPECT_EQ(told(0).connected, 1);
  EXPECT_EQ(told(0).ended, 0);
  engine_->close(0, Farewell::kFin);

  told(0) = Told();
  Door door;
  open(0, door);
}

TEST_P(EngineTest, SaysAtOnceThatDescriptorsHaveRunOut) {
  Door door;
  open(1, door);  // with enough, for the types that UndefinedBehaviorSanitizer has yet to see
  {
    const DescriptorLimit none(0);
    EXPECT_EQ(engine_->connect(0, door.address(), nullptr), EMFILE);
  }
  engine_->close(0, Farewell::kFin);  // as it is closed, that does nothing
  turn_for_a_while();
  EXPECT_EQ(told(0).connected, 0);
  open(0, door);
}

TEST_P(EngineTest, SendsAndTellsOfItOnlyWhereAsked) {
  Door door;
  Peer peer = open(0, door);
  std::string all;
  engine_->send(0, "quiet ", false);
  EXPECT_TRUE(turn_until([&] { return (all += peer.take()).size() == 6; }));
  EXPECT_EQ(told(0).sent, 0);
  engine_->send(0, "told", true);
  EXPECT_TRUE(turn_until([&] { return told(0).sent == 1; }));
  EXPECT_TRUE(turn_until([&] { return (all += peer.take()).size() == 10; }));
  EXPECT_EQ(all, "quiet told");
  turn_for_a_while();
  EXPECT_EQ(told(0).sent, 1);
  EXPECT_EQ(told(0).ended, 0);
}

TEST_P(EngineTest, SendsManyMegabytesToAPeerThatStartsToReadLate) {
  for (const bool tell : {false, true}) {
    told(0) = Told();
    Door door(64 * 1024);
    Peer peer = open(0, door);
    const std::string bytes = pattern(16'000'000);
    engine_->send(0, bytes, tell);
    turn_until_full();
    EXPECT_EQ(told(0).sent, 0);
    std::string all;
    EXPECT_TRUE(turn_until([&] { return (all += peer.take()).size() >= bytes.size(); }));
    EXPECT_TRUE(turn_until([&] { return told(0).sent == (tell ? 1 : 0); }));
    EXPECT_TRUE(all == bytes) << all.size() << " bytes";
    EXPECT_EQ(told(0).ended, 0);
    // It goes on as ever.
    engine_->send(0, "and more", false);
    all.clear();
    EXPECT_TRUE(turn_until([&] { return (all += peer.take()).size() >= 8; }));
    EXPECT_EQ(all, "and more");
    engine_->close(0, Farewell::kFin);
  }
}

TEST_P(EngineTest, TellsThatASendHasFailed) {
  Door door(64 * 1024);
  Peer peer = open(0, door);
  engine_->set_receiving(0, Receiving::kNothing);
  const std::string bytes = pattern(16'000'000);
  engine_->send(0, bytes, true);
  turn_until_full();
  peer.reset();
  EXPECT_TRUE(turn_until([&] { return told(0).ended != 0; }));
  EXPECT_TRUE(told(0).end_error == ECONNRESET || told(0).end_error == EPIPE) << told(0).end_error;
  turn_for_a_while();
  EXPECT_EQ(told(0).ended, 1);
  EXPECT_EQ(told(0).sent, 0);
}

TEST_P(EngineTest, WaitsAndReturnsByItsTimeLimit) {
  Door door;
  const Peer peer = open(0, door);
  const auto begin = std::chrono::steady_clock::now();
  int waits = 0;
  for (; std::chrono::steady_clock::now() < begin + 100ms; ++waits) engine_->wait(10ms, events_);
  EXPECT_LE(waits, 20);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
}

TEST_P(EngineTest, DoesNotWaitWithoutATimeLimitToWaitFor) {
  Door door;
  const Peer peer = open(0, door);
  engine_->wait(0ms, events_);
  engine_->wait(-5s, events_);
}

TEST_P(EngineTest, PlaysTenRoundsWithTwoThousandConnections) {
  constexpr Slot kConnections = 2000;
  constexpr std::size_t kRounds = 10;
  constexpr std::string_view kRequest = "GET / HTTP/1.1\r\n\r\n";
  const std::string answer = ok_reply().pieces.front();
  const DescriptorLimit enough(3 * kConnections);
  const TestResponder responder([](std::size_t, std::size_t) { return ok_reply(); });
  engine_ = make_engine(GetParam(), kConnections);
  events_ = RecordingEvents(kConnections);
  std::size_t connected = 0;
  std::size_t answers = 0;
  events_.when_connected = [&](Slot slot) {
    ++connected;
    engine_->send(slot, kRequest, false);
  };
  events_.when_received = [&](Slot slot) {
    if (told(slot).received.size() % answer.size() != 0) return;
    ++answers;
    if (told(slot).received.size() < kRounds * answer.size()) {
      engine_->send(slot, kRequest, false);
    }
  };
  const sockaddr_in to = loopback(responder.port());
  for (Slot slot = 0; slot < kConnections; ++slot)
    ASSERT_EQ(engine_->connect(slot, to, nullptr), 0);
  EXPECT_TRUE(turn_until([&] { return answers == kRounds * kConnections; }));
  EXPECT_EQ(connected, kConnections);
  EXPECT_EQ(responder.requests(), kRounds * kConnections);
  for (const Told& told : events_.told) {
    EXPECT_EQ(told.connect_error, 0);
    EXPECT_EQ(told.received.size(), kRounds * answer.size());
    EXPECT_EQ(told.ended, 0);
  }
}

LEAKBENCH_OVER_EVERY_ENGINE(EngineTest);

}  // namespace
}  // namespace leakbench
