#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "runtime/context/context.h"

namespace leakbench {
namespace {

constexpr ContextKey<std::string> kRequestId{"request-id"};
constexpr ContextKey<std::string> kUserId{"user-id"};
constexpr ContextKey<std::shared_ptr<int>> kShared{"shared"};

TEST(ContextValue, IsFoundThroughEveryLayer) {
  const Context root = with_value(background(), kRequestId, "r-1");
  auto [middle, cancel] = with_cancel(root);
  const Context leaf = with_value(middle, kUserId, "u-7");
  ASSERT_NE(leaf.value(kRequestId), nullptr);
  EXPECT_EQ(*leaf.value(kRequestId), "r-1");
  EXPECT_EQ(*leaf.value(kUserId), "u-7");
  cancel();
  EXPECT_EQ(*leaf.value(kRequestId), "r-1");
}

TEST(ContextValue, AMissingOneIsANormalAnswer) {
  EXPECT_EQ(background().value(kRequestId), nullptr);
  EXPECT_EQ(with_value(background(), kUserId, "u").value(kRequestId), nullptr);
}

TEST(ContextValue, TheNearestOneShadowsItsAncestors) {
  const Context outer = with_value(background(), kRequestId, "outer");
  const Context inner = with_value(outer, kRequestId, "inner");
  EXPECT_EQ(*inner.value(kRequestId), "inner");
  EXPECT_EQ(*outer.value(kRequestId), "outer");
}

TEST(ContextValue, LivesAsLongAsAContextThatSeesIt) {
  std::weak_ptr<int> watch;
  {
    Context leaf;
    {
      auto shared = std::make_shared<int>(1);
      watch = shared;
      leaf = with_cancel(with_value(background(), kShared, shared)).context;
    }
    EXPECT_FALSE(watch.expired());
  }
  EXPECT_TRUE(watch.expired());
}

TEST(ContextValue, AddsNoCancellation) {
  auto [parent, cancel] = with_cancel(background());
  const Context child = with_value(parent, kUserId, "u");
  EXPECT_EQ(child.canceller(), parent.canceller());
  cancel();
  EXPECT_TRUE(child.is_done());
}

}  // namespace
}  // namespace leakbench
