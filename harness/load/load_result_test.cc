#include "harness/load/load_result.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace leakbench {
namespace {

TimePoint at(int ns) { return TimePoint(Duration(ns)); }

TEST(LoadResult, MergesCountsTimesAndTheOuterMoments) {
  LoadResult a;
  a.connect.asked = 2;
  a.connect.established = 2;
  a.connect.outcomes.add(Outcome::kOk, 2);
  a.connect.connect_time.record(Outcome::kOk, Duration(5), 2);
  a.errors[{Outcome::kReset, 104}] = 2;
  a.unsent = 1;
  a.served = 2;
  a.sent = 3;
  a.outcomes.add(Outcome::kOk, 3);
  a.ok_in_time = 2;
  a.reconnects = 1;
  a.answers_per_connection.record(3);
  a.response_time.record(Outcome::kOk, Duration(100), 3);
  a.service_time.record(Outcome::kOk, Duration(50), 3);
  a.released = at(10);
  a.first_sent = at(20);
  a.last_response = at(120);
  a.ended = at(130);
  LoadResult b = a;
  b.first_sent = at(15);
  b.last_response = at(115);
  b.merge(a);
  EXPECT_EQ(b.connect.asked, 4u);
  EXPECT_EQ(b.connect.established, 4u);
  EXPECT_EQ(b.connect.outcomes.of(Outcome::kOk), 4u);
  EXPECT_EQ(b.connect.connect_time.of(Outcome::kOk).count(), 4u);
  EXPECT_EQ(b.served, 4u);
  EXPECT_EQ(b.sent, 6u);
  EXPECT_EQ(b.ok_in_time, 4u);
  EXPECT_EQ(b.unsent, 2u);
  EXPECT_EQ((b.errors[{Outcome::kReset, 104}]), 4u);
  EXPECT_EQ(b.response_time.of(Outcome::kTimeout).count(), 0u);
  EXPECT_EQ(b.reconnects, 2u);
  EXPECT_EQ(b.answers_per_connection.count(), 2u);
  EXPECT_EQ(b.ended, at(130));
  EXPECT_EQ(b.response_time.of(Outcome::kOk).count(), 6u);
  EXPECT_EQ(b.service_time.of(Outcome::kOk).max(), 50);
  EXPECT_EQ(b.released, at(10));
  EXPECT_EQ(b.first_sent, at(15));
  EXPECT_EQ(b.last_response, at(120));
  EXPECT_NO_THROW(b.check());
}

TEST(LoadResult, AMomentThatOnlyOneHasIsTaken) {
  LoadResult empty;
  LoadResult some;
  some.first_sent = at(7);
  empty.merge(some);
  EXPECT_EQ(empty.first_sent, at(7));
  EXPECT_EQ(empty.last_response, std::nullopt);
  empty.merge(LoadResult());
  EXPECT_EQ(empty.first_sent, at(7));
}

TEST(LoadResult, ARequestWithoutAnOutcomeIsAnError) {
  LoadResult result;
  result.sent = 2;
  result.outcomes.add(Outcome::kOk);
  EXPECT_THROW(result.check(), std::logic_error);
  result.outcomes.add(Outcome::kTimeout);
  EXPECT_NO_THROW(result.check());
}

}  // namespace
}  // namespace leakbench
