#include "harness/target/same_work.h"

#include <gtest/gtest.h>

#include "harness/target/test_manifest.h"

namespace leakbench {
namespace {

// What differs after a merge patch, "FIELD: FIRST / SECOND".
std::string difference_after(const char* patch, const char* base = kManifestOfSeveralProcesses) {
  const auto difference = first_difference(parse_manifest(base, "a.json"),
                                           parse_manifest(patched_manifest(patch, base), "b.json"));
  if (!difference) return "none";
  return difference->field + ": " + difference->first + " / " + difference->second;
}

TEST(SameWork, LeavesToEachManifestHowItsServerIsStartedAndLookedInto) {
  EXPECT_EQ(difference_after("{}"), "none");
  EXPECT_EQ(difference_after(R"({"name": "other", "title": "Other", "headline": "Other",
                                 "command": ["other", "{port}"], "services": null,
                                 "environment": {"LOG": "y", "PEER": null}, "working_folder": "/",
                                 "ready": {"path": "/ready"}, "runtimes": null,
                                 "metrics_source": "none"})"),
            "none");
  EXPECT_EQ(difference_after(R"({"url": "http://127.0.0.3:9", "control_port": 9, "pid": 1})",
                             kManifestOfAUrl),
            "none");
  EXPECT_EQ(difference_after(R"({"published": null})", kValidManifest), "none");
}

TEST(SameWork, TellsTheFieldAndBothValues) {
  EXPECT_EQ(difference_after(R"({"options": {"latency": "4s"}})"), "/options/latency: 3s / 4s");
  EXPECT_EQ(difference_after(R"({"options": {"more": "1"}})"),
            "/options: deadline, latency / deadline, latency, more");
  EXPECT_EQ(difference_after(R"({"load": {"connections": 11}})"), "/load/connections: 10 / 11");
  EXPECT_EQ(difference_after(R"({"load": {"requests": 101}})"), "/load/requests: 100 / 101");
  EXPECT_EQ(difference_after(R"({"load": {"warmup_requests": 1}})"),
            "/load/warmup_requests: 0 / 1");
  EXPECT_EQ(difference_after(R"({"load": {"rounds": 6}})"), "/load/rounds: 5 / 6");
  EXPECT_EQ(difference_after(R"({"load": {"request_timeout": "8s"}})"),
            "/load/request_timeout: 7s / 8s");
  EXPECT_EQ(difference_after(R"({"load": {"aborts": null}})"),
            "/load/aborts: 20%@200ms:rst / none");
  EXPECT_EQ(difference_after(R"({"load": {"accepted_statuses": [504]}})"),
            "/load/accepted_statuses: 404, 504 / 504");
  EXPECT_EQ(difference_after(R"({"settle": {"longest_task": "{deadline}"}})"),
            "/settle/longest_task: {latency} / {deadline}");
  EXPECT_EQ(difference_after(R"({"settle": {"margin": "3s"}})"), "/settle/margin: 2s / 3s");
  EXPECT_EQ(difference_after(R"({"settle": {"linger_after": "2s"}})"),
            "/settle/linger_after: 1s / 2s");
  EXPECT_EQ(difference_after(R"({"answer_within": null})"), "/answer_within: 2.1s / none");
  EXPECT_EQ(difference_after(R"({"counters": null})"),
            "/counters: wasted_ns_total{kind=\"a\"} / none");
}

TEST(SameWork, LooksAtEveryRequestWhole) {
  EXPECT_EQ(difference_after(R"({"requests": null, "request": {"path": "/a"}})"),
            "the number of requests: 2 / 1");
  EXPECT_EQ(difference_after(R"({"request": {"method": "PUT"}})", kValidManifest),
            "/request/method: POST / PUT");
  EXPECT_EQ(difference_after(R"({"request": {"path": "/work?x=2"}})", kValidManifest),
            "/request/path: /work?x=1 / /work?x=2");
  const auto second = [](const std::string& changes) {
    return R"({"requests": [{"path": "/a", "weight": 3}, {"method": "POST", "path": "/b",)" +
           changes + "}]}";
  };
  EXPECT_EQ(difference_after(second(R"("headers": {"X-A": "1"}, "body": "{\"c\":1}")").c_str()),
            "/requests/1/headers: X-A, X-B / X-A");
  EXPECT_EQ(difference_after(
                second(R"("headers": {"X-A": "2", "X-B": ""}, "body": "{\"c\":1}")").c_str()),
            "/requests/1/headers/X-A: 1 / 2");
  EXPECT_EQ(difference_after(second(R"("headers": {"X-A": "1", "X-B": ""}, "body": "")").c_str()),
            "/requests/1/body: {\"c\":1} / ");
}

TEST(SameWork, LooksAtVariantsAndWhatIsExpectedOfThem) {
  EXPECT_EQ(difference_after(R"({"variants": [{"name": "with-context", "expect": "clean"}]})",
                             kValidManifest),
            "/variants: without-context, with-context / with-context");
  EXPECT_EQ(difference_after(R"({"variants": [{"name": "without-context", "expect": "leaking"},
                                              {"name": "with-context", "expect": "clean"}]})",
                             kValidManifest),
            "/variants/0/expect: lingering / leaking");
  EXPECT_EQ(difference_after(R"({"variants": [{"name": "without-context", "expect": "lingering",
                                     "planted": {"per_1000_requests": "5", "file": "a.cc"}},
                                              {"name": "with-context", "expect": "clean"}]})",
                             kValidManifest),
            "/variants/0/planted: none / 5 of 1,000 requests in a.cc");
}

// A cut that hid the difference would show two equal values.
TEST(SameWork, ShowsWhereLongValuesDiffer) {
  const std::string long_text(500, 'x');
  Manifest first = valid_manifest();
  first.requests[0].body = long_text + "1";
  Manifest second = first;
  second.requests[0].body = long_text + "2";
  const auto difference = first_difference(first, second);
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->first, "..." + std::string(20, 'x') + "1");
  EXPECT_EQ(difference->second, "..." + std::string(20, 'x') + "2");
}

TEST(SameWork, ShowsDurationsThatRoundToTheSameText) {
  Manifest first = valid_manifest();
  Manifest second = first;
  second.settle.margin += std::chrono::nanoseconds(1);
  const auto difference = first_difference(first, second);
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->first, "1.5s");
  EXPECT_EQ(difference->second, "1500000001ns");
}

}  // namespace
}  // namespace leakbench
