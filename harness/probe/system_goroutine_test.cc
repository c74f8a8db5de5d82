#include "harness/probe/system_goroutine.h"

#include <gtest/gtest.h>

#include "harness/probe/test_goroutines.h"

namespace leakbench {
namespace {

std::string_view kind_of(const std::vector<std::string>& functions) {
  return system_goroutine(TestCalls(functions).calls(), /*outer_calls_missing=*/false);
}

const std::vector<std::string> kRead = {"internal/poll.runtime_pollWait",
                                        "internal/poll.(*FD).Read", "net.(*conn).Read"};

std::vector<std::string> reading(const std::vector<std::string>& outer) {
  std::vector<std::string> functions = kRead;
  functions.insert(functions.end(), outer.begin(), outer.end());
  return functions;
}

TEST(SystemGoroutine, AHandlerThatRunsIsTheApplications) {
  EXPECT_EQ(kind_of({"main.handle", "net/http.HandlerFunc.ServeHTTP",
                     "net/http.serverHandler.ServeHTTP", "net/http.(*conn).serve"}),
            "");
}

TEST(SystemGoroutine, AHandlerOfTheLibraryThatRunsIsTheApplicationsToo) {
  EXPECT_EQ(kind_of(reading({"net/http/httputil.(*ReverseProxy).ServeHTTP",
                             "net/http.serverHandler.ServeHTTP", "net/http.(*conn).serve"})),
            "");
}

TEST(SystemGoroutine, AConnectionBetweenTwoRequestsIsTheSystems) {
  EXPECT_EQ(kind_of(reading({"bufio.(*Reader).Peek", "net/http.(*conn).serve"})),
            "HTTP connection");
  EXPECT_EQ(kind_of(reading(
                {"main.countingConn.Read", "bufio.(*Reader).Peek", "net/http.(*conn).serve"})),
            "HTTP connection")
      << "also through a connection that the application has wrapped";
  EXPECT_EQ(kind_of(reading({"net/http.(*connReader).backgroundRead"})), "HTTP connection");
}

TEST(SystemGoroutine, AnIdleClientConnectionIsTheSystemsButAnUnclosedBodyIsNot) {
  EXPECT_EQ(kind_of(reading({"net/http.(*persistConn).Read", "bufio.(*Reader).fill",
                             "bufio.(*Reader).Peek", "net/http.(*persistConn).readLoop"})),
            "HTTP client connection");
  EXPECT_EQ(kind_of({"runtime.gopark", "runtime.selectgo", "net/http.(*persistConn).writeLoop"}),
            "HTTP client connection");
  EXPECT_EQ(kind_of({"runtime.gopark", "runtime.selectgo", "net/http.(*persistConn).readLoop"}),
            "");
}

TEST(SystemGoroutine, AnAcceptLoopIsTheSystemsWhoeverHasStartedIt) {
  EXPECT_EQ(kind_of({"internal/poll.runtime_pollWait", "internal/poll.(*FD).Accept",
                     "net.(*TCPListener).Accept", "google.golang.org/grpc.(*Server).Serve",
                     "main.main.func1"}),
            "accept loop");
}

TEST(SystemGoroutine, WhoAsksForTheProfileIsTheSystems) {
  EXPECT_EQ(kind_of({"runtime/pprof.writeGoroutine", "runtime/pprof.(*Profile).WriteTo",
                     "net/http/pprof.Index", "main.logged.func1", "net/http.(*conn).serve"}),
            "debug endpoint");
  EXPECT_EQ(kind_of({"main.work", "runtime/pprof.Do", "main.run"}), "") << "labelled work is work";
}

TEST(SystemGoroutine, TheMainGoroutineIsTheSystems) {
  EXPECT_EQ(kind_of({"runtime.gopark", "runtime.chanrecv1", "main.main", "runtime.main"}), "main");
  EXPECT_EQ(kind_of({"main.main"}), "main");
  EXPECT_EQ(kind_of({"main.main.func1"}), "");
}

TEST(SystemGoroutine, TheRuntimesOwnAreTheSystemsUnlessTheyRunTheApplicationsCode) {
  EXPECT_EQ(kind_of({"runtime.gopark", "runtime.gcBgMarkWorker"}), "runtime");
  EXPECT_EQ(kind_of({"runtime.gopark", "runtime.runFinalizers"}), "runtime");
  EXPECT_EQ(kind_of({"runtime.gopark", "main.close", "runtime.runFinalizers"}), "");
  EXPECT_EQ(kind_of({"runtime.coroswitch_m", "runtime.corostart"}), "")
      << "an iterator that nobody has stopped";
  EXPECT_EQ(kind_of({"os/signal.signal_recv", "os/signal.loop"}), "signals");
}

TEST(SystemGoroutine, OneThatHasNotRunYetIsNoLeak) {
  EXPECT_EQ(kind_of({}), "just started");
  EXPECT_EQ(kind_of({"net/http.(*connReader).startBackgroundRead.gowrap2"}), "just started");
  EXPECT_EQ(kind_of({"main.work", "main.main.gowrap1"}), "");
}

TEST(SystemGoroutine, WhatNoRuleKnowsIsTheApplications) {
  EXPECT_EQ(kind_of({"context.(*cancelCtx).propagateCancel.func2"}), "");
  EXPECT_EQ(kind_of({"database/sql.(*DB).connectionOpener"}), "");
  EXPECT_EQ(kind_of(kRead), "");
}

TEST(SystemGoroutine, AMissingOutermostCallMatchesNoRuleForIt) {
  const TestCalls idle({"bufio.(*Reader).Peek", "net/http.(*conn).serve"});
  EXPECT_EQ(system_goroutine(idle.calls(), false), "HTTP connection");
  EXPECT_EQ(system_goroutine(idle.calls(), true), "");
  const TestCalls accept({"internal/poll.(*FD).Accept", "main.f"});
  EXPECT_EQ(system_goroutine(accept.calls(), true), "accept loop");
}

}  // namespace
}  // namespace leakbench
