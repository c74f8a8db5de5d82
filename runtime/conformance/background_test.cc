#include "runtime/conformance/fixture.h"

namespace leakbench {
namespace {

constexpr ContextKey<int> kAnyKey{"any"};

void expect_nothing_ever_happens_to(const Context& root) {
  EXPECT_FALSE(root.can_be_done());
  EXPECT_FALSE(root.is_done());
  EXPECT_FALSE(root.err());
  EXPECT_FALSE(root.cause());
  EXPECT_EQ(root.deadline(), std::nullopt);
  EXPECT_EQ(root.value(kAnyKey), nullptr);
}

TEST_F(ContextConformance, P01_BackgroundIsNeverDoneAndHasNeitherDeadlineNorValues) {
  std::optional<Failure> heard;
  await_done(background(), &heard);
  pass(std::chrono::hours(1));
  expect_nothing_ever_happens_to(background());
  EXPECT_FALSE(heard);
  EXPECT_EQ(background().to_string(), "context.Background");
}

TEST_F(ContextConformance, P02_TodoIsLikeBackgroundButSaysSo) {
  std::optional<Failure> heard;
  await_done(todo(), &heard);
  pass(std::chrono::hours(1));
  expect_nothing_ever_happens_to(todo());
  EXPECT_FALSE(heard);
  EXPECT_EQ(todo().to_string(), "context.TODO");
}

}  // namespace
}  // namespace leakbench
