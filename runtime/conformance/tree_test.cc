// Many contexts and many threads: nobody is lost, nobody waits for ever, nobody is told too late.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <random>
#include <thread>
#include <vector>

#include "runtime/base/race_for_testing.h"
#include "runtime/conformance/fixture.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

// Holds up a cancellation in the middle of the tree until another thread's cancel has returned, or
// for long enough to see that it waits, as it should.
struct HoldUp : CancelListener {
  HoldUp() : CancelListener(&HoldUp::on_cancel) {}
  static void on_cancel(CancelListener& listener) {
    auto& self = static_cast<HoldUp&>(listener);
    self.reached = true;
    const auto bound = std::chrono::steady_clock::now() + 50ms;
    while (!self.other_returned && std::chrono::steady_clock::now() < bound) {
      std::this_thread::yield();
    }
  }
  std::atomic<bool> reached{false};
  std::atomic<bool> other_returned{false};
};

// root -> top -> middle -> leaf, where the cancellation that comes first is held up at the middle.
struct OverlappingCancels {
  OverlappingCancels() { EXPECT_TRUE(middle.context.canceller()->listen(hold_up)); }

  bool leaf_is_done_when_second_returns(const CancelHandle& first, const CancelHandle& second) {
    bool done = false;
    std::thread other([&] {
      while (!hold_up.reached) std::this_thread::yield();
      second();
      done = leaf.context.is_done();
      hold_up.other_returned = true;
    });
    first();
    other.join();
    return done;
  }

  Cancellable root = with_cancel(background());
  Cancellable top = with_cancel(root.context);
  Cancellable middle = with_cancel(top.context);
  Cancellable leaf = with_cancel(middle.context);
  HoldUp hold_up;
};

TEST_F(ContextConformance, P10_ASecondCancelReturnsWithItsSubtreeDoneToo) {
  OverlappingCancels tree;
  EXPECT_TRUE(tree.leaf_is_done_when_second_returns(tree.top.cancel, tree.top.cancel));
}

TEST_F(ContextConformance, P10_ACancelBelowAnotherReturnsWithItsSubtreeDoneToo) {
  OverlappingCancels tree;
  EXPECT_TRUE(tree.leaf_is_done_when_second_returns(tree.root.cancel, tree.top.cancel));
}

TEST_F(ContextConformance, P10_ACancelAboveAnotherReturnsWithItsSubtreeDoneToo) {
  OverlappingCancels tree;
  EXPECT_TRUE(tree.leaf_is_done_when_second_returns(tree.top.cancel, tree.root.cancel));
}

TEST_F(ContextConformance, P11_CancelIsSafeFromManyThreads) {
  auto [ctx, cancel] = with_cancel_cause(background());
  std::vector<Failure> causes;
  for (int i = 0; i < 8; ++i) causes.emplace_back("cause");
  std::vector<std::thread> threads;
  for (const Failure& cause : causes) {
    threads.emplace_back([&cancel = cancel, &cause] {
      for (int i = 0; i < 100; ++i) cancel(cause);
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(ctx.err(), canceled());
  EXPECT_EQ(std::count(causes.begin(), causes.end(), ctx.cause()), 1);
}

TEST_F(ContextConformance, P18_AChildBornWhileItsParentIsCancelledIsNeverLost) {
  for (int i = 0; i < 300; ++i) {
    auto [parent, cancel] = with_cancel(background());
    Context child;
    race([&cancel = cancel] { cancel(); },
         [&, &parent = parent] {
           auto [ctx, handle] = with_cancel(parent);
           std::move(handle).detach();
           child = ctx;
         });
    EXPECT_EQ(child.err(), canceled());
  }
}

// Each thread also sees, when its cancel returns, that everything below is done (P10).
TEST_F(ContextConformance, P19_AHundredContextsCancelledByManyThreadsInRandomOrderEndDone) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    std::vector<Cancellable> tree;
    std::vector<std::vector<std::size_t>> lines;  // each context with all its ancestors
    tree.push_back(with_cancel(background()));
    lines.push_back({0});
    while (tree.size() < 100) {
      const std::size_t parent = random() % tree.size();
      lines.push_back(lines[parent]);
      lines.back().push_back(tree.size());
      tree.push_back(with_cancel(tree[parent].context));
    }
    std::vector<std::size_t> order(tree.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::shuffle(order.begin(), order.end(), random);
    std::atomic<int> told_too_late{0};
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        for (std::size_t i = t; i < order.size(); i += 4) {
          tree[order[i]].cancel();
          for (const auto& line : lines) {
            if (std::find(line.begin(), line.end(), order[i]) == line.end()) continue;
            if (!tree[line.back()].context.is_done()) ++told_too_late;
          }
        }
      });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(told_too_late, 0);
    for (const auto& node : tree) EXPECT_EQ(node.context.err(), canceled());
  }
}

TEST_F(ContextConformance, P20_AChildCancelledByWhoHearsOfItsParentDoesNotDeadlock) {
  for (int i = 0; i < 300; ++i) {
    auto [parent, cancel_parent] = with_cancel(background());
    auto [child, cancel_child] = with_cancel(parent);
    race([&cancel_parent = cancel_parent] { cancel_parent(); },
         [&parent = parent, &cancel_child = cancel_child] {
           while (!parent.is_done()) std::this_thread::yield();
           cancel_child();
         });
    EXPECT_EQ(child.err(), canceled());
  }
}

TEST_F(ContextConformance, P21_CancellingAnyOfManyRandomLayersMakesTheLeafDone) {
  static constexpr ContextKey<int> kLayer{"layer"};
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    std::vector<Cancellable> layers;
    Context leaf = background();
    int values = 0;
    while (layers.size() < 30) {
      switch (random() % 3) {
        case 0:
          leaf = with_value(leaf, kLayer, ++values);
          continue;
        case 1:
          layers.push_back(with_cancel(leaf));
          break;
        case 2:
          layers.push_back(with_timeout(leaf, 1h + 1s * static_cast<int>(random() % 100)));
          break;
      }
      leaf = layers.back().context;
    }
    EXPECT_FALSE(leaf.is_done());
    layers[random() % layers.size()].cancel();
    EXPECT_EQ(leaf.err(), canceled());
    ASSERT_EQ(leaf.value(kLayer) == nullptr, values == 0);
    if (values > 0) {
      EXPECT_EQ(*leaf.value(kLayer), values);
    }
  }
}

TEST_F(ContextConformance, P25_WhoSeesAnErrFindsTheContextDone) {
  for (int i = 0; i < 300; ++i) {
    auto [parent, cancel] = with_cancel(background());
    auto [child, cancel_child] = with_cancel(parent);
    race([&cancel = cancel] { cancel(); },
         [&child = child] {
           while (!child.err()) std::this_thread::yield();
           EXPECT_TRUE(child.is_done());
         });
  }
}

TEST_F(ContextConformance, P46_ACauseReadWhileAnotherThreadCancelsIsNothingOrTheCause) {
  for (int i = 0; i < 300; ++i) {
    const Failure why("why");
    auto [ctx, cancel] = with_cancel_cause(background());
    race([&, &cancel = cancel] { cancel(why); },
         [&, &ctx = ctx] {
           Failure seen;
           while (!(seen = ctx.cause())) std::this_thread::yield();
           EXPECT_EQ(seen, why);
         });
  }
}

TEST_F(ContextConformance, P65_EveryMethodMayBeCalledFromManyThreadsAtOnce) {
  for (int i = 0; i < 30; ++i) {
    auto [root, cancel] = with_cancel_cause(with_value(background(), kNumber, 7));
    auto [shared, cancel_shared] = with_timeout(root, 1h);
    const auto use = [&root = root, &shared = shared] {
      while (!root.is_done()) {
        const Context copy = shared;
        EXPECT_EQ(copy, shared);
        EXPECT_TRUE(copy.can_be_done());
        EXPECT_TRUE(copy.deadline());
        EXPECT_EQ(*copy.value(kNumber), 7);
        EXPECT_FALSE(copy.to_string().empty());
        EXPECT_FALSE(without_cancel(copy).err());
        const auto [child, cancel_child] = with_cancel(with_value(copy, kNumber, 8));
        EXPECT_EQ(*child.value(kNumber), 8);
        cancel_child();
        EXPECT_EQ(child.err(), canceled());
        const Failure err = copy.err();
        EXPECT_TRUE(!err || err == canceled());
      }
    };
    std::thread one(use), two(use);
    cancel(Failure("that is enough"));
    one.join();
    two.join();
    EXPECT_EQ(shared.cause().message(), "that is enough");
  }
}

}  // namespace
}  // namespace leakbench
