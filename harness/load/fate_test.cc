#include "harness/load/fate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/load/schedule.h"

namespace leakbench {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

std::string refusal_of(const std::vector<std::string>& options) {
  try {
    FatePlan::parse(options);
  } catch (const Error& e) {
    EXPECT_EQ(e.exit_code(), ExitCode::kUsage);
    EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos);
    return e.what();
  }
  return "accepted";
}

std::map<FateKind, double> counts_of(const FatePlan& plan, std::uint64_t seed,
                                     std::uint64_t requests) {
  std::map<FateKind, double> counts;
  for (std::uint64_t i = 0; i < requests; ++i) ++counts[plan.of(seed, i).kind];
  return counts;
}

TEST(FatePlan, ParsesEachFateAndSaysItInFull) {
  struct Row {
    std::string option;
    Fate fate;
    std::string text;
  };
  const Row kRows[] = {
      {"100%@200ms", {.kind = FateKind::kGiveUp, .after = milliseconds(200)}, "200ms:fin"},
      {"100%@200ms:fin", {.kind = FateKind::kGiveUp, .after = milliseconds(200)}, "200ms:fin"},
      {"100%@0.5s:rst",
       {.kind = FateKind::kGiveUp, .after = milliseconds(500), .reset = true},
       "500ms:rst"},
      {"100%@0s", {.kind = FateKind::kGiveUp}, "0s:fin"},
      {"100%@1.000000001s",
       {.kind = FateKind::kGiveUp, .after = nanoseconds(1'000'000'001)},
       "1000000001ns:fin"},
      {"100%@half-sent", {.kind = FateKind::kHalfSent}, "half-sent:fin"},
      {"100%@half-sent:rst", {.kind = FateKind::kHalfSent, .reset = true}, "half-sent:rst"},
      {"100%@half-received:fin", {.kind = FateKind::kHalfReceived}, "half-received:fin"},
      {"100%@half-received:rst",
       {.kind = FateKind::kHalfReceived, .reset = true},
       "half-received:rst"},
      {"100%@slow:1000B/s",
       {.kind = FateKind::kSlowRead, .bytes_per_second = 1000},
       "slow:1000B/s"},
      {"100%@never-read", {.kind = FateKind::kNeverRead}, "never-read"},
  };
  for (const Row& row : kRows) {
    const FatePlan plan = FatePlan::parse({row.option});
    EXPECT_EQ(plan.of(1, 1), row.fate) << row.option;
    EXPECT_EQ(to_text(row.fate), row.text);
    EXPECT_EQ(plan.options(), std::vector<std::string>{"100%@" + row.text});
  }
  EXPECT_EQ(to_text(Fate{}), "complete");
}

TEST(FatePlan, ItsOptionsInFullAreThePlanAgain) {
  const FatePlan plan = FatePlan::parse({"20%@200ms", "0.5%@half-sent:rst", "5%@half-received",
                                         "33.3%@slow:7B/s", "0.0001%@never-read", "5%@1.2345678s"});
  const std::vector<std::string> kFull = {"20%@200ms:fin",        "0.5%@half-sent:rst",
                                          "5%@half-received:fin", "33.3%@slow:7B/s",
                                          "0.0001%@never-read",   "5%@1234567800ns:fin"};
  EXPECT_EQ(plan.options(), kFull);
  EXPECT_EQ(FatePlan::parse(kFull), plan);
  EXPECT_EQ(FatePlan::parse(kFull).options(), kFull);
}

TEST(FatePlan, RefusesWhatCannotBeAndShowsHowItIsWritten) {
  struct Row {
    std::vector<std::string> options;
    std::string part;
  };
  const Row kRows[] = {
      {{""}, "no share"},
      {{"20@200ms"}, "no share"},
      {{"%@200ms"}, "no share"},
      {{"0%@200ms"}, "no share"},
      {{"-1%@200ms"}, "no share"},
      {{"101%@200ms"}, "no share"},
      {{"nan%@200ms"}, "no share"},
      {{"inf%@200ms"}, "no share"},
      {{"2 0%@200ms"}, "no share"},
      {{"@200ms"}, "no share"},
      {{"200ms"}, "no share"},
      {{"20%"}, "says \"\""},
      {{"20%@"}, "says \"\""},
      {{"20%@200"}, "says \"200\""},
      {{"20%@-5ms"}, "says \"-5ms\""},
      {{"20%@never"}, "says \"never\""},
      {{"20%@half"}, "says \"half\""},
      {{"20%@slow"}, "says \"slow\""},
      {{"20%@a\nb"}, "says \"a\\nb\""},
      {{"20%@200ms:"}, "neither :fin nor :rst"},
      {{"20%@200ms:RST"}, "neither :fin nor :rst"},
      {{"20%@200ms:rst:rst"}, "neither :fin nor :rst"},
      {{"20%@half-sent:now"}, "neither :fin nor :rst"},
      {{"20%@never-read:rst"}, "time limit"},
      {{"20%@slow:"}, "bytes a second"},
      {{"20%@slow:0B/s"}, "bytes a second"},
      {{"20%@slow:1000"}, "bytes a second"},
      {{"20%@slow:1.5B/s"}, "bytes a second"},
      {{"20%@slow:10KiB/s"}, "bytes a second"},
      {{"20%@slow:10B/s:rst"}, "bytes a second"},
      {{"20%@slow:99999999999999999999B/s"}, "bytes a second"},
      {{"60%@1s", "41%@2s"}, "101%"},
      {{"100%@1s", "0.001%@never-read"}, "100.001%"},
  };
  for (const Row& row : kRows) {
    const std::string refusal = refusal_of(row.options);
    EXPECT_NE(refusal.find(row.part), std::string::npos) << refusal;
    EXPECT_NE(refusal.find("%@", refusal.rfind(" ")), std::string::npos) << refusal;
  }
}

TEST(FatePlan, TakesSharesThatAddUpToAllThoughTheyAreNotExactInBinary) {
  // As doubles they are a little more.
  const FatePlan plan =
      FatePlan::parse({"12.68%@never-read", "61.84%@never-read", "25.48%@never-read"});
  EXPECT_EQ(counts_of(plan, 1, 100'000)[FateKind::kNeverRead], 100'000);
}

TEST(FatePlan, GivesEachFateItsShare) {
  constexpr std::uint64_t kRequests = 1'000'000;
  const FatePlan plan =
      FatePlan::parse({"20%@200ms:rst", "0.5%@half-sent", "5%@slow:10B/s", "0.01%@never-read"});
  const std::map<FateKind, double> kShares = {{FateKind::kGiveUp, 0.2},
                                              {FateKind::kHalfSent, 0.005},
                                              {FateKind::kSlowRead, 0.05},
                                              {FateKind::kNeverRead, 0.0001},
                                              {FateKind::kComplete, 0.7449}};
  for (const std::uint64_t seed : {0u, 1u, 2u}) {
    std::map<FateKind, double> counts = counts_of(plan, seed, kRequests);
    EXPECT_EQ(counts.size(), kShares.size());
    for (const auto& [kind, share] : kShares) {
      const double expected = kRequests * share;
      EXPECT_NEAR(counts[kind], expected, 4 * std::sqrt(expected * (1 - share)))
          << static_cast<int>(kind) << ", seed " << seed;
    }
  }
}

TEST(FatePlan, ARequestsFateTellsNothingOfTheNextOne) {
  constexpr std::uint64_t kRequests = 200'000;
  const FatePlan plan = FatePlan::parse({"20%@never-read"});
  const auto leaves = [&](std::uint64_t request) {
    return plan.of(5, request).kind == FateKind::kNeverRead;
  };
  for (const std::uint64_t apart : {1u, 2u, 7u, 64u, 1024u}) {
    double both = 0;
    for (std::uint64_t i = 0; i < kRequests; ++i) both += leaves(i) && leaves(i + apart);
    // Neighbouring pairs share a request, which widens the spread: four deviations.
    const double variance = kRequests * (0.04 * 0.96 + 2 * (0.008 - 0.0016));
    EXPECT_NEAR(both, kRequests * 0.04, 4 * std::sqrt(variance)) << apart;
  }
}

TEST(FatePlan, IsTheSameForASeedAndAnotherForAnother) {
  constexpr std::uint64_t kRequests = 100'000;
  const FatePlan plan = FatePlan::parse({"30%@1s", "20%@never-read"});
  const FatePlan again = plan;
  double same = 0;
  for (std::uint64_t i = kRequests; i-- > 0;) {  // in another order, too
    ASSERT_EQ(plan.of(7, i), again.of(7, i));
    same += plan.of(7, i).kind == plan.of(8, i).kind;
  }
  // As often as by chance: 0.3^2 + 0.2^2 + 0.5^2.
  EXPECT_NEAR(same, kRequests * 0.38, 4 * std::sqrt(kRequests * 0.38 * 0.62));
}

TEST(FatePlan, StaysTheSameFromReleaseToRelease) {
  // A report names its seed, so that its fates can be had again.
  const FatePlan plan = FatePlan::parse({"50%@never-read"});
  std::string fates;
  for (std::uint64_t i = 0; i < 32; ++i) fates += plan.of(42, i) == Fate{} ? '.' : 'x';
  EXPECT_EQ(fates, "..x.x...xxx.xxx...x.xxxxxxx.....");
}

TEST(FatePlan, DoesNotGoWithTheGapsOfAScheduleOfTheSameSeed) {
  const FatePlan plan = FatePlan::parse({"20%@never-read"});
  for (const std::uint64_t seed : {0u, 1u, 42u}) {
    Schedule schedule({ArrivalModel::kPoisson, {1000}, seconds(100), seed});
    Duration last{};
    double gaps = 0;
    double count = 0;
    for (std::uint64_t i = 0; const auto offset = schedule.next(); ++i) {
      if (plan.of(seed, i).kind == FateKind::kNeverRead) {
        gaps += std::chrono::duration<double, std::milli>(*offset - last).count();
        ++count;
      }
      last = *offset;
    }
    EXPECT_GT(count, 19'000);
    EXPECT_NEAR(gaps / count, 1, 4 / std::sqrt(count)) << seed;
  }
}

TEST(FatePlan, DrawsNothingWhenThereIsNothingToDraw) {
  const FatePlan plan;
  EXPECT_EQ(plan.of(1, 2), Fate{});
  EXPECT_EQ(&plan.of(1, 2), &plan.of(3, 4));
  EXPECT_EQ(FatePlan::parse({}), plan);
  EXPECT_TRUE(plan.options().empty());
}

}  // namespace
}  // namespace leakbench
