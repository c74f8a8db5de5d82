// Verdicts on simulated servers that leak, or that only look so: pools, caches, slow drains, noise.
// Counts are exact unless it says noise; seeds are fixed, so that a failure can be looked at.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>

#include "harness/verdict/judge.h"
#include "harness/verdict/test_evidence.h"

namespace leakbench {
namespace {

using test_evidence::growing_repetition;
using test_evidence::repetition;
using test_evidence::round_with;
using test_evidence::variant;

// The settled count after a round, counted from 1.
using Server = std::function<std::int64_t(int round)>;

RepetitionEvidence run_rounds(const Server& server, std::int64_t baseline, int rounds) {
  std::vector<std::int64_t> settled;
  for (int round = 1; round <= rounds; ++round) settled.push_back(baseline + server(round));
  return growing_repetition(baseline, settled);
}

// As a runner does: the planned rounds, then more while they are wanted, up to twice as many.
RepetitionEvidence run_as_wanted(const Server& server, int planned) {
  int rounds = planned;
  RepetitionEvidence evidence = run_rounds(server, 0, rounds);
  while (rounds < 2 * planned && wants_another_round(evidence)) {
    evidence = run_rounds(server, 0, ++rounds);
  }
  return evidence;
}

VerdictClass class_of(const RepetitionEvidence& evidence) {
  return judge(variant({evidence})).verdict_class;
}

TEST(SimulatedServer, ThatLeaksExactlyIsFoundInFiveRoundsWithoutAnother) {
  for (const std::int64_t leak : {1, 2, 3, 7, 14, 100, 20'000}) {
    for (const std::int64_t baseline : {0, 1, 64}) {
      for (int rounds = 5; rounds <= 20; ++rounds) {
        const auto evidence = run_rounds([&](int round) { return leak * round; }, baseline, rounds);
        const Verdict verdict = judge(variant({evidence}));
        ASSERT_EQ(verdict.verdict_class, VerdictClass::kLeaking) << leak << " x " << rounds;
        ASSERT_EQ(verdict.strength, EvidenceStrength::kGrowing);
        ASSERT_EQ(verdict.growth_per_round, static_cast<double>(leak));
        ASSERT_FALSE(wants_another_round(evidence));
      }
    }
  }
}

TEST(SimulatedServer, ThatLeaksIsFoundBesideAPoolThatIsFullSinceTheFirstRound) {
  for (const std::int64_t pool : {1, 64, 1000}) {
    EXPECT_EQ(class_of(run_as_wanted([&](int round) { return pool + round; }, 5)),
              VerdictClass::kLeaking);
  }
}

// Any pool or cache: it fills by whatever amounts, and then stays.
TEST(SimulatedServer, WhosePoolHasStoppedGrowingForThreeRoundsIsNeverLeaking) {
  std::mt19937 random(20261127);
  for (int pool = 0; pool < 5'000; ++pool) {
    const int filling = pool % 15;
    const int full = 3 + pool % 4;
    std::uniform_int_distribution<std::int64_t> step(0, 1 + pool % 50);
    std::vector<std::int64_t> settled;
    std::int64_t tasks = 0;
    for (int round = 0; round < filling; ++round) settled.push_back(tasks += step(random));
    tasks += step(random);
    settled.insert(settled.end(), static_cast<std::size_t>(full), tasks);
    const auto evidence = growing_repetition(0, settled);
    ASSERT_NE(class_of(evidence), VerdictClass::kLeaking) << "pool " << pool;
    ASSERT_NE(judge(variant({evidence})).strength, EvidenceStrength::kGrowing);
  }
}

TEST(SimulatedServer, WithAPoolOf64IsClean) {
  for (std::int64_t by_round = 13; by_round <= 64; ++by_round) {
    const Server pool = [&](int round) { return std::min<std::int64_t>(64, by_round * round); };
    EXPECT_EQ(class_of(run_as_wanted(pool, 5)), VerdictClass::kClean) << by_round << " per round";
  }
}

// The limit of any method: as long as a pool fills evenly it does all that a leak does.
TEST(SimulatedServer, WhosePoolFillsEvenlyAllTheTimeCannotBeToldFromALeak) {
  EXPECT_EQ(class_of(run_as_wanted([](int round) { return std::min(64, 10 * round); }, 5)),
            VerdictClass::kLeaking);
  EXPECT_EQ(class_of(run_as_wanted([](int round) { return std::min(64, 10 * round); }, 8)),
            VerdictClass::kClean);
}

TEST(SimulatedServer, WhoseTasksDrainSlowlyIsLingering) {
  for (int rounds = 1; rounds <= 12; ++rounds) {
    const std::vector<RoundEvidence> slow(static_cast<std::size_t>(rounds),
                                          round_with(20'000, 19'000, 0));
    EXPECT_EQ(class_of(repetition(0, slow)), VerdictClass::kLingering);
    EXPECT_FALSE(wants_another_round(repetition(0, slow)));
  }
}

class Noise {
 public:
  explicit Noise(unsigned seed) : random_(seed) {}
  std::int64_t operator()() { return two_either_way_(random_); }

 private:
  std::mt19937 random_;
  std::uniform_int_distribution<std::int64_t> two_either_way_{-2, 2};
};

// How many of `runs` servers get the class, each run as wanted with counts that err by up to 2.
int class_count(VerdictClass wanted, int runs, const Server& server) {
  int found = 0;
  for (int run = 0; run < runs; ++run) {
    Noise noise(static_cast<unsigned>(run));
    std::vector<std::int64_t> errors;
    const Server noisy = [&](int round) {
      while (errors.size() < static_cast<std::size_t>(round)) errors.push_back(noise());
      return std::max<std::int64_t>(0, server(round) + errors[static_cast<std::size_t>(round) - 1]);
    };
    found += class_of(run_as_wanted(noisy, 5)) == wanted ? 1 : 0;
  }
  return found;
}

int leaking_of(int runs, const Server& server) {
  return class_count(VerdictClass::kLeaking, runs, server);
}

TEST(SimulatedServer, WithNoisyCountsAndNoGrowthIsHardlyEverLeaking) {
  EXPECT_LE(leaking_of(2'000, [](int) { return 10; }), 2);
}

TEST(SimulatedServer, WithNoisyCountsAndAPoolThatIsFullAfterThreeRoundsIsHardlyEverLeaking) {
  for (const int by_round : {1, 2, 3, 5, 14, 22}) {
    EXPECT_LE(leaking_of(1'000, [&](int round) { return by_round * std::min(round, 3); }), 15)
        << by_round << " per round";
  }
}

TEST(SimulatedServer, WithNoisyCountsAndALeakOfTenTimesTheNoiseIsAlwaysLeaking) {
  EXPECT_EQ(leaking_of(1'000, [](int round) { return 20 * round; }), 1'000);
}

TEST(SimulatedServer, WithNoisyCountsAndALeakOfAboutTheNoiseIsLeakingOrInconclusiveNeverClean) {
  const Server leak = [](int round) { return 3 * round; };
  const int leaking = leaking_of(1'000, leak);
  EXPECT_GE(leaking, 600);
  EXPECT_EQ(leaking + class_count(VerdictClass::kInconclusive, 1'000, leak), 1'000);
}

}  // namespace
}  // namespace leakbench
