#include "harness/load/load_plan.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "harness/base/error.h"

namespace leakbench {
namespace {

LoadPlan valid_plan() {
  LoadPlan plan;
  plan.port = 8080;
  return plan;
}

std::string rendered(const LoadPlan& plan) { return render_request(plan, plan.mix[0]); }

std::string refusal_of(const std::function<void(LoadPlan&)>& change) {
  LoadPlan plan = valid_plan();
  change(plan);
  try {
    check_plan(plan);
  } catch (const Error& e) {
    EXPECT_EQ(e.exit_code(), ExitCode::kUsage);
    EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos);
    return e.what();
  }
  return "accepted";
}

TEST(LoadPlan, RendersAGetWithItsHost) {
  EXPECT_EQ(rendered(valid_plan()), "GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n");
}

TEST(LoadPlan, RendersHeadersAndABodyWithItsLength) {
  LoadPlan plan = valid_plan();
  plan.mix[0].method = "POST";
  plan.mix[0].target = "/job?size=3";
  plan.mix[0].headers = {{"Accept", "*/*"}};
  plan.mix[0].body = "abc";
  EXPECT_EQ(rendered(plan),
            "POST /job?size=3 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nAccept: */*\r\n"
            "Content-Length: 3\r\n\r\nabc");
}

TEST(LoadPlan, SaysThatAnEmptyBodyIsEmptyWhereOneIsExpected) {
  LoadPlan plan = valid_plan();
  plan.mix[0].method = "PUT";
  EXPECT_NE(rendered(plan).find("Content-Length: 0\r\n"), std::string::npos);
}

TEST(LoadPlan, TakesAHostThatIsGiven) {
  LoadPlan plan = valid_plan();
  plan.mix[0].headers = {{"host", "example.test"}};
  EXPECT_EQ(rendered(plan), "GET / HTTP/1.1\r\nhost: example.test\r\n\r\n");
}

TEST(LoadPlan, NamesTheAddressAsTheHostUnlessItHasOne) {
  LoadPlan plan = valid_plan();
  plan.address = 0x7f000002;
  EXPECT_EQ(address_text(plan), "127.0.0.2:8080");
  EXPECT_EQ(rendered(plan), "GET / HTTP/1.1\r\nHost: 127.0.0.2:8080\r\n\r\n");
  plan.host = "localhost:8080";
  EXPECT_EQ(rendered(plan), "GET / HTTP/1.1\r\nHost: localhost:8080\r\n\r\n");
}

TEST(LoadPlan, AsksForTheEndOfConnectionsThatAreNotKept) {
  LoadPlan plan = valid_plan();
  plan.keep_alive = false;
  EXPECT_NE(rendered(plan).find("\r\nConnection: close\r\n"), std::string::npos);
}

TEST(LoadPlan, AcceptsWhatCanBe) {
  EXPECT_EQ(refusal_of([](LoadPlan&) {}), "accepted");
  EXPECT_EQ(refusal_of([](LoadPlan& p) { p.requests = 0; }), "accepted");
}

TEST(LoadPlan, RefusesWhatCannotBeAndNamesTheValue) {
  EXPECT_NE(refusal_of([](LoadPlan& p) { p.port = 0; }).find("port"), std::string::npos);
  EXPECT_NE(refusal_of([](LoadPlan& p) { p.address = 0x0a000001; }).find("10.0.0.1"),
            std::string::npos);
  EXPECT_NE(refusal_of([](LoadPlan& p) { p.duration = Duration(0); }).find("duration"),
            std::string::npos);
  EXPECT_NE(refusal_of([](LoadPlan& p) { p.connections = 0; }).find("got 0"), std::string::npos);
  EXPECT_NE(refusal_of([](LoadPlan& p) { p.connects_in_flight = 0; }).find("in flight"),
            std::string::npos);
  EXPECT_NE(refusal_of([](LoadPlan& p) { p.request_timeout = Duration(0); }).find("timeouts"),
            std::string::npos);
  EXPECT_NE(refusal_of([](LoadPlan& p) { p.connect_timeout = Duration(-1); }).find("timeouts"),
            std::string::npos);
  EXPECT_NE(refusal_of([](LoadPlan& p) { p.mix[0].method = "GET /"; }).find("'GET /'"),
            std::string::npos);
  EXPECT_NE(refusal_of([](LoadPlan& p) { p.mix[0].method = "CONNECT"; }).find("'CONNECT'"),
            std::string::npos);
  EXPECT_NE(refusal_of([](LoadPlan& p) { p.mix[0].target = "/a b"; }).find("'/a b'"),
            std::string::npos);
  EXPECT_NE(refusal_of([](LoadPlan& p) { p.mix[0].target = ""; }).find("target"),
            std::string::npos);
}

TEST(LoadPlan, RefusesHeadersThatWouldChangeTheFraming) {
  EXPECT_NE(refusal_of([](LoadPlan& p) {
              p.mix[0].headers = {{"A", "b\r\nC: d"}};
            }).find("header A"),
            std::string::npos);
  EXPECT_NE(refusal_of([](LoadPlan& p) {
              p.mix[0].headers = {{"A b", "c"}};
            }).find("A b"),
            std::string::npos);
  EXPECT_NE(refusal_of([](LoadPlan& p) {
              p.mix[0].headers = {{"content-length", "7"}};
            }).find("content-length"),
            std::string::npos);
}

TEST(LoadPlan, SharesAddUpAndDifferByOneAtMost) {
  for (const std::size_t total : {0u, 1u, 7u, 20'000u, 20'003u}) {
    for (const std::size_t parts : {1u, 2u, 3u, 64u, 10'000u}) {
      std::size_t sum = 0;
      for (std::size_t i = 0; i < parts; ++i) {
        const std::size_t share = share_of(total, parts, i);
        EXPECT_LE(share_of(total, parts, 0) - share, 1u);
        sum += share;
      }
      EXPECT_EQ(sum, total);
    }
  }
}

}  // namespace
}  // namespace leakbench
