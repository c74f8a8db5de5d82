#include "runtime/time/timer_wheel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <vector>

namespace leakbench {
namespace {

std::vector<std::uint64_t> drain(TimerWheel& wheel) {
  std::vector<std::uint64_t> ticks;
  while (WheelEntry* entry = wheel.due().pop_front()) ticks.push_back(entry->tick);
  return ticks;
}

TEST(TimerWheel, FiresAtTheTickAndNotBefore) {
  TimerWheel wheel(1'000);
  WheelEntry entry;
  wheel.insert(entry, 1'005);
  wheel.advance(1'004);
  EXPECT_TRUE(wheel.due().empty());
  wheel.advance(1'005);
  EXPECT_EQ(wheel.due().pop_front(), &entry);
}

TEST(TimerWheel, AnEntryThatIsDueAlreadyNeedsNoAdvance) {
  TimerWheel wheel(100);
  WheelEntry now, past;
  wheel.insert(now, 100);
  wheel.insert(past, 3);
  EXPECT_EQ(drain(wheel).size(), 2u);
}

TEST(TimerWheel, ARemovedEntryNeverFires) {
  TimerWheel wheel;
  WheelEntry near, far;
  wheel.insert(near, 5);
  wheel.insert(far, 5'000'000);
  wheel.remove(near);
  wheel.remove(far);
  EXPECT_EQ(wheel.next_tick(), std::nullopt);
  wheel.advance(10'000'000);
  EXPECT_TRUE(wheel.due().empty());
}

TEST(TimerWheel, CrossesTheHorizonOfItsHighestLevel) {
  TimerWheel wheel((std::uint64_t{1} << 32) - 10);
  WheelEntry near, far, farthest;
  wheel.insert(near, (std::uint64_t{1} << 32) + 5);
  wheel.insert(far, std::uint64_t{3} << 33);
  wheel.insert(farthest, ~std::uint64_t{0});
  wheel.advance((std::uint64_t{1} << 32) + 5);
  EXPECT_EQ(wheel.due().pop_front(), &near);
  wheel.advance(std::uint64_t{3} << 33);
  EXPECT_EQ(wheel.due().pop_front(), &far);
  EXPECT_TRUE(wheel.due().empty());
  wheel.remove(farthest);
}

TEST(TimerWheel, NextTickIsNeverLaterThanTheEarliestEntry) {
  TimerWheel wheel(77);
  std::mt19937_64 random(3);
  for (int round = 0; round < 200; ++round) {
    WheelEntry entry;
    const std::uint64_t tick = wheel.now() + 1 + (random() >> (random() % 60));
    if (tick < wheel.now()) continue;  // wrapped
    wheel.insert(entry, tick);
    ASSERT_TRUE(wheel.next_tick().has_value());
    EXPECT_LE(*wheel.next_tick(), tick);
    EXPECT_GT(*wheel.next_tick(), wheel.now());
    wheel.remove(entry);
  }
}

// The oracle is a multimap: same operations, same firing ticks in the same order.
TEST(TimerWheel, AgreesWithAnOrderedMapOverRandomOperations) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 random(seed);
    TimerWheel wheel(random() >> 20);
    std::multimap<std::uint64_t, WheelEntry*> oracle;
    std::vector<std::unique_ptr<WheelEntry>> entries;
    for (int step = 0; step < 2'000; ++step) {
      const auto action = random() % 10;
      if (action < 6) {
        entries.push_back(std::make_unique<WheelEntry>());
        const std::uint64_t tick = wheel.now() + 1 + (random() >> (32 + random() % 30));
        wheel.insert(*entries.back(), tick);
        oracle.emplace(tick, entries.back().get());
      } else if (action < 8 && !oracle.empty()) {
        auto victim = std::next(oracle.begin(), random() % oracle.size());
        wheel.remove(*victim->second);
        oracle.erase(victim);
      } else {
        const std::uint64_t to = wheel.now() + (random() >> (34 + random() % 30));
        wheel.advance(to);
        std::vector<std::uint64_t> expected;
        while (!oracle.empty() && oracle.begin()->first <= to) {
          expected.push_back(oracle.begin()->first);
          oracle.erase(oracle.begin());
        }
        ASSERT_EQ(drain(wheel), expected) << "seed " << seed << " step " << step;
      }
    }
    for (auto& [tick, entry] : oracle) wheel.remove(*entry);
  }
}

}  // namespace
}  // namespace leakbench
