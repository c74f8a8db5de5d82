#include "harness/probe/goroutine_profile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "harness/probe/test_goroutines.h"

namespace leakbench {
namespace {

GoroutineProfile from_pprof(const std::string& name) {
  auto pprof = parse_pprof(captured(name));
  EXPECT_TRUE(pprof) << pprof.error();
  auto profile = goroutine_profile(*std::move(pprof));
  EXPECT_TRUE(profile) << profile.error();
  return *std::move(profile);
}

GoroutineProfile from_text(std::string_view content) {
  auto text = parse_goroutine_text(content);
  EXPECT_TRUE(text) << text.error();
  auto profile = goroutine_profile(*std::move(text));
  EXPECT_TRUE(profile) << profile.error();
  return *std::move(profile);
}

GoroutineProfile from_dump(std::string_view content) {
  auto dump = parse_goroutine_dump(content);
  EXPECT_TRUE(dump) << dump.error();
  return goroutine_profile(*std::move(dump));
}

// The groups whose example holds a call of this function.
std::vector<GoroutineGroup> through(const GoroutineProfile& profile, const std::string& function) {
  std::vector<GoroutineGroup> groups;
  std::copy_if(profile.groups.begin(), profile.groups.end(), std::back_inserter(groups),
               [&](const GoroutineGroup& group) {
                 return std::any_of(
                     group.example.begin(), group.example.end(),
                     [&](const GoFrame* call) { return call->function == function; });
               });
  return groups;
}

GoroutineGroup only_through(const GoroutineProfile& profile, const std::string& function) {
  const auto groups = through(profile, function);
  EXPECT_EQ(groups.size(), 1u) << function;
  return groups.empty() ? GoroutineGroup{} : groups[0];
}

struct Expectation {
  const char* function;  // some call of it
  std::int64_t count;
  const char* waits_for;
  const char* text_waits_for;  // of debug=1
  const char* status;
  const char* created_by;
  const char* waits_at;
  const char* system;
};

// One row per wait of the captured server. Lines of its source are the same in all three answers.
constexpr Expectation kServer[] = {
    {"main.main.func1", 20, "channel send", "unknown", "chan send",
     "main.startMany example.com/shop/main.go:64", "main.chargeCard example.com/shop/main.go:33",
     ""},
    {"main.(*orderQueue[...]).push", 1, "channel send", "unknown", "chan send",
     "main.main example.com/shop/main.go:89",
     "main.(*orderQueue[...]).push example.com/shop/main.go:29", ""},
    {"main.main.func4", 1, "channel send", "unknown", "chan send (nil chan)",
     "main.main example.com/shop/main.go:92", "main.main.func4 example.com/shop/main.go:92", ""},
    {"main.main.func2", 1, "channel receive", "unknown", "chan receive",
     "main.main example.com/shop/main.go:84", "main.main.func2 example.com/shop/main.go:85", ""},
    {"main.panics", 1, "channel receive", "unknown", "chan receive",
     "main.main example.com/shop/main.go:110", "main.panics.func1 example.com/shop/main.go:50", ""},
    {"main.deep", 1, "channel receive", "unknown", "chan receive",
     "main.main example.com/shop/main.go:109", "main.deep example.com/shop/main.go:37", ""},
    {"main.main.func22", 1, "channel receive", "unknown", "chan receive", "none",
     "main.receiveResult example.com/shop/main.go:31", ""},
    {"main.main.func23", 1, "channel receive", "unknown", "chan receive",
     "net/http.(*Server).Serve net/http/server.go:3464",
     "main.receiveResult example.com/shop/main.go:31", ""},
    {"main.waitEither", 1, "select", "unknown", "select", "main.main example.com/shop/main.go:90",
     "main.waitEither example.com/shop/main.go:43", ""},
    {"main.main.func5", 1, "select", "unknown", "select (no cases)",
     "main.main example.com/shop/main.go:93", "main.main.func5 example.com/shop/main.go:93", ""},
    {"context.(*cancelCtx).propagateCancel.func2", 1, "select", "unknown", "select",
     "context.(*cancelCtx).propagateCancel context/context.go:522",
     "context.(*cancelCtx).propagateCancel.func2 context/context.go:523", ""},
    {"main.clients", 1, "select", "unknown", "select", "main.main example.com/shop/main.go:157",
     "main.get example.com/shop/main.go:164", ""},
    {"main.main.func6", 1, "wait group", "wait group", "sync.WaitGroup.Wait",
     "main.main example.com/shop/main.go:94", "main.main.func6 example.com/shop/main.go:97", ""},
    {"main.main.func7", 1, "mutex", "mutex", "sync.Mutex.Lock",
     "main.main example.com/shop/main.go:99", "main.main.func7 example.com/shop/main.go:102", ""},
    {"main.main.func12", 2, "mutex", "mutex", "sync.Mutex.Lock",
     "main.startMany example.com/shop/main.go:64", "main.main.func12 example.com/shop/main.go:121",
     ""},
    {"main.main.func13", 1, "mutex", "mutex", "sync.RWMutex.RLock",
     "main.main example.com/shop/main.go:122", "main.main.func13 example.com/shop/main.go:122", ""},
    {"main.main.func8", 1, "condition", "condition", "sync.Cond.Wait",
     "main.main example.com/shop/main.go:104", "main.main.func8 example.com/shop/main.go:107", ""},
    {"main.main.func15", 1, "timer", "timer", "sleep", "main.main example.com/shop/main.go:125",
     "main.main.func15 example.com/shop/main.go:125", ""},
    {"main.main.func18", 1, "system call", "system call", "syscall",
     "main.main example.com/shop/main.go:134", "main.main.func18 example.com/shop/main.go:134", ""},
    {"main.main.func19", 1, "mutex", "mutex", "semacquire",
     "main.main example.com/shop/main.go:140", "main.main.func19 example.com/shop/main.go:140", ""},
    {"main.main.func20", 1, "coroutine", "unknown", "coroutine", "iter.Pull[...] iter/iter.go:271",
     "main.main.func20 example.com/shop/main.go:142", ""},
    {"main.main.func24", 1, "io", "io", "IO wait",
     "net/http.(*Server).Serve net/http/server.go:3464",
     "main.main.func24 example.com/shop/main.go:155", ""},
    {"main.spin", 1, "runnable", "unknown", "runnable", "main.main example.com/shop/main.go:131",
     "main.spin example.com/shop/main.go:1", ""},
    {"main.main", 1, "io", "io", "IO wait", "none", "main.main example.com/shop/main.go:158",
     "main"},
    {"os/signal.loop", 1, "system call", "system call", "syscall",
     "os/signal.Notify.func1.1 os/signal/signal.go:152",
     "os/signal.signal_recv runtime/sigqueue.go:152", "signals"},
    {"net/http.(*connReader).backgroundRead", 2, "io", "io", "IO wait",
     "net/http.(*connReader).startBackgroundRead net/http/server.go:698",
     "net.(*netFD).Read net/fd_posix.go:68", "HTTP connection"},
    {"net/http.(*connReader).Read", 1, "io", "io", "IO wait",
     "net/http.(*Server).Serve net/http/server.go:3464", "net.(*netFD).Read net/fd_posix.go:68",
     "HTTP connection"},
    {"net/http.(*persistConn).Read", 2, "io", "io", "IO wait",
     "net/http.(*Transport).dialConn net/http/transport.go:1994",
     "net.(*netFD).Read net/fd_posix.go:68", "HTTP client connection"},
    {"net/http.(*persistConn).writeLoop", 3, "select", "unknown", "select",
     "net/http.(*Transport).dialConn net/http/transport.go:1995",
     "net/http.(*persistConn).writeLoop net/http/transport.go:2652", "HTTP client connection"},
    {"net/http/pprof.Index", 1, "runnable", "unknown", "running",
     "net/http.(*Server).Serve net/http/server.go:3464",
     "net/http/pprof.handler.ServeHTTP net/http/pprof/pprof.go:273", "debug endpoint"},
};

void expect_rows(const GoroutineProfile& profile) {
  EXPECT_EQ(profile.total, 68);
  EXPECT_EQ(profile.application, 56);
  EXPECT_EQ(profile.system, 12);
  EXPECT_FALSE(profile.truncated);
  for (const Expectation& row : kServer) {
    SCOPED_TRACE(row.function);
    const GoroutineGroup group = only_through(profile, row.function);
    EXPECT_EQ(group.count, row.count);
    EXPECT_EQ(shown(group.waits_at), row.waits_at);
    EXPECT_EQ(group.system, row.system);
    EXPECT_FALSE(group.leaked);
  }
}

TEST(GoroutineProfile, FindsEveryWaitOfARealServerInADump) {
  const GoroutineProfile profile = from_dump(captured("goroutine_debug2.txt"));
  expect_rows(profile);
  for (const Expectation& row : kServer) {
    SCOPED_TRACE(row.function);
    const GoroutineGroup group = only_through(profile, row.function);
    EXPECT_EQ(group.waits_for, row.waits_for);
    EXPECT_EQ(group.status, row.status);
    EXPECT_EQ(shown(group.created_by), row.created_by);
  }
  EXPECT_EQ(only_through(profile, "main.main.func1").longest_wait_minutes, 3);
  EXPECT_EQ(only_through(profile, "main.spin").longest_wait_minutes, std::nullopt);
}

TEST(GoroutineProfile, FindsEveryWaitOfARealServerInAProtocolBuffer) {
  const GoroutineProfile profile = from_pprof("goroutine.pb.gz");
  expect_rows(profile);
  for (const Expectation& row : kServer) {
    SCOPED_TRACE(row.function);
    const GoroutineGroup group = only_through(profile, row.function);
    EXPECT_EQ(group.waits_for, row.waits_for);
    EXPECT_EQ(group.status, "");
    EXPECT_EQ(group.created_by, nullptr);
  }
}

TEST(GoroutineProfile, FindsEveryWaitOfARealServerInAText) {
  const GoroutineProfile profile = from_text(captured("goroutine_debug1.txt"));
  expect_rows(profile);
  for (const Expectation& row : kServer) {
    SCOPED_TRACE(row.function);
    const GoroutineGroup group = only_through(profile, row.function);
    EXPECT_EQ(group.waits_for, row.text_waits_for);
    EXPECT_EQ(group.created_by, nullptr);
  }
}

TEST(GoroutineProfile, TheEntryIsTheFunctionThatTheApplicationHasHandedOver) {
  const GoroutineProfile profile = from_pprof("goroutine.pb.gz");
  const auto entry = [&](const char* function) {
    const GoFrame* frame = only_through(profile, function).entry;
    return frame ? *frame : GoFrame{};
  };
  // A handler, and not the connection; a finalizer, and not what runs them all.
  EXPECT_EQ(entry("main.main.func23").function, "main.main.func23");
  EXPECT_EQ(entry("runtime.runFinalizers").function, "main.main.func22");
  // Where the function of the `go` statement begins.
  EXPECT_EQ(entry("main.main.func1").function_line, 80);
  EXPECT_EQ(entry("os/signal.loop").function, "os/signal.loop");
}

TEST(GoroutineProfile, ABodyThatWasNeverClosedIsTheApplications) {
  const GoroutineProfile profile = from_dump(captured("goroutine_debug2.txt"));
  std::map<std::string_view, std::int64_t> kinds;
  for (const auto& group : through(profile, "net/http.(*persistConn).readLoop")) {
    kinds[group.system] += group.count;
  }
  EXPECT_EQ(kinds,
            (std::map<std::string_view, std::int64_t>{{"HTTP client connection", 2}, {"", 1}}));
}

TEST(GoroutineProfile, TheLeaksThatGoHasProvenAreTheSameInAllAnswers) {
  using Leak = std::pair<std::string, std::int64_t>;
  const auto leaks = [](const GoroutineProfile& profile) {
    std::map<std::string, std::int64_t> by_place;
    for (const GoroutineGroup& group : profile.groups) {
      if (group.leaked) by_place[shown(group.waits_at)] += group.count;
    }
    return std::vector<Leak>(by_place.begin(), by_place.end());
  };
  const auto from_pb = leaks(from_pprof("goroutineleak.pb.gz"));
  EXPECT_EQ(from_pb, leaks(from_text(captured("goroutineleak_debug1.txt"))));
  EXPECT_EQ(from_pb, leaks(from_dump(captured("goroutineleak_debug2.txt"))));
  EXPECT_NE(std::find(from_pb.begin(), from_pb.end(),
                      Leak("main.chargeCard example.com/shop/main.go:33", 21)),
            from_pb.end());
}

TEST(GoroutineProfile, ADifferenceOfProfilesGivesGrowthByPlace) {
  const GoroutineProfile profile = from_pprof("goroutine_delta.pb.gz");
  EXPECT_EQ(profile.total, 7);
  EXPECT_EQ(profile.application, 7);
  EXPECT_EQ(profile.system, 0);
  // The two requests for the profile itself cancel out.
  EXPECT_TRUE(through(profile, "net/http/pprof.Index").empty());
  ASSERT_EQ(profile.groups.size(), 3u);
  EXPECT_EQ(profile.groups[0].count, 7);
  EXPECT_EQ(shown(profile.groups[0].waits_at), "main.receiveResult example.com/shop/main.go:31");
  EXPECT_EQ(profile.groups[2].count, -1);
  EXPECT_EQ(profile.groups[2].system, "just started");
}

TEST(GoroutineProfile, ProfilesOfOtherThingsAreRefused) {
  auto heap = parse_pprof(captured("heap.pb.gz"));
  ASSERT_TRUE(heap);
  EXPECT_EQ(goroutine_profile(*std::move(heap)).error(),
            "a profile of \"alloc_objects\", not of goroutines");
  auto threads = parse_goroutine_text("threadcreate profile: total 1\n1 @\n\n");
  ASSERT_TRUE(threads);
  EXPECT_EQ(goroutine_profile(*std::move(threads)).error(),
            "a profile of \"threadcreate\", not of goroutines");
}

TEST(GoroutineProfile, LabelsDoNotSplitAGroup) {
  const GoroutineProfile profile = from_text(
      "goroutine profile: total 3\n"
      "1 @ 0x1 0x2\n# labels: {\"id\":\"1\"}\n#\t0x1\tmain.f+0x1\tmain.go:3\n\n"
      "2 @ 0x1 0x2\n# labels: {\"id\":\"2\"}\n#\t0x1\tmain.f+0x1\tmain.go:3\n\n");
  ASSERT_EQ(profile.groups.size(), 1u);
  EXPECT_EQ(profile.groups[0].count, 3);
}

TEST(GoroutineProfile, AStackAsDeepAsGoKeepsThemHasNoKnownEntry) {
  for (const std::size_t depth : {31, 32, 33, 128}) {
    PprofProfile pprof;
    pprof.sample_types = {{"goroutine", "count"}};
    pprof.totals = {1};
    pprof.frames = {{.function = "main.deep", .file = "main.go", .line = 3}};
    pprof.samples = {{.values = {1}, .stack = GoStack(depth, 0)}};
    const auto profile = goroutine_profile(std::move(pprof));
    ASSERT_TRUE(profile);
    const GoroutineGroup& group = profile->groups.at(0);
    EXPECT_EQ(group.entry == nullptr, depth == 32 || depth == 128) << depth;
    EXPECT_EQ(shown(group.waits_at), "main.deep main.go:3");
  }
}

TEST(GoroutineProfile, OneThatHasNotRunYetIsAtNoPlace) {
  for (const GoroutineProfile& profile :
       {from_text("goroutine profile: total 1\n1 @ 0x492921\n\n"),
        from_dump("goroutine 12 [runnable]:\nmain.main.gowrap2()\n\tmain.go:698\n"
                  "runtime.goexit({})\n\tasm_amd64.s:1771 +0x1\n")}) {
    ASSERT_EQ(profile.groups.size(), 1u);
    EXPECT_EQ(profile.groups[0].system, "just started");
    EXPECT_EQ(profile.groups[0].waits_for, "runnable");
  }
}

TEST(GoroutineProfile, ATruncatedAnswerSaysSo) {
  const std::string text = captured("goroutine_debug1.txt");
  const GoroutineProfile half = from_text(text.substr(0, text.size() / 2));
  EXPECT_TRUE(half.truncated);
  EXPECT_EQ(half.total, 68);
  EXPECT_LT(half.application + half.system, 68);
  const std::string dump = captured("goroutine_debug2.txt");
  EXPECT_TRUE(from_dump(dump.substr(0, dump.size() / 2)).truncated);
}

TEST(GoroutineProfile, FramesOutliveTheProfileInItsCopies) {
  std::vector<GoroutineGroup> groups;
  std::shared_ptr<const std::vector<GoFrame>> frames;
  {
    const GoroutineProfile profile = from_pprof("goroutine.pb.gz");
    const GoroutineProfile copy = profile;
    groups = copy.groups;
    frames = copy.frames;
  }
  EXPECT_EQ(shown(groups.at(0).waits_at), "main.chargeCard example.com/shop/main.go:33");
}

}  // namespace
}  // namespace leakbench
