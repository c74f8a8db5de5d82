#include <memory>
#include <string>

#include "runtime/conformance/fixture.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

constexpr ContextKey<std::string> kUser{"user"};
constexpr ContextKey<std::string> kTrace{"trace"};
constexpr ContextKey<std::shared_ptr<int>> kShared{"shared"};

// Go's "custom wrapper": a type of one's own that is a context and carries more.
struct RequestContext : Context {
  explicit RequestContext(Context ctx) : Context(std::move(ctx)) {}
  int request = 0;
};

TEST_F(ContextConformance, P03_TheNearestValueOfAKeyIsFound) {
  const Context outer = with_value(background(), kUser, "outer");
  const Context inner = with_value(with_value(outer, kTrace, "t-1"), kUser, "inner");
  EXPECT_EQ(*inner.value(kUser), "inner");
  EXPECT_EQ(*inner.value(kTrace), "t-1");
  EXPECT_EQ(*outer.value(kUser), "outer");
  EXPECT_EQ(outer.value(kTrace), nullptr);
}

TEST_F(ContextConformance, P03_KeysAreToldApartEvenWithTheSameNameAndType) {
  static constexpr ContextKey<std::string> kOtherUser{"user"};
  static constexpr ContextKey<int> kUserNumber{"user"};
  const Context ctx = with_value(background(), kUser, "ada");
  EXPECT_EQ(ctx.value(kOtherUser), nullptr);
  EXPECT_EQ(ctx.value(kUserNumber), nullptr);
  EXPECT_EQ(*ctx.value(kUser), "ada");
}

TEST_F(ContextConformance, P04_AnInnerNullShadowsTheOuterValue) {
  const Context outer = with_value(background(), kShared, std::make_shared<int>(1));
  const Context inner = with_value(outer, kShared, nullptr);
  ASSERT_NE(inner.value(kShared), nullptr);
  EXPECT_EQ(*inner.value(kShared), nullptr);
  EXPECT_EQ(**outer.value(kShared), 1);
}

TEST_F(ContextConformance, P05_ValuesAreSeenThroughEveryLayerBeforeAndAfterCancellation) {
  const RequestContext request(with_value(background(), kUser, "ada"));
  auto [cancellable, cancel] = with_cancel(request);
  auto [limited, cancel_limited] = with_timeout(cancellable, 1s);
  const Context leaf = with_value(limited, kTrace, "t-1");
  for (const bool cancelled : {false, true}) {
    if (cancelled) cancel();
    EXPECT_EQ(leaf.is_done(), cancelled);
    ASSERT_NE(leaf.value(kUser), nullptr);
    EXPECT_EQ(*leaf.value(kUser), "ada");
    EXPECT_EQ(*leaf.value(kTrace), "t-1");
  }
}

template <typename Parent, typename Key>
concept TakesAValue = requires(Parent parent, Key key) {
  with_value(parent, static_cast<Key>(key), 1);
};

TEST_F(ContextConformance, P06_AKeyThatCannotBeOneDoesNotCompile) {
  EXPECT_TRUE((TakesAValue<Context, const ContextKey<int>&>));
  EXPECT_FALSE((TakesAValue<Context, std::nullptr_t>));
  EXPECT_FALSE((TakesAValue<Context, const char*>));
  // A temporary would be gone before anybody can look under it.
  EXPECT_FALSE((TakesAValue<Context, ContextKey<int>&&>));
  EXPECT_FALSE((TakesAValue<std::nullptr_t, const ContextKey<int>&>));
  EXPECT_FALSE(std::is_copy_constructible_v<ContextKey<int>>);
}

TEST_F(ContextConformance, P07_AHundredThousandValuesAreLookedThroughAndDroppedWithoutRecursion) {
  static constexpr ContextKey<int> kLayer{"layer"};
  Context leaf = with_value(background(), kUser, "ada");
  for (int i = 0; i < 100'000; ++i) leaf = with_value(leaf, kLayer, i);
  EXPECT_EQ(*leaf.value(kUser), "ada");
  EXPECT_EQ(*leaf.value(kLayer), 99'999);
  EXPECT_EQ(leaf.value(kTrace), nullptr);
  EXPECT_EQ(leaf.deadline(), std::nullopt);
  leaf = background();
}

TEST_F(ContextConformance, P08_AValueAddsNoCancellation) {
  EXPECT_FALSE(with_value(background(), kUser, "ada").can_be_done());
  auto [parent, cancel] = with_timeout(background(), 1s);
  const Context child = with_value(parent, kUser, "ada");
  EXPECT_EQ(child.canceller(), parent.canceller());
  EXPECT_EQ(child.deadline(), parent.deadline());
  EXPECT_EQ(parent.canceller()->children_for_testing(), 0u);
  std::optional<Failure> heard;
  await_done(child, &heard);
  EXPECT_FALSE(heard);
  cancel();
  scheduler_.run_until_idle();
  EXPECT_EQ(heard, canceled());
  EXPECT_EQ(child.err(), canceled());
}

}  // namespace
}  // namespace leakbench
