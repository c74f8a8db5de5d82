// GoSource against a server that Go has built. Skipped where there is no Go.
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "harness/probe/go_source.h"
#include "harness/probe/test_leaking_server.h"

namespace leakbench {
namespace {

using Strings = std::vector<std::string>;

constexpr std::int64_t kEach = 7;
constexpr std::int64_t kWays = 8;

const SteadyClock kSteadyClock;

// The number of the line that ends with this comment.
std::int64_t line_with(const std::string& comment) {
  std::ifstream source(LEAKBENCH_PROBE_TESTDATA "/leaking_server/main.go");
  std::string line;
  for (std::int64_t number = 1; std::getline(source, line); ++number) {
    if (line.ends_with("// " + comment)) return number;
  }
  ADD_FAILURE() << comment;
  return 0;
}

class GoServer : public testing::Test {
 protected:
  void SetUp() override {
    if (!leaking_server_was_built()) GTEST_SKIP() << kNoLeakingServer;
    server_.emplace(Strings{"-each", std::to_string(kEach)});
    // All have come to where they wait.
    ASSERT_TRUE(eventually([&] {
      const auto profile = source().task_profile();
      if (!profile) return false;
      std::int64_t waiting = 0;
      for (const TaskSite& site : profile->sites) {
        if (!site.system && site.waits.count("runnable") == 0) waiting += site.live;
      }
      return waiting == kEach * kWays;
    }));
  }

  GoSource source() {
    return GoSource(server_->port(), {.kind = MetricsSourceKind::kGo}, ReadingPace::kEveryTime,
                    kSteadyClock, {});
  }

  std::optional<LeakingServer> server_;
};

// The only site of the application that waits for this.
TaskSite site_of(const TaskProfile& profile, const std::string& wait) {
  std::vector<TaskSite> sites;
  for (const TaskSite& site : profile.sites) {
    if (!site.system && site.waits.count(wait) != 0) sites.push_back(site);
  }
  EXPECT_EQ(sites.size(), 1u) << wait;
  return sites.empty() ? TaskSite{} : sites[0];
}

TEST_F(GoServer, EveryLeakIsNamedByItsGoStatementAndItsBlockedLine) {
  GoSource go = source();
  const auto profile = go.full_task_profile();
  ASSERT_TRUE(profile.has_value());
  EXPECT_EQ(profile->live_tasks, kEach * kWays);
  // Go has proven some or, without the profile for it, none.
  const bool proves = site_of(*profile, "channel send").proven;
  ControlClient client(server_->port());
  EXPECT_EQ(proves, client.get("/debug/pprof/goroutineleak").status == 200);
  const std::map<std::string, bool> provable = {
      {"channel send", true}, {"channel receive", true}, {"select", true}, {"mutex", true},
      {"wait group", true},   {"condition", true},       {"timer", false}, {"io", false}};
  EXPECT_EQ(provable.size(), static_cast<std::size_t>(kWays));
  for (const auto& [wait, is_provable] : provable) {
    SCOPED_TRACE(wait);
    const TaskSite site = site_of(*profile, wait);
    EXPECT_EQ(site.live, kEach);
    EXPECT_EQ(site.waits, (std::map<std::string, std::int64_t>{{wait, kEach}}));
    EXPECT_EQ(site.file, "leaking_server/main.go");
    EXPECT_EQ(site.line, line_with("started: " + wait));
    ASSERT_TRUE(site.waits_at.has_value());
    EXPECT_EQ(site.waits_at->file, "leaking_server/main.go");
    EXPECT_EQ(site.waits_at->line, line_with("waits: " + wait));
    EXPECT_EQ(site.proven, proves && is_provable);
    EXPECT_FALSE(site.example.empty());
  }
  EXPECT_EQ(go.take_problems(), Strings{});
}

TEST_F(GoServer, WithoutADumpEveryLeakIsNamedByItsBlockedLine) {
  GoSource go = source();
  const auto profile = go.task_profile();
  ASSERT_TRUE(profile.has_value());
  for (const char* wait : {"channel send", "channel receive", "select", "mutex", "wait group",
                           "condition", "timer", "io"}) {
    SCOPED_TRACE(wait);
    const TaskSite site = site_of(*profile, wait);
    EXPECT_EQ(site.live, kEach);
    EXPECT_EQ(site.waits_at->line, line_with(std::string("waits: ") + wait));
    EXPECT_EQ(site.file, "leaking_server/main.go");
  }
}

TEST_F(GoServer, AHandlerThatNeverReturnsIsNamedByItself) {
  ControlClient visitor(server_->port());
  EXPECT_EQ(visitor.get("/hang", {std::chrono::milliseconds(300), 1'000}).status, 0);
  const std::int64_t blocked = line_with("waits: handler");
  for (const bool full : {false, true}) {
    GoSource go = source();
    const auto profile = full ? go.full_task_profile() : go.task_profile();
    ASSERT_TRUE(profile.has_value());
    int found = 0;
    for (const TaskSite& site : profile->sites) {
      if (!site.waits_at || site.waits_at->line != blocked) continue;
      ++found;
      EXPECT_EQ(site.function, "main.hang");
      EXPECT_EQ(site.line, line_with("started: handler"));
      EXPECT_FALSE(site.system);
    }
    EXPECT_EQ(found, 1);
  }
}

TEST_F(GoServer, CountsAndMemoryAreRead) {
  GoSource go = source();
  const MetricsReading before = go.read();
  EXPECT_EQ(before.live_tasks, kEach * kWays);
  EXPECT_GT(before.system_tasks, 0);
  EXPECT_GT(before.heap_in_use_bytes, 0);
  go.collect_garbage();
  const MetricsReading after = go.read();
  EXPECT_GT(after.gc_cycles_total, before.gc_cycles_total);
  EXPECT_GT(after.gc_pause_total_ns, before.gc_pause_total_ns);
  EXPECT_EQ(go.take_problems(), Strings{});
}

TEST_F(GoServer, KilledInTheMiddleItGivesNothingAndOneProblem) {
  GoSource go = source();
  EXPECT_EQ(go.read().live_tasks, kEach * kWays);
  ::kill(server_->process().pid(), SIGKILL);
  ASSERT_TRUE(server_->process().wait_for_exit(std::chrono::seconds(20)));
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(go.read().live_tasks, std::nullopt);
    EXPECT_FALSE(go.task_profile().has_value());
    EXPECT_FALSE(go.full_task_profile().has_value());
    go.collect_garbage();
  }
  EXPECT_EQ(go.take_problems(), Strings{"GET /debug/pprof/goroutine: nobody accepts connections"});
}

}  // namespace
}  // namespace leakbench
