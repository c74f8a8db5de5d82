// The control port's profiles and its release of memory: what a build without a sanitizer gives,
// and what any other answers.
#include <gtest/gtest.h>
#include <httplib.h>
#include <pthread.h>
#include <sys/time.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "runtime/control/allocator.h"
#include "runtime/control/control_server.h"
#include "runtime/control/onlooker.h"
#include "runtime/net/epoll_poller.h"
#include "runtime/task/sleep.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

#ifdef LEAKBENCH_SANITIZED
constexpr bool kProfiles = false;
#else
constexpr bool kProfiles = true;
#endif

struct Answer {
  int status = 0;
  std::string body;
};

class ControlProfileTest : public testing::Test {
 protected:
  ControlProfileTest() { control_.emplace(scheduler_, server_, 0); }

  Answer get(const std::string& path) const {
    httplib::Client client("127.0.0.1", control_->port());
    client.set_read_timeout(60s);
    const auto result = client.Get(path);
    if (!result) {
      ADD_FAILURE() << path << ": " << httplib::to_string(result.error());
      return {};
    }
    return {result->status, result->body};
  }

  Scheduler scheduler_{{.workers = 2, .make_poller = make_epoll_poller}};
  HttpServer server_{scheduler_, {}};
  std::optional<ControlServer> control_;
};

// Burns CPU on a thread of its own until it goes.
class Burner {
 public:
  explicit Burner(bool looks_on = false) : thread_([this, looks_on] { burn(looks_on); }) {}
  ~Burner() {
    stopping_ = true;
    thread_.join();
  }

  Duration burnt() {
    clockid_t clock{};
    timespec time{};
    EXPECT_EQ(::pthread_getcpuclockid(thread_.native_handle(), &clock), 0);
    EXPECT_EQ(::clock_gettime(clock, &time), 0);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  }

 private:
  void burn(bool looks_on) {
    this_thread_looks_on = looks_on;
    std::uint64_t value = 1;
    while (!stopping_) value = value * 6364136223846793005u + 1442695040888963407u;
    last_ = value;
  }

  std::atomic<bool> stopping_{false};
  std::atomic<std::uint64_t> last_{0};
  std::thread thread_;
};

// The words of a CPU profile: a header of five, then per stack a count, a depth and the places.
std::uint64_t samples_in(const std::string& profile) {
  std::vector<std::uint64_t> words(profile.size() / sizeof(std::uint64_t));
  std::memcpy(words.data(), profile.data(), words.size() * sizeof(std::uint64_t));
  std::uint64_t samples = 0;
  for (std::size_t i = 5; i + 1 < words.size() && words[i] != 0; i += 2 + words[i + 1]) {
    samples += words[i];
  }
  return samples;
}

TEST_F(ControlProfileTest, ACpuProfileHasSamplesOfTheThreadsThatRan) {
  if (!kProfiles) GTEST_SKIP() << "this build has no profiler";
  const Burner burner;
  const Answer answer = get("/debug/cpu?seconds=1");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_GT(samples_in(answer.body), 0u);
  EXPECT_NE(answer.body.find("control_test"), std::string::npos) << "which files were mapped where";
}

TEST_F(ControlProfileTest, TasksRunOnWhileSignalsInterruptTheWorkers) {
  if (!kProfiles) GTEST_SKIP() << "this build has no profiler";
  std::atomic<bool> stopping{false};
  std::atomic<std::uint64_t> turns{0};
  std::thread profile([&] {
    EXPECT_EQ(get("/debug/cpu?seconds=1").status, 200);
    stopping = true;
  });
  std::atomic<int> alive{8};
  for (int i = 0; i < 8; ++i) {
    scheduler_.go([](auto& stop, auto& count, auto& left) -> task<> {
      while (!stop) {
        (void)co_await sleep_for(background(), 1ms);
        ++count;
      }
      --left;
    }(stopping, turns, alive));
  }
  profile.join();
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (alive > 0) ASSERT_LT(std::chrono::steady_clock::now(), deadline);
  EXPECT_GT(turns, 8u);
}

TEST_F(ControlProfileTest, RefusesANumberOfSecondsThatIsNone) {
  for (const char* query :
       {"", "?seconds=", "?seconds=0", "?seconds=-1", "?seconds=x", "?seconds=1x", "?seconds=1.5",
        "?seconds=601", "?seconds=99999999999999999999"}) {
    const Answer answer = get(std::string("/debug/cpu") + query);
    EXPECT_EQ(answer.status, 400) << query;
    EXPECT_EQ(answer.body, "seconds must be a number from 1 to 600, as in /debug/cpu?seconds=10\n");
  }
}

TEST_F(ControlProfileTest, ASecondCpuProfileAtTheSameTimeIsAConflict) {
  if (!kProfiles) GTEST_SKIP() << "this build has no profiler";
  // Whichever comes first runs until the control server goes; the other one tells.
  std::atomic<int> taken{0}, conflicts{0};
  std::vector<std::thread> askers;
  for (int i = 0; i < 2; ++i) {
    askers.emplace_back([&] {
      const Answer answer = get("/debug/cpu?seconds=600");
      if (answer.status == 200) ++taken;
      if (answer.status == 409) {
        ++conflicts;
        EXPECT_EQ(answer.body, "a CPU profile is being taken already; wait until it ends\n");
      }
    });
  }
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (conflicts == 0 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  EXPECT_EQ(conflicts, 1);
  EXPECT_EQ(get("/healthz").status, 200);
  control_.reset();
  for (std::thread& asker : askers) asker.join();
  EXPECT_EQ(taken, 1) << "what was sampled until the end is a profile";
}

bool profiling_timer_runs() {
  itimerval timer{};
  EXPECT_EQ(::getitimer(ITIMER_PROF, &timer), 0);
  return timer.it_interval.tv_sec != 0 || timer.it_interval.tv_usec != 0;
}

TEST_F(ControlProfileTest, SignalsComeOnlyWhileAProfileIsTaken) {
  if (!kProfiles) GTEST_SKIP() << "this build has no profiler";
  EXPECT_FALSE(profiling_timer_runs());
  std::thread profile([&] { EXPECT_EQ(get("/debug/cpu?seconds=600").status, 200); });
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (!profiling_timer_runs() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  EXPECT_TRUE(profiling_timer_runs());
  control_.reset();
  profile.join();
  EXPECT_FALSE(profiling_timer_runs());
}

TEST_F(ControlProfileTest, ThreadsThatOnlyLookOnAreLeftOut) {
  if (!kProfiles) GTEST_SKIP() << "this build has no profiler";
  Answer answer;
  std::thread profile([&] { answer = get("/debug/cpu?seconds=600"); });
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (!profiling_timer_runs() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  {
    Burner onlooker(true);
    while (onlooker.burnt() < 1s && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(5ms);
    }
    EXPECT_GE(onlooker.burnt(), 1s);
    control_.reset();
  }
  profile.join();
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_LT(samples_in(answer.body), 50u) << "a hundred a second would be of the onlooker";
}

TEST_F(ControlProfileTest, AfterAProfileComesAnother) {
  if (!kProfiles) GTEST_SKIP() << "this build has no profiler";
  for (int i = 0; i < 2; ++i) EXPECT_EQ(get("/debug/cpu?seconds=1").status, 200);
}

TEST_F(ControlProfileTest, AHeapProfileNeedsAProcessThatSamples) {
  if (!kProfiles) GTEST_SKIP() << "this build has no profiler";
  const Answer answer = get("/debug/heap");
  EXPECT_EQ(answer.status, 409);
  EXPECT_NE(answer.body.find("TCMALLOC_SAMPLE_PARAMETER=524288"), std::string::npos);
}

TEST_F(ControlProfileTest, ReleasingMemoryGivesFreePagesBackAndSaysHowLongItTook) {
  if (!kProfiles) GTEST_SKIP() << "this build's allocator keeps its memory";
  constexpr std::size_t kBlock = 1 << 20;
  {
    std::vector<std::unique_ptr<char[]>> blocks;
    for (int i = 0; i < 32; ++i) {
      blocks.push_back(std::make_unique<char[]>(kBlock));
    }
  }
  const Answer answer = get("/debug/release");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto json = nlohmann::json::parse(answer.body);
  EXPECT_EQ(json["schema"], "leakbench/release");
  EXPECT_GE(json["took_ns"], 0);
  for (const char* when : {"before", "after"}) {
    EXPECT_GT(json[when]["in_use_bytes"], 0) << when;
    EXPECT_LE(json[when]["in_use_bytes"], json[when]["mapped_bytes"]) << when;
  }
  EXPECT_LT(json["after"]["mapped_bytes"], json["before"]["mapped_bytes"]);
}

TEST_F(ControlProfileTest, ABuildWithASanitizerSaysThatItCannot) {
  if (kProfiles) GTEST_SKIP() << "this build can";
  for (const char* path : {"/debug/cpu?seconds=1", "/debug/heap", "/debug/release"}) {
    const Answer answer = get(path);
    EXPECT_EQ(answer.status, 501) << path;
    EXPECT_NE(answer.body.find("sanitizer"), std::string::npos) << path;
  }
}

}  // namespace
}  // namespace leakbench
