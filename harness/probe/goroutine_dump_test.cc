#include "harness/probe/goroutine_dump.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "harness/probe/test_goroutines.h"

namespace leakbench {
namespace {

GoroutineDump parsed(std::string_view text, const GoroutineDumpLimits& limits = {}) {
  auto dump = parse_goroutine_dump(text, limits);
  EXPECT_TRUE(dump) << dump.error();
  return *std::move(dump);
}

std::string error_of_dump(const std::string& text, const GoroutineDumpLimits& limits = {}) {
  const auto dump = parse_goroutine_dump(text, limits);
  EXPECT_FALSE(dump) << text;
  if (dump) return "";
  expect_one_line(dump.error());
  return dump.error();
}

// The only group of a dump with this header and one call.
DumpedGoroutines with_header(const std::string& header) {
  SCOPED_TRACE(header);
  GoroutineDump dump = parsed(header + "\nmain.f()\n\t/src/main.go:3 +0x38\n");
  EXPECT_FALSE(dump.truncated);
  EXPECT_EQ(dump.groups.size(), 1u);
  return dump.groups.at(0);
}

constexpr const char* kTwoAlike =
    "goroutine 7 [chan send, 1 minutes]:\n"
    "main.(*queue[...]).push(0xc000012345, {0x1, 0x2})\n"
    "\t/src/my app/main.go:3 +0x38\n"
    "main.run.func1(...)\n"
    "\t/src/my app/main.go:9\n"
    "created by main.(*pool).start in goroutine 1\n"
    "\t/src/my app/main.go:12 +0x6a\n"
    "\n"
    "goroutine 8 [chan send, 4 minutes]:\n"
    "main.(*queue[...]).push(0xc000099999, {0x3, 0x4})\n"
    "\t/src/my app/main.go:3 +0x38\n"
    "main.run.func1(...)\n"
    "\t/src/my app/main.go:9\n"
    "created by main.(*pool).start in goroutine 5\n"
    "\t/src/my app/main.go:12 +0x6a\n";

TEST(GoroutineDump, GoroutinesThatAreAlikeAreOneGroup) {
  const GoroutineDump dump = parsed(kTwoAlike);
  EXPECT_EQ(dump.total, 2);
  EXPECT_FALSE(dump.truncated);
  ASSERT_EQ(dump.groups.size(), 1u);
  const DumpedGoroutines& group = dump.groups[0];
  EXPECT_EQ(group.count, 2);
  EXPECT_EQ(group.status, "chan send");
  EXPECT_FALSE(group.leaked);
  EXPECT_EQ(group.longest_wait_minutes, 4);
  EXPECT_EQ(shown(group.stack, dump.frames),
            (std::vector<std::string>{"main.(*queue[...]).push /src/my app/main.go:3",
                                      "main.run.func1 /src/my app/main.go:9"}));
  ASSERT_TRUE(group.created_by);
  EXPECT_EQ(shown(&dump.frames[*group.created_by]), "main.(*pool).start /src/my app/main.go:12");
}

TEST(GoroutineDump, WhatDiffersInStateStackOrStartIsNotOneGroup) {
  const std::string one = "goroutine 1 [sleep]:\nmain.f()\n\ta.go:1\ncreated by main.g\n\ta.go:2\n";
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"[sleep]", "[select]"},
                                                        {"[sleep]", "[sleep (leaked)]"},
                                                        {"a.go:1", "a.go:3"},
                                                        {"main.f", "main.h"},
                                                        {"a.go:2", "b.go:2"},
                                                        {"created by main.g\n\ta.go:2\n", ""}}) {
    std::string other = one;
    other.replace(other.find(from), from.size(), to);
    EXPECT_EQ(parsed(one + "\n" + one).groups.size(), 1u);
    EXPECT_EQ(parsed(one + "\n" + other).groups.size(), 2u) << from << " -> " << to;
  }
}

TEST(GoroutineDump, ReadsEveryFormOfHeader) {
  EXPECT_EQ(with_header("goroutine 1 [running]:").status, "running");
  EXPECT_EQ(with_header("goroutine 1 [select (no cases)]:").status, "select (no cases)");
  EXPECT_EQ(with_header("goroutine 1 [chan receive (nil chan), 9 minutes]:").status,
            "chan receive (nil chan)");
  EXPECT_EQ(
      with_header("goroutine 1 [chan receive, 12 minutes, locked to thread]:").longest_wait_minutes,
      12);
  EXPECT_EQ(with_header("goroutine 1 [syscall, locked to thread]:").longest_wait_minutes,
            std::nullopt);
  EXPECT_EQ(with_header("goroutine 1 gp=0xc000002380 m=0 mp=0x5f6a20 [semacquire]:").status,
            "semacquire");
  EXPECT_EQ(with_header("goroutine 1 gp=0xc000002380 m=nil [GC worker (idle)]:").status,
            "GC worker (idle)");
  EXPECT_EQ(with_header("goroutine 1 [chan send (scan)]:").status, "chan send");
  EXPECT_EQ(with_header("goroutine 1 [select (durable), synctest bubble 3]:").status, "select");
  const DumpedGoroutines leaked =
      with_header("goroutine 9 [chan send (nil chan) (leaked) (scan), locked to thread]:");
  EXPECT_EQ(leaked.status, "chan send (nil chan)");
  EXPECT_TRUE(leaked.leaked);
}

TEST(GoroutineDump, LabelsDoNotDisturbWhateverTheyHold) {
  // Go 1.26 writes them inside the brackets, 1.27 behind them.
  for (const char* header :
       {R"(goroutine 1 [sleep, 2 minutes labels:{"user": "\"]:\n, 9 minutes", "b": ""}]:)",
        R"(goroutine 1 [sleep, 2 minutes] {user: "x]: [y", b: z}:)"}) {
    const DumpedGoroutines group = with_header(header);
    EXPECT_EQ(group.status, "sleep");
    EXPECT_EQ(group.longest_wait_minutes, 2);
  }
}

TEST(GoroutineDump, ReadsEveryGoroutineOfARealServer) {
  const GoroutineDump dump = parsed(captured("goroutine_debug2.txt"));
  EXPECT_EQ(dump.total, 68);
  EXPECT_FALSE(dump.truncated);
  std::map<std::string, std::int64_t> statuses;
  for (const DumpedGoroutines& group : dump.groups) statuses[group.status] += group.count;
  EXPECT_EQ(statuses, (std::map<std::string, std::int64_t>{{"IO wait", 8},
                                                           {"chan receive", 13},
                                                           {"chan receive (nil chan)", 1},
                                                           {"chan send", 22},
                                                           {"chan send (nil chan)", 1},
                                                           {"coroutine", 1},
                                                           {"runnable", 2},
                                                           {"running", 1},
                                                           {"select", 7},
                                                           {"select (no cases)", 1},
                                                           {"semacquire", 1},
                                                           {"sleep", 1},
                                                           {"sync.Cond.Wait", 1},
                                                           {"sync.Mutex.Lock", 4},
                                                           {"sync.RWMutex.RLock", 1},
                                                           {"sync.WaitGroup.Wait", 1},
                                                           {"syscall", 2}}));
}

TEST(GoroutineDump, ReadsTheLeaksThatGoHasProven) {
  const GoroutineDump dump = parsed(captured("goroutineleak_debug2.txt"));
  std::int64_t leaked = 0;
  for (const DumpedGoroutines& group : dump.groups) leaked += group.leaked ? group.count : 0;
  EXPECT_EQ(leaked, 37);
}

TEST(GoroutineDump, StacksOfAncestorsBelongToNoGoroutine) {
  const GoroutineDump with = parsed(captured("goroutine_debug2_ancestors.txt"));
  EXPECT_EQ(with.total, 68);
  for (const DumpedGoroutines& group : with.groups) {
    for (const std::string& call : shown(group.stack, with.frames)) {
      EXPECT_EQ(call.find("originating"), std::string::npos) << call;
    }
  }
  const GoroutineDump dump = parsed(
      "goroutine 9 [sleep]:\nmain.f()\n\ta.go:1\ncreated by main.g in goroutine 4\n\ta.go:2\n"
      "[originating from goroutine 4]:\nmain.g(...)\n\ta.go:2\ncreated by main.h\n\ta.go:3\n"
      "[originating from goroutine 3]:\nmain.h(...)\n\ta.go:3\n...additional frames elided...\n");
  ASSERT_EQ(dump.groups.size(), 1u);
  EXPECT_EQ(shown(dump.groups[0].stack, dump.frames), (std::vector<std::string>{"main.f a.go:1"}));
  EXPECT_EQ(shown(&dump.frames[dump.groups[0].created_by.value()]), "main.g a.go:2");
  EXPECT_FALSE(dump.groups[0].outer_calls_missing);
}

TEST(GoroutineDump, CallsThatAreLeftOutOfTheMiddleAreNoMatter) {
  const GoroutineDump dump = parsed(captured("goroutine_debug2.txt"));
  const auto deep = std::max_element(
      dump.groups.begin(), dump.groups.end(),
      [](const auto& a, const auto& b) { return a.stack.size() < b.stack.size(); });
  EXPECT_EQ(deep->stack.size(), 100u);
  EXPECT_FALSE(deep->outer_calls_missing);
  EXPECT_EQ(shown(deep->stack, dump.frames).front(), "main.deep example.com/shop/main.go:37");
}

TEST(GoroutineDump, OlderServersLeaveTheOutermostCallsOut) {
  const GoroutineDump dump = parsed(
      "goroutine 5 [semacquire, 3 minutes]:\nsync.runtime_Semacquire(0xc0?)\n\tsema.go:62 +0x25\n"
      "sync.(*WaitGroup).Wait(0xc0)\n\twaitgroup.go:139 +0x52\n...additional frames elided...\n"
      "created by main.main\n\tmain.go:9 +0x1\n");
  ASSERT_EQ(dump.groups.size(), 1u);
  EXPECT_TRUE(dump.groups[0].outer_calls_missing);
  EXPECT_EQ(dump.groups[0].stack.size(), 2u);
  EXPECT_EQ(shown(&dump.frames[dump.groups[0].created_by.value()]), "main.main main.go:9");
}

TEST(GoroutineDump, APanicOnItsWayIsACallLikeOthers) {
  const GoroutineDump dump = parsed(captured("goroutine_debug2.txt"));
  const bool found = std::any_of(dump.groups.begin(), dump.groups.end(), [&](const auto& group) {
    return shown(group.stack, dump.frames) ==
           std::vector<std::string>{"main.panics.func1 example.com/shop/main.go:50",
                                    "panic runtime/panic.go:860",
                                    "main.panics example.com/shop/main.go:51",
                                    "main.main.func9 example.com/shop/main.go:110"};
  });
  EXPECT_TRUE(found);
}

TEST(GoroutineDump, StacksThatAreNotAvailableOrHoldCallsIntoC) {
  const GoroutineDump dump = parsed(
      "goroutine 1 [running, locked to thread]:\n"
      "\tgoroutine running on other thread; stack unavailable\n"
      "created by main.main in goroutine 1\n\tmain.go:9 +0x1\n"
      "\n"
      "goroutine 2 [syscall]:\n"
      "non-Go function at pc=0x4711\n"
      "non-Go function\n\tpc=0x4712\n"
      "c_sleep\n\t/src/c code.c:12 pc=0x4713\n"
      "main.f()\n\tmain.go:3 +0x1\n"
      "non-Go function at pc=0x4714\n");
  EXPECT_FALSE(dump.truncated);
  ASSERT_EQ(dump.groups.size(), 2u);
  EXPECT_TRUE(dump.groups[0].stack.empty());
  EXPECT_TRUE(dump.groups[0].created_by);
  EXPECT_EQ(
      shown(dump.groups[1].stack, dump.frames),
      (std::vector<std::string>{"non-Go function", "non-Go function", "c_sleep /src/c code.c:12",
                                "main.f main.go:3", "non-Go function"}));
}

TEST(GoroutineDump, ADumpThatFillsTheServersBufferIsTruncatedAndItsLastGoroutineLeftOut) {
  const std::string whole = kTwoAlike;
  const GoroutineDump dump = parsed(whole, {.server_bytes = whole.size()});
  EXPECT_TRUE(dump.truncated);
  EXPECT_EQ(dump.total, 1);
  EXPECT_EQ(dump.groups.at(0).longest_wait_minutes, 1);
}

TEST(GoroutineDump, WhereverTheServersBufferEndsNothingIsMisread) {
  const std::string whole = kTwoAlike;
  const std::size_t second = whole.find("goroutine 8");
  for (std::size_t size = whole.find('\n') + 1; size <= whole.size(); ++size) {
    SCOPED_TRACE(whole.substr(0, size));
    const GoroutineDump dump = parsed(whole.substr(0, size), {.server_bytes = size});
    EXPECT_TRUE(dump.truncated);
    // Known whole by the empty line before the second.
    EXPECT_EQ(dump.total, size >= second ? 1 : 0);
    ASSERT_EQ(dump.groups.size(), static_cast<std::size_t>(dump.total));
    if (dump.total == 1) {
      EXPECT_EQ(dump.groups.at(0).stack.size(), 2u);
    }
  }
}

TEST(GoroutineDump, AConnectionThatEndsInsideALineOrACallIsNoticed) {
  const std::string whole = kTwoAlike;
  EXPECT_TRUE(parsed(whole.substr(0, whole.size() - 1)).truncated);
  EXPECT_TRUE(parsed(whole.substr(0, whole.rfind("\t"))).truncated);
  EXPECT_EQ(parsed(whole.substr(0, whole.rfind("\t"))).total, 1);
}

TEST(GoroutineDump, SaysWhatIsWrongAndInWhichLine) {
  EXPECT_EQ(error_of_dump(""),
            "not a dump of goroutines, line 0: expected goroutine N [STATUS]:, found \"\"");
  EXPECT_EQ(error_of_dump("<html>\n<body>\n"),
            "not a dump of goroutines, line 1: expected goroutine N [STATUS]:, found \"<html>\"");
  EXPECT_EQ(error_of_dump("goroutine 1 [sleep]:\nmain.f()\n\ta.go:1\n\nmain.g()\n"),
            "not a dump of goroutines, line 5: expected goroutine N [STATUS]:, found \"main.g()\"");
}

TEST(GoroutineDump, RefusesHeadersThatGoNeverWrites) {
  for (const char* header :
       {"goroutine 1 [sleep]", "goroutine x [sleep]:", "goroutine 1 sleep:", "goroutine 1 []:",
        "goroutine 1 [sleep:", "goroutine [sleep]:", "goroutine 1 [sleep]x:",
        "goroutine 1 [sleep] {a: b:", "goroutine -1 [sleep]:", "goroutine  [sleep]:"}) {
    error_of_dump(std::string(header) + "\nmain.f()\n\ta.go:1\n");
  }
}

TEST(GoroutineDump, EveryLimitEndsInAnError) {
  std::string text;
  for (int i = 0; i < 3; ++i) {
    text += "goroutine 1 [sleep]:\nmain.f()\n\ta.go:" + std::to_string(i) + "\n\n";
  }
  EXPECT_NE(error_of_dump(text, {.groups = 2}).find("more than 2 different stacks"),
            std::string::npos);
  EXPECT_NE(error_of_dump(text, {.frames = 2}).find("more than 2 different calls"),
            std::string::npos);
}

}  // namespace
}  // namespace leakbench
