// Cancellation travels by links between contexts: no task is needed to carry it, so none can leak.
#include <vector>

#include "runtime/conformance/fixture.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

class Tree {
 public:
  explicit Tree(const Context& root) {
    Context parent = root;
    for (int i = 0; i < 30; ++i) {
      contexts_.push_back(with_cancel(with_value(parent, kNumber, i)));
      contexts_.push_back(with_timeout(contexts_.back().context, 1h));
      parent = contexts_.back().context;
    }
  }
  const Context& leaf() const { return contexts_.back().context; }

 private:
  std::vector<Cancellable> contexts_;
};

TEST_F(ContextConformance, P58_PropagationTakesNoTasks) {
  struct RequestContext : Context {};
  auto [root, cancel] = with_cancel(background());
  const Tree tree(RequestContext{root});
  scheduler_.run_until_idle();
  EXPECT_EQ(scheduler_.scheduler().live_tasks(), 0);
  cancel();
  EXPECT_TRUE(tree.leaf().is_done());
  EXPECT_EQ(scheduler_.scheduler().live_tasks(), 0);
}

TEST_F(ContextConformance, P61_BelowACancelledContextThereAreNoTasksEither) {
  auto [root, cancel] = with_cancel(background());
  cancel();
  const Tree tree(root);
  EXPECT_TRUE(tree.leaf().is_done());
  EXPECT_EQ(scheduler_.scheduler().live_tasks(), 0);
}

TEST_F(ContextConformance, P62_AfterACancellationNothingIsLeft) {
  auto [root, cancel] = with_cancel(background());
  const Tree tree(root);
  std::optional<Failure> heard;
  await_done(tree.leaf(), &heard);
  const StopFunc stop = after(tree.leaf(), [] {});
  EXPECT_EQ(scheduler_.scheduler().live_tasks(), 1);
  cancel();
  scheduler_.run_until_idle();
  EXPECT_EQ(heard, canceled());
  EXPECT_EQ(scheduler_.scheduler().live_tasks(), 0);
  EXPECT_EQ(scheduler_.timers().next_deadline(), std::nullopt);
  EXPECT_EQ(root.canceller()->children_for_testing(), 0u);
}

}  // namespace
}  // namespace leakbench
