// Trees of a size that nobody plans for: no stack overflow, nothing left behind.
#include <gtest/gtest.h>

#include <vector>

#include "runtime/context/context.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

constexpr int kDepth = 100'000;
constexpr int kChildren = 1'000'000;

// A context that only its parent's cancellation ends.
Context detached_child(const Context& parent) {
  auto [child, handle] = with_cancel(parent);
  std::move(handle).detach();
  return child;
}

Context chain_below(const Context& root) {
  Context leaf = root;
  for (int i = 0; i < kDepth; ++i) leaf = detached_child(leaf);
  return leaf;
}

TEST(ContextLimits, AChainOfAHundredThousandIsCancelledFromItsRoot) {
  auto [root, cancel] = with_cancel(background());
  const Context leaf = chain_below(root);
  cancel();
  EXPECT_EQ(leaf.err(), canceled());
}

TEST(ContextLimits, AChainOfAHundredThousandIsDestroyedLive) {
  auto [root, cancel] = with_cancel(background());
  Context leaf = chain_below(root);
  EXPECT_EQ(root.canceller()->children_for_testing(), 1u);
  leaf = background();
  EXPECT_EQ(root.canceller()->children_for_testing(), 0u);
}

TEST(ContextLimits, AChainOfAHundredThousandIsLookedThrough) {
  static constexpr ContextKey<int> kNumber{"number"}, kMissing{"missing"};
  ManualClock clock;
  TimerQueue timers(clock);
  auto [limited, cancel] = with_timeout(with_value(background(), kNumber, 7), 1h, &timers);
  const Context leaf = chain_below(limited);
  EXPECT_EQ(*leaf.value(kNumber), 7);
  EXPECT_EQ(leaf.value(kMissing), nullptr);
  EXPECT_EQ(leaf.deadline(), limited.deadline());
  EXPECT_GT(leaf.to_string().size(), std::size_t{kDepth});
}

TEST(ContextLimits, AMillionChildrenAreCancelledByTheirParent) {
  auto [parent, cancel] = with_cancel(background());
  std::vector<Context> children;
  for (int i = 0; i < kChildren; ++i) children.push_back(detached_child(parent));
  EXPECT_EQ(parent.canceller()->children_for_testing(), std::size_t{kChildren});
  cancel();
  int done = 0;
  for (const Context& child : children) done += child.is_done();
  EXPECT_EQ(done, kChildren);
  EXPECT_EQ(parent.canceller()->children_for_testing(), 0u);
}

TEST(ContextLimits, AMillionChildrenThatGoLeaveTheirParent) {
  auto [parent, cancel] = with_cancel(background());
  std::vector<Context> children;
  for (int i = 0; i < kChildren; ++i) children.push_back(detached_child(parent));
  children.clear();
  EXPECT_EQ(parent.canceller()->children_for_testing(), 0u);
}

TEST(ContextLimits, AMillionTimeoutsAreCancelledByTheirParentWithTheirTimers) {
  ManualClock clock;
  TimerQueue timers(clock);
  auto [parent, cancel] = with_cancel(background());
  std::vector<Cancellable> children;
  for (int i = 0; i < kChildren; ++i) {
    children.push_back(with_timeout(parent, std::chrono::milliseconds(i), &timers));
  }
  cancel();
  EXPECT_EQ(children.back().context.err(), canceled());
  EXPECT_EQ(timers.next_deadline(), std::nullopt);
}

}  // namespace
}  // namespace leakbench
