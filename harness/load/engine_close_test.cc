// How connections of an engine are closed, and that nothing is told of them afterwards.
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "harness/load/engine.h"
#include "harness/load/test_engine.h"

namespace leakbench {
namespace {

class EngineCloseTest : public EngineTest {
 protected:
  // Since its record was begun anew.
  void expect_untold(Slot slot) {
    EXPECT_EQ(told(slot).connected, 0);
    EXPECT_EQ(told(slot).sent, 0);
    EXPECT_EQ(told(slot).receives, 0);
    EXPECT_EQ(told(slot).ended, 0);
  }
};

TEST_P(EngineCloseTest, ThePeerSeesTheEndAtOnceWithoutAnotherWait) {
  Door door;
  Peer peer = open(0, door);
  turn_for_a_while();
  engine_->close(0, Farewell::kFin);
  EXPECT_EQ(peer.end(), 0);
}

TEST_P(EngineCloseTest, ThePeerSeesAResetAtOnceWithoutAnotherWait) {
  Door door;
  Peer peer = open(0, door);
  turn_for_a_while();
  engine_->close(0, Farewell::kReset);
  EXPECT_EQ(peer.end(), ECONNRESET);
}

TEST_P(EngineCloseTest, ThePeerSeesTheEndOfOneThatReceivesNothing) {
  Door door;
  for (const Farewell farewell : {Farewell::kFin, Farewell::kReset}) {
    told(0) = Told();
    Peer peer = open(0, door);
    engine_->set_receiving(0, Receiving::kNothing);
    turn_for_a_while();
    engine_->close(0, farewell);
    EXPECT_EQ(peer.end(), farewell == Farewell::kFin ? 0 : ECONNRESET);
  }
}

TEST_P(EngineCloseTest, ThePeerSeesTheEndOfOneThatHasBarelyBegun) {
  Door door;
  for (const Farewell farewell : {Farewell::kFin, Farewell::kReset}) {
    ASSERT_EQ(engine_->connect(0, door.address(), nullptr), 0);
    Peer peer = door.accept();
    engine_->close(0, farewell);
    EXPECT_EQ(peer.end(), farewell == Farewell::kFin ? 0 : ECONNRESET);
  }
  turn_for_a_while();
  expect_untold(0);
}

TEST_P(EngineCloseTest, WhatWasSentBeforeItArrives) {
  Door door;
  Peer peer = open(0, door);
  engine_->send(0, "last words", false);
  engine_->close(0, Farewell::kFin);
  EXPECT_EQ(peer.end(), 0);
  EXPECT_EQ(peer.last_bytes, "last words");
}

TEST_P(EngineCloseTest, BytesThatNobodyWaitedForMakeItAReset) {
  Door door;
  Peer peer = open(0, door);
  engine_->set_receiving(0, Receiving::kNothing);
  turn_for_a_while();
  peer.send("unread");
  engine_->close(0, Farewell::kFin);
  told(0) = Told();
  turn_for_a_while();
  // An end may come before it.
  if (peer.end() == 0) {
    int error = 0;
    socklen_t length = sizeof(error);
    ::getsockopt(peer.fd(), SOL_SOCKET, SO_ERROR, &error, &length);
    EXPECT_TRUE(error == ECONNRESET || error == EPIPE) << error;
  }
  expect_untold(0);
}

TEST_P(EngineCloseTest, NothingIsToldAfterwards) {
  Door door;
  for (const Farewell farewell : {Farewell::kFin, Farewell::kReset}) {
    told(0) = Told();
    Peer peer = open(0, door);
    peer.send("on its way");
    peer.finish_sending();
    engine_->send(0, "answer", true);
    engine_->close(0, farewell);
    engine_->close(0, farewell);  // of one that is closed, nothing
    told(0) = Told();
    turn_for_a_while();
    expect_untold(0);
  }
}

// Each closes all the others as soon as it is told of anything, whatever of theirs is under way.
TEST_P(EngineCloseTest, NothingIsToldOfWhatACallbackHasClosed) {
  Door door;
  std::vector<Peer> peers;
  for (Slot slot = 0; slot < kSlots; ++slot) peers.push_back(open(slot, door));
  for (Peer& peer : peers) {
    peer.send("all at once");
    peer.finish_sending();
  }
  int told_of = 0;
  events_.when_received = [&](Slot) {
    ++told_of;
    for (Slot slot = 0; slot < kSlots; ++slot) engine_->close(slot, Farewell::kFin);
  };
  EXPECT_TRUE(turn_until([&] { return told_of != 0; }));
  events_.when_received = nullptr;
  turn_for_a_while();
  EXPECT_EQ(told_of, 1);
  for (Slot slot = 0; slot < kSlots; ++slot) EXPECT_EQ(told(slot).ended, 0);
}

TEST_P(EngineCloseTest, OneReopenedByACallbackHearsNothingOfTheOneBefore) {
  Door before;
  Door after;
  for (int round = 0; round < 20; ++round) {
    for (Slot slot = 0; slot < kSlots; ++slot) told(slot) = Told();
    std::vector<Peer> peers;
    for (Slot slot = 0; slot < kSlots; ++slot) peers.push_back(open(slot, before));
    for (Peer& peer : peers) peer.send("before");
    bool is_reopened = false;
    events_.when_received = [&](Slot) {
      if (std::exchange(is_reopened, true)) return;
      for (Slot slot = 0; slot < kSlots; ++slot) {
        engine_->send(slot, "to be forgotten", true);
        engine_->close(slot, slot % 2 == 0 ? Farewell::kFin : Farewell::kReset);
        told(slot) = Told();
        EXPECT_EQ(engine_->connect(slot, after.address(), nullptr), 0);
      }
    };
    EXPECT_TRUE(turn_until([&] { return is_reopened; }));
    // What was sent on it belongs to the connection before.
    std::vector<Peer> anew;
    for (Slot slot = 0; slot < kSlots; ++slot) anew.push_back(after.accept());
    EXPECT_TRUE(turn_until([&] {
      return std::all_of(events_.told.begin(), events_.told.begin() + kSlots,
                         [](const Told& told) { return told.connected == 1; });
    }));
    for (Peer& peer : anew) peer.send("after");
    EXPECT_TRUE(turn_until([&] {
      return std::all_of(events_.told.begin(), events_.told.begin() + kSlots,
                         [](const Told& told) { return told.received.size() >= 5; });
    }));
    for (Slot slot = 0; slot < kSlots; ++slot) {
      EXPECT_EQ(told(slot).received, "after");
      EXPECT_EQ(told(slot).connected, 1);
      EXPECT_EQ(told(slot).sent, 0);
      EXPECT_EQ(told(slot).ended, 0);
      EXPECT_EQ(anew[slot].take(), "");
      engine_->close(slot, Farewell::kFin);
    }
    for (Peer& peer : peers) EXPECT_GE(peer.end(), 0);
  }
}

TEST_P(EngineCloseTest, BytesToBeSentAreNotLookedAtAfterwards) {
  for (const bool is_under_way : {false, true}) {
    for (const Farewell farewell : {Farewell::kFin, Farewell::kReset}) {
      told(0) = Told();
      Door door(64 * 1024);
      Peer peer = open(0, door);
      std::string bytes(16'000'000, 'x');
      engine_->send(0, bytes, false);
      if (is_under_way) turn_until_full();
      engine_->close(0, farewell);
      bytes.assign(bytes.size(), 'y');
      turn_for_a_while();
      EXPECT_GE(peer.end(), 0);
      EXPECT_EQ(peer.last_bytes.find('y'), std::string::npos);
      EXPECT_LT(peer.last_bytes.size(), bytes.size());
    }
  }
}

TEST_P(EngineCloseTest, TheEngineEndsWhatIsOpenWhenItGoes) {
  Door door;
  Peer peer = open(0, door);
  turn_for_a_while();
  engine_.reset();
  EXPECT_EQ(peer.end(), 0);
}

TEST_P(EngineCloseTest, NoDescriptorIsLeftOpen) {
  const auto open_descriptors = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
  };
  Door door;
  const auto before = open_descriptors();
  for (int round = 0; round < 1000; ++round) {
    const Slot slot = static_cast<Slot>(round) % 8;
    engine_->close(slot, round % 2 == 0 ? Farewell::kFin : Farewell::kReset);
    told(slot) = Told();
    if (round % 3 == 0) {
      open(slot, door);
    } else {
      ASSERT_EQ(engine_->connect(slot, door.address(), nullptr), 0);
      door.accept();
    }
  }
  for (Slot slot = 0; slot < 8; ++slot) engine_->close(slot, Farewell::kFin);
  EXPECT_EQ(open_descriptors(), before);
}

LEAKBENCH_OVER_EVERY_ENGINE(EngineCloseTest);

}  // namespace
}  // namespace leakbench
