#include <gtest/gtest.h>

#include <memory>
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

}  // namespace
}  // namespace leakbench
