#include "harness/probe/go_source.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "harness/probe/test_go_server.h"
#include "harness/probe/test_wire_writer.h"

namespace leakbench {
namespace {

using Strings = std::vector<std::string>;

constexpr const char* kProtobuf = "/debug/pprof/goroutine";
constexpr const char* kText = "/debug/pprof/goroutine?debug=1";
constexpr const char* kDump = "/debug/pprof/goroutine?debug=2";
constexpr const char* kLeaks = "/debug/pprof/goroutineleak";
constexpr const char* kExpvar = "/debug/vars";
constexpr const char* kHeap = "/debug/pprof/heap?debug=1";

// A millisecond later each time that it is looked at.
class TickingClock final : public Clock {
 public:
  TimePoint now() const override { return now_ += std::chrono::milliseconds(1); }

 private:
  mutable TimePoint now_{};
};

class GoSourceTest : public testing::Test {
 protected:
  GoSource source(GoSource::Limits limits = {}) {
    return GoSource(server.port(), {.kind = MetricsSourceKind::kGo}, ReadingPace::kEveryTime, clock,
                    limits);
  }

  const TickingClock clock;
  TestGoServer server{TestGoServer::captured_answers()};
};

void expect_one_problem(MetricsSource& source, const std::string& problem) {
  const Strings problems = source.take_problems();
  ASSERT_EQ(problems.size(), 1u) << (problems.empty() ? "" : problems[1]);
  EXPECT_NE(problems[0].find(problem), std::string::npos) << problems[0];
  EXPECT_EQ(problems[0].find('\n'), std::string::npos);
}

std::int64_t proven(const TaskProfile& profile) {
  std::int64_t count = 0;
  for (const TaskSite& site : profile.sites) count += site.proven ? site.live : 0;
  return count;
}

TEST_F(GoSourceTest, ReadsGoroutinesHeapAndPauses) {
  GoSource source = this->source();
  const MetricsReading reading = source.read();
  EXPECT_EQ(reading.live_tasks, 56);
  EXPECT_EQ(reading.system_tasks, 12);
  EXPECT_EQ(reading.heap_in_use_bytes, 1'000);
  EXPECT_EQ(reading.gc_cycles_total, 5);
  EXPECT_EQ(reading.gc_pause_total_ns, 12'345);
  EXPECT_EQ(reading.requests_in_flight, std::nullopt);
  EXPECT_EQ(source.take_problems(), Strings{});
  EXPECT_EQ(server.take_asked(), (Strings{kProtobuf, kExpvar}));
}

TEST_F(GoSourceTest, AsksAtThePathsOfTheManifest) {
  server.answer("/internal/prof/goroutine", TestGoServer::captured_answers().at(kProtobuf));
  server.answer("/internal/vars", TestGoServer::captured_answers().at(kExpvar));
  GoSource source(server.port(),
                  {.kind = MetricsSourceKind::kGo,
                   .pprof_path = "/internal/prof",
                   .expvar_path = "/internal/vars"},
                  ReadingPace::kEveryTime, clock, {});
  EXPECT_EQ(source.read().live_tasks, 56);
  EXPECT_EQ(server.take_asked(), (Strings{"/internal/prof/goroutine", "/internal/vars"}));
}

TEST_F(GoSourceTest, WithoutExpvarTheHeapProfileTells) {
  server.answer(kExpvar, {404, "404 page not found\n"});
  GoSource source = this->source();
  const MetricsReading reading = source.read();
  EXPECT_EQ(reading.heap_in_use_bytes, 700);
  EXPECT_EQ(reading.gc_cycles_total, 3);
  EXPECT_EQ(reading.gc_pause_total_ns, 6);
  EXPECT_EQ(source.take_problems(), Strings{});
  server.take_asked();
  EXPECT_EQ(source.read().heap_in_use_bytes, 700);
  EXPECT_EQ(server.take_asked(), (Strings{kProtobuf, kHeap}));
}

TEST_F(GoSourceTest, WithoutAnyMemoryGoroutinesAreStillRead) {
  server.answer(kExpvar, {200, "{}"});
  server.answer(kHeap, {500, "no\n"});
  GoSource source = this->source();
  const MetricsReading reading = source.read();
  EXPECT_EQ(reading.live_tasks, 56);
  EXPECT_EQ(reading.heap_in_use_bytes, std::nullopt);
  EXPECT_EQ(source.take_problems(),
            (Strings{"GET /debug/vars: JSON without memstats.HeapAlloc, which expvar has",
                     "GET /debug/pprof/heap?debug=1: status 500, \"no\\x0a\""}));
}

TEST_F(GoSourceTest, WithoutAProtobufTheTextIsRead) {
  for (const TestAnswer& answer : {TestAnswer{500, "no protobuf here"}, TestAnswer{200, "<html>"},
                                   TestAnswer{200, captured("goroutine.pb.gz").substr(0, 400)},
                                   TestAnswer{200, captured("heap.pb.gz")},
                                   TestAnswer{200, captured("goroutine_delta.pb.gz")}}) {
    server.answer(kProtobuf, answer);
    GoSource source = this->source();
    EXPECT_EQ(source.read().live_tasks, 56);
    expect_one_problem(source, "read with debug=1 instead");
    server.take_asked();
    EXPECT_EQ(source.read().live_tasks, 56);
    EXPECT_EQ(server.take_asked(), (Strings{kText, kExpvar}));
    EXPECT_EQ(source.take_problems(), Strings{});
    const auto profile = source.task_profile();
    ASSERT_TRUE(profile.has_value());
    EXPECT_EQ(profile->sites.front().live, 20);
    EXPECT_EQ(profile->sites.front().waits.count("unknown"), 1u);
  }
}

TEST_F(GoSourceTest, WithoutAnyProfileNothingIsKnown) {
  server.answer(kProtobuf, {500, "no"});
  server.answer(kText, {200, "goroutine profile: total 3\n3 @ 0x1"});
  GoSource source = this->source();
  const MetricsReading reading = source.read();
  EXPECT_EQ(reading.live_tasks, std::nullopt);
  EXPECT_EQ(reading.heap_in_use_bytes, 1'000);
  expect_one_problem(
      source,
      "GET /debug/pprof/goroutine: status 500, \"no\"; with debug=1: a profile that is cut");
  EXPECT_FALSE(source.task_profile().has_value());
  EXPECT_FALSE(source.full_task_profile().has_value());
  EXPECT_EQ(source.take_problems(), Strings{});

  server.answer(kProtobuf, {404, "404 page not found"});
  server.take_asked();
  GoSource missing = this->source();
  EXPECT_FALSE(missing.task_profile().has_value());
  EXPECT_EQ(server.take_asked(), Strings{kProtobuf});
  expect_one_problem(missing, "status 404, \"404 page not found\"");
}

TEST_F(GoSourceTest, GivesSitesByGoStatementWithWaitsAndProof) {
  GoSource source = this->source();
  const auto profile = source.full_task_profile();
  ASSERT_TRUE(profile.has_value());
  EXPECT_EQ(source.take_problems(), Strings{});
  EXPECT_EQ(server.take_asked(), (Strings{kProtobuf, kDump, kLeaks}));
  EXPECT_EQ(profile->live_tasks, 56);
  const TaskSite& site = profile->sites.front();
  EXPECT_EQ(site.function, "main.startMany");
  EXPECT_EQ(site.file, "example.com/shop/main.go");
  EXPECT_EQ(site.line, 64);
  EXPECT_EQ(site.waits_at->line, 33);
  EXPECT_EQ(site.longest_wait_ns, 180'000'000'000);
  EXPECT_TRUE(site.proven);
  EXPECT_FALSE(site.example.empty());
}

TEST_F(GoSourceTest, AServerWithoutLeakProfileProvesNothingAndThatIsNoProblem) {
  server.answer(kLeaks, {404, "Unknown profile\n"});
  GoSource source = this->source();
  EXPECT_EQ(proven(source.full_task_profile().value()), 0);
  server.take_asked();
  EXPECT_EQ(source.full_task_profile()->live_tasks, 56);
  EXPECT_EQ(server.take_asked(), (Strings{kProtobuf, kDump}));
  EXPECT_EQ(source.take_problems(), Strings{});
}

TEST_F(GoSourceTest, ABrokenLeakProfileIsAProblemAndTheSitesStay) {
  for (const TestAnswer& answer :
       {TestAnswer{500, "no"}, TestAnswer{200, "garbage"},
        TestAnswer{200, captured("goroutineleak.pb.gz").substr(0, 200)}}) {
    server.answer(kLeaks, answer);
    GoSource source = this->source();
    const auto profile = source.full_task_profile();
    ASSERT_TRUE(profile.has_value());
    EXPECT_EQ(profile->sites.front().line, 64);
    EXPECT_EQ(proven(*profile), 0);
    expect_one_problem(source, "GET /debug/pprof/goroutineleak: ");
  }
}

TEST_F(GoSourceTest, WithoutAWholeDumpSitesAreByStartedFunction) {
  const std::string dump = captured("goroutine_debug2.txt");
  for (const TestAnswer& answer :
       {TestAnswer{500, "no"}, TestAnswer{404, "Unknown profile\n"}, TestAnswer{200, "<html>"},
        TestAnswer{200, dump.substr(0, 3'000)}, TestAnswer{200, ""}}) {
    server.answer(kDump, answer);
    GoSource source = this->source();
    const auto profile = source.full_task_profile();
    ASSERT_TRUE(profile.has_value());
    EXPECT_EQ(profile->live_tasks, 56);
    EXPECT_EQ(profile->sites.front().function, "main.main.func1");
    EXPECT_TRUE(profile->sites.front().proven);
    expect_one_problem(source, "GET /debug/pprof/goroutine?debug=2: ");
  }
}

TEST_F(GoSourceTest, ADumpOfTooManyGoroutinesIsNotAskedFor) {
  GoSource source = this->source({.dumped_goroutines = 67});
  const auto profile = source.full_task_profile();
  ASSERT_TRUE(profile.has_value());
  EXPECT_EQ(profile->sites.front().function, "main.main.func1");
  EXPECT_EQ(server.take_asked(), (Strings{kProtobuf, kLeaks}));
  expect_one_problem(source, "not asked of 68 goroutines");
}

TEST_F(GoSourceTest, CollectsGarbage) {
  GoSource source = this->source();
  source.collect_garbage();
  EXPECT_EQ(server.take_asked(), Strings{"/debug/pprof/heap?gc=1"});
  EXPECT_EQ(source.take_problems(), Strings{});
  server.answer("/debug/pprof/heap?gc=1", {403, "forbidden"});
  source.collect_garbage();
  source.collect_garbage();
  expect_one_problem(source, "status 403");
}

TEST_F(GoSourceTest, ReadSparinglyItRestsAHundredTimesAsLongAsAReadingTook) {
  GoSource source(server.port(), {.kind = MetricsSourceKind::kGo}, ReadingPace::kSparing, clock,
                  {});
  for (int reading = 0; reading < 3; ++reading) {
    // Takes the millisecond between its two looks at the clock.
    EXPECT_EQ(source.read().live_tasks, 56);
    server.take_asked();
    // Each of these looks once, and the hundredth is the first that is not too early.
    for (int early = 1; early < 100; ++early) {
      ASSERT_EQ(source.read().live_tasks, std::nullopt) << early;
    }
    EXPECT_EQ(server.take_asked(), Strings{});
    // Profiles are for those who want them now.
    EXPECT_TRUE(source.task_profile().has_value());
  }
}

}  // namespace
}  // namespace leakbench
