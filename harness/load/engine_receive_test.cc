// What is received over an engine, and when.
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "harness/load/engine.h"
#include "harness/load/test_engine.h"

namespace leakbench {
namespace {

class EngineReceiveTest : public EngineTest {};

TEST_P(EngineReceiveTest, ReceivesPieceByPiece) {
  Door door;
  Peer peer = open(0, door);
  std::string sent;
  for (const char* piece : {"a", "bc", "def"}) {
    peer.send(piece);
    sent += piece;
    EXPECT_TRUE(turn_until([&] { return told(0).received.size() == sent.size(); }));
  }
  EXPECT_EQ(told(0).received, sent);
  EXPECT_EQ(told(0).receives, 3);
}

TEST_P(EngineReceiveTest, ReceivesMuch) {
  Door door;
  Peer peer = open(0, door);
  const std::string bytes = pattern(16'000'000);
  std::string_view left = bytes;
  EXPECT_TRUE(turn_until([&] {
    left = peer.offer(left);
    return told(0).received.size() == bytes.size();
  }));
  EXPECT_TRUE(told(0).received == bytes);
}

TEST_P(EngineReceiveTest, LosesNothingWhenAllReceiveAtOnceMoreThanThereIsRoomFor) {
  Door door;
  std::vector<Peer> peers;
  for (Slot slot = 0; slot < kSlots; ++slot) peers.push_back(open(slot, door));
  const std::string bytes = pattern(300'000);
  std::vector<std::string_view> left(kSlots, bytes);
  const auto offer = [&] {
    for (Slot slot = 0; slot < kSlots; ++slot) left[slot] = peers[slot].offer(left[slot]);
  };
  offer();
  EXPECT_TRUE(turn_until([&] {
    offer();
    std::size_t all = 0;
    for (Slot slot = 0; slot < kSlots; ++slot) all += told(slot).received.size();
    return all == kSlots * bytes.size();
  }));
  for (Slot slot = 0; slot < kSlots; ++slot) {
    EXPECT_TRUE(told(slot).received == bytes) << "slot " << slot;
  }
  for (Peer& peer : peers) peer.finish_sending();
  EXPECT_TRUE(turn_until([&] {
    return std::all_of(events_.told.begin(), events_.told.begin() + kSlots,
                       [](const Told& told) { return told.ended == 1 && told.end_error == 0; });
  }));
}

TEST_P(EngineReceiveTest, TellsOnceThatThePeerHasFinishedAfterAllItsBytes) {
  Door door;
  Peer peer = open(0, door);
  const std::string bytes = pattern(100'000);
  peer.send(bytes);
  peer.finish_sending();
  EXPECT_TRUE(turn_until([&] { return told(0).ended != 0; }));
  EXPECT_EQ(told(0).end_error, 0);
  EXPECT_TRUE(told(0).received == bytes);
  engine_->send(0, "still", true);
  EXPECT_TRUE(turn_until([&] { return told(0).sent == 1; }));
  EXPECT_EQ(peer.take(), "still");
  turn_for_a_while();
  EXPECT_EQ(told(0).ended, 1);
}

TEST_P(EngineReceiveTest, TellsOnceThatThePeerHasReset) {
  Door door;
  open(0, door).reset();
  EXPECT_TRUE(turn_until([&] { return told(0).ended != 0; }));
  EXPECT_EQ(told(0).end_error, ECONNRESET);
  turn_for_a_while();
  EXPECT_EQ(told(0).ended, 1);
}

TEST_P(EngineReceiveTest, HearsOfAResetAlsoWhereItReceivesNothing) {
  Door door;
  Peer peer = open(0, door);
  engine_->set_receiving(0, Receiving::kNothing);
  turn_for_a_while();
  peer.send("unread");
  peer.reset();
  EXPECT_TRUE(turn_until([&] { return told(0).ended != 0; }));
  EXPECT_EQ(told(0).end_error, ECONNRESET);
  turn_for_a_while();
  EXPECT_EQ(told(0).ended, 1);
  EXPECT_EQ(told(0).received, "");
}

TEST_P(EngineReceiveTest, ReceivesNothingButWhatIsAskedFor) {
  Door door;
  Peer peer = open(0, door);
  engine_->set_receiving(0, Receiving::kNothing);
  turn_for_a_while();
  peer.send("0123456789");
  turn_for_a_while();
  EXPECT_EQ(told(0).received, "");

  engine_->receive_some(0, 4);
  EXPECT_TRUE(turn_until([&] { return !told(0).received.empty(); }));
  EXPECT_EQ(told(0).received, "0123");
  turn_for_a_while();
  EXPECT_EQ(told(0).receives, 1);

  engine_->receive_some(0, 100);
  EXPECT_TRUE(turn_until([&] { return told(0).receives == 2; }));
  EXPECT_EQ(told(0).received, "0123456789");

  // Asked for before it comes, and once only.
  engine_->receive_some(0, 2);
  turn_for_a_while();
  peer.send("abcdef");
  turn_for_a_while();
  EXPECT_EQ(told(0).received, "0123456789ab");

  engine_->set_receiving(0, Receiving::kAll);
  EXPECT_TRUE(turn_until([&] { return told(0).received.size() == 16; }));
  peer.send("gh");
  EXPECT_TRUE(turn_until([&] { return told(0).received.size() == 18; }));
  EXPECT_EQ(told(0).received, "0123456789abcdefgh");
}

TEST_P(EngineReceiveTest, CanBeToldToReceiveNothingBeforeItIsConnected) {
  Door door;
  ASSERT_EQ(engine_->connect(0, door.address(), nullptr), 0);
  engine_->set_receiving(0, Receiving::kNothing);
  Peer peer = door.accept();
  peer.send("early");
  EXPECT_TRUE(turn_until([&] { return told(0).connected == 1; }));
  turn_for_a_while();
  EXPECT_EQ(told(0).received, "");
  engine_->set_receiving(0, Receiving::kAll);
  EXPECT_TRUE(turn_until([&] { return told(0).received == "early"; }));
}

TEST_P(EngineReceiveTest, ReceivesALongAnswerInSmallPiecesAskedForOneByOne) {
  Door door;
  Peer peer = open(0, door);
  engine_->set_receiving(0, Receiving::kNothing);
  turn_for_a_while();
  const std::string bytes = pattern(50'000);
  peer.send(bytes);
  peer.finish_sending();
  events_.when_received = [&](Slot slot) {
    if (slot == 0) engine_->receive_some(0, 100);
  };
  engine_->receive_some(0, 100);
  EXPECT_TRUE(turn_until([&] { return told(0).ended == 1; }));
  EXPECT_EQ(told(0).end_error, 0);
  EXPECT_TRUE(told(0).received == bytes);
  EXPECT_EQ(told(0).longest, 100u);
}

// Sends for as long as it can, in a thread of its own.
class Flood {
 public:
  explicit Flood(const Peer& peer)
      : thread_([fd = peer.fd()] {
          const std::string much(1'000'000, 'x');
          while (::send(fd, much.data(), much.size(), MSG_NOSIGNAL) > 0) {
          }
        }) {}
  // Waits for the connection to break.
  ~Flood() { thread_.join(); }

 private:
  std::thread thread_;
};

TEST_P(EngineReceiveTest, AConnectionThatFloodsDoesNotStarveAnother) {
  Door door;
  const Peer flooding = open(0, door);
  Peer other = open(1, door);
  std::size_t flooded = 0;
  events_.when_received = [&](Slot slot) {
    if (slot == 0) flooded += std::exchange(told(0).received, {}).size();
  };
  const Flood flood(flooding);
  EXPECT_TRUE(turn_until([&] { return flooded > 10'000'000; }));
  for (std::size_t i = 1; i <= 100; ++i) {
    const std::size_t before = flooded;
    other.send("x");
    EXPECT_TRUE(turn_until([&] { return told(1).received.size() == i; }));
    EXPECT_LT(flooded - before, 100'000'000u);
  }
  engine_->close(0, Farewell::kReset);
}

TEST_P(EngineReceiveTest, ReceivesNothingFurtherOfAFloodWhenToldSo) {
  Door door;
  const Peer flooding = open(0, door);
  std::size_t flooded = 0;
  events_.when_received = [&](Slot slot) {
    if (slot == 0) flooded += std::exchange(told(0).received, {}).size();
  };
  const Flood flood(flooding);
  for (int round = 0; round < 20; ++round) {
    const std::size_t at_first = flooded;
    engine_->set_receiving(0, Receiving::kAll);
    EXPECT_TRUE(turn_until([&] { return flooded > at_first + 1'000'000; }));
    engine_->set_receiving(0, Receiving::kNothing);
    turn_for_a_while();  // what was on its way
    const std::size_t before = flooded;
    turn_for_a_while();
    EXPECT_EQ(flooded, before);
  }
  engine_->close(0, Farewell::kReset);
}

LEAKBENCH_OVER_EVERY_ENGINE(EngineReceiveTest);

}  // namespace
}  // namespace leakbench
