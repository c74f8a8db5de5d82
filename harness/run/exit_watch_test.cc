#include "harness/run/exit_watch.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/target/test_support.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

// A process that does nothing until it is told to end.
class Child {
 public:
  Child() : pid_(::fork()) {
    if (pid_ != 0) return;
    ::pause();
    ::_exit(0);
  }
  ~Child() {
    end();
    ::waitpid(pid_, nullptr, 0);
  }
  pid_t pid() const { return pid_; }
  void end() const { ::kill(pid_, SIGKILL); }  // and stays a zombie: nobody has asked for it

 private:
  const pid_t pid_;
};

TEST(ExitWatch, EndsTheContextWhenOneOfTheProcessesDoes) {
  const Child first, second;
  const ExitWatch watch(background(), {first.pid(), second.pid()}, 1ms);
  EXPECT_FALSE(watch.context().is_done());
  second.end();
  EXPECT_TRUE(eventually([&] { return watch.context().is_done(); }));
}

TEST(ExitWatch, EndsWithItsParent) {
  const Child child;
  const Cancellable parent = with_cancel(background());
  const ExitWatch watch(parent.context, {child.pid()}, 1h);
  parent.cancel();
  EXPECT_TRUE(watch.context().is_done());
}

TEST(ExitWatch, StopsLookingAtOnceHoweverLongTheInterval) {
  const Child child;
  const auto began = std::chrono::steady_clock::now();
  { const ExitWatch watch(background(), {child.pid()}, 1h); }
  EXPECT_LT(std::chrono::steady_clock::now() - began, 10s);
}

TEST(ExitWatch, OfNoProcessOnlyHasItsParent) {
  const ExitWatch watch(background(), {}, 1ms);
  EXPECT_FALSE(watch.context().is_done());
}

}  // namespace
}  // namespace leakbench
