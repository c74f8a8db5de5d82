#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <memory>
#include <random>
#include <string>

#include "runtime/context/context.h"

namespace leakbench {
namespace {

constexpr ContextKey<std::string> kRequestId{"request-id"};
constexpr ContextKey<std::string> kUserId{"user-id"};
constexpr ContextKey<std::shared_ptr<int>> kShared{"shared"};

TEST(ContextValue, AMissingOneIsANormalAnswer) {
  EXPECT_EQ(background().value(kRequestId), nullptr);
  EXPECT_EQ(with_value(background(), kUserId, "u").value(kRequestId), nullptr);
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

TEST(ContextValue, IsTheNearestAtAnyDepthAmongOtherContexts) {
  std::deque<ContextKey<int>> keys;
  for (int i = 0; i < 100; ++i) keys.emplace_back("key");
  std::mt19937 random(1);
  std::map<const ContextKey<int>*, int> nearest;
  Context ctx = background();
  for (int depth = 0; depth < 500; ++depth) {
    const ContextKey<int>& key = keys[random() % 90];  // the last ten are never set
    ctx = with_value(ctx, key, depth);
    nearest[&key] = depth;
    if (random() % 3 == 0) ctx = without_cancel(ctx);
    if (random() % 3 == 0) ctx = with_cancel(ctx).context;
    for (const ContextKey<int>& asked : keys) {
      const int* found = ctx.value(asked);
      const auto expected = nearest.find(&asked);
      ASSERT_EQ(found != nullptr, expected != nearest.end()) << "depth " << depth;
      if (found == nullptr) continue;
      ASSERT_EQ(*found, expected->second) << "depth " << depth;
    }
  }
}

}  // namespace
}  // namespace leakbench
