#include "harness/probe/goroutine_wait.h"

#include <gtest/gtest.h>

#include <set>

#include "harness/probe/test_goroutines.h"
#include "runtime/task/wait_reason.h"

namespace leakbench {
namespace {

std::string_view from_profile(const std::vector<std::string>& functions) {
  return wait_of_calls(TestCalls(functions).calls(), /*runtime_calls_hidden=*/false);
}

std::string_view from_text(const std::vector<std::string>& functions) {
  return wait_of_calls(TestCalls(functions).calls(), /*runtime_calls_hidden=*/true);
}

TEST(GoroutineWait, KnowsTheOperationByTheCallUnderTheParking) {
  EXPECT_EQ(from_profile({"runtime.gopark", "runtime.chansend", "runtime.chansend1", "main.f"}),
            "channel send");
  EXPECT_EQ(from_profile({"runtime.gopark", "runtime.chanrecv", "runtime.chanrecv2", "main.f"}),
            "channel receive");
  EXPECT_EQ(from_profile({"runtime.gopark", "runtime.selectgo", "main.f"}), "select");
  EXPECT_EQ(from_profile({"runtime.gopark", "runtime.block", "main.f"}), "select");
  EXPECT_EQ(from_profile({"runtime.asyncPreempt2", "runtime.asyncPreempt", "main.f"}), "runnable");
  EXPECT_EQ(from_profile({"runtime.gopark", "runtime.newThing", "main.f"}), "unknown");
}

TEST(GoroutineWait, KnowsLocksAndWaitGroupsOfOldAndNewServers) {
  EXPECT_EQ(from_text({"sync.runtime_Semacquire", "sync.(*WaitGroup).Wait", "main.f"}),
            "wait group");
  EXPECT_EQ(from_text({"sync.runtime_SemacquireWaitGroup", "sync.(*WaitGroup).Wait", "main.f"}),
            "wait group");
  EXPECT_EQ(from_text({"sync.runtime_Semacquire", "sync.(*RWMutex).RLock", "main.f"}), "mutex");
  EXPECT_EQ(from_text({"sync.runtime_SemacquireMutex", "sync.(*Mutex).lockSlow", "main.f"}),
            "mutex");
  EXPECT_EQ(from_text({"internal/sync.runtime_SemacquireMutex", "main.f"}), "mutex");
  EXPECT_EQ(from_text({"sync.runtime_notifyListWait", "sync.(*Cond).Wait"}), "condition");
}

TEST(GoroutineWait, DoesNotGuessWhatIsNotThere) {
  EXPECT_EQ(from_text({"main.f", "sync.(*WaitGroup).Wait"}), "unknown");
  EXPECT_EQ(from_text({"main.f", "time.Sleep"}), "unknown");
  EXPECT_EQ(from_text({"time.Sleep", "main.f"}), "timer");
}

TEST(GoroutineWait, TakesGosOwnWordWhereThereIsOne) {
  const TestCalls none({});
  EXPECT_EQ(wait_of_status("sync.RWMutex.Lock", none.calls()), "mutex");
  EXPECT_EQ(wait_of_status("chan send (nil chan)", none.calls()), "channel send");
  EXPECT_EQ(wait_of_status("running", none.calls()), "runnable");
  EXPECT_EQ(wait_of_status("GC worker (idle)", none.calls()), "GC worker (idle)");
}

TEST(GoroutineWait, OldServersSaySemacquireForMutexesAndWaitGroups) {
  const TestCalls wait({"sync.runtime_Semacquire", "sync.(*WaitGroup).Wait", "main.f"});
  EXPECT_EQ(wait_of_status("semacquire", wait.calls()), "wait group");
  const TestCalls lock({"sync.runtime_SemacquireMutex", "sync.(*Mutex).Lock", "main.f"});
  EXPECT_EQ(wait_of_status("semacquire", lock.calls()), "mutex");
  EXPECT_EQ(wait_of_status("semacquire", TestCalls({"main.f"}).calls()), "semaphore");
}

TEST(GoroutineWait, SpeaksTheLanguageOfOurTaskRegistry) {
  const TestCalls none({});
  std::set<std::string> ours, gos;
  for (std::size_t reason = 0; reason < kWaitReasons; ++reason) {
    ours.insert(to_string(static_cast<WaitReason>(reason)));
  }
  for (const char* status : {"running", "sleep", "chan send", "chan receive", "select",
                             "sync.WaitGroup.Wait", "sync.Mutex.Lock", "IO wait"}) {
    gos.insert(wait_of_status(status, none.calls()));
  }
  gos.insert("context");  // has no name of its own in Go
  EXPECT_EQ(gos, ours);
}

}  // namespace
}  // namespace leakbench
