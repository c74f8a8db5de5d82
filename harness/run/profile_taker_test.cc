#include "harness/run/profile_taker.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <thread>

#include "harness/run/repetition.h"
#include "harness/target/test_server.h"
#include "harness/target/test_support.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

const ProfileSource kSource = {ProfileFormat::kGperftools, "/debug/cpu?seconds=", "/debug/heap"};

class ProfileTakerTest : public testing::Test {
 protected:
  CompanionTarget target() const { return {::getpid(), server_.port()}; }
  ProfileTaker taker(ProfileKind kind) {
    return ProfileTaker("without-context", kSource, kind, 9s, stop_.context);
  }

  Cancellable stop_ = with_cancel(background());
  std::atomic<int> heap_status_{200};
  std::atomic<int> heaps_asked_{0};
  std::atomic<bool> cpu_asked_{false};
  std::atomic<bool> cpu_may_end_{false};
  const TestHttpServer server_{[this](httplib::Server& http) {
    http.Get("/debug/heap", [this](const auto&, auto& response) {
      response.status = heap_status_;
      response.set_content(
          heap_status_ == 200 ? "heap " + std::to_string(++heaps_asked_) : "not here\nreally\n",
          "text/plain");
    });
    http.Get("/debug/cpu", [this](const httplib::Request& request, auto& response) {
      cpu_asked_ = true;
      while (!cpu_may_end_) std::this_thread::sleep_for(1ms);
      response.set_content("cpu for " + request.get_param_value("seconds"), "text/plain");
    });
  }};
};

TEST_F(ProfileTakerTest, TakesTheHeapAtTheLastResponseAndAfterTheRound) {
  ProfileTaker taker = this->taker(ProfileKind::kHeap);
  taker.before_round(target());
  EXPECT_EQ(heaps_asked_, 0);
  taker.at_last_response();
  taker.after_round();
  ASSERT_EQ(taker.profiles().size(), 2u);
  EXPECT_EQ(taker.profiles()[0].moment, ProfileMoment::kLastResponse);
  EXPECT_EQ(taker.profiles()[0].content, "heap 1");
  EXPECT_EQ(taker.profiles()[1].moment, ProfileMoment::kSettled);
  EXPECT_EQ(taker.profiles()[1].content, "heap 2");
  EXPECT_EQ(taker.program(), std::filesystem::read_symlink("/proc/self/exe"));
}

TEST_F(ProfileTakerTest, SamplesCpuTimeBesideTheRoundAndWaitsForTheEnd) {
  ProfileTaker taker = this->taker(ProfileKind::kCpu);
  taker.before_round(target());
  EXPECT_TRUE(eventually([&] { return cpu_asked_.load(); }));
  taker.at_last_response();
  EXPECT_TRUE(taker.profiles().empty());
  cpu_may_end_ = true;
  taker.after_round();
  ASSERT_EQ(taker.profiles().size(), 1u);
  EXPECT_EQ(taker.profiles()[0].moment, ProfileMoment::kRound);
  EXPECT_EQ(taker.profiles()[0].content, "cpu for 9");
  EXPECT_EQ(heaps_asked_, 0);
}

TEST_F(ProfileTakerTest, NamesTheArmTheRequestAndTheFirstLineOfARefusal) {
  ProfileTaker taker = this->taker(ProfileKind::kHeap);
  taker.before_round(target());
  heap_status_ = 501;
  EXPECT_EQ(error_of([&] { taker.at_last_response(); }, ExitCode::kIncomplete),
            "arm without-context gives no heap profile: GET http://127.0.0.1:" +
                std::to_string(server_.port()) + "/debug/heap: status 501: not here");
}

TEST_F(ProfileTakerTest, StopsWaitingWhenTheContextIsDone) {
  {
    ProfileTaker taker = this->taker(ProfileKind::kCpu);
    taker.before_round(target());
    EXPECT_TRUE(eventually([&] { return cpu_asked_.load(); }));
    stop_.cancel();
    EXPECT_THROW(taker.after_round(), Interrupted);
  }  // does not wait for the profile either
  EXPECT_FALSE(cpu_may_end_);
  cpu_may_end_ = true;
}

}  // namespace
}  // namespace leakbench
