#include "harness/target/manifest_load.h"

#include <gtest/gtest.h>

#include "harness/target/test_manifest.h"
#include "harness/target/test_support.h"

namespace leakbench {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string load_error_after(const char* patch) {
  return error_of(
      [&] { parse_manifest(patched_manifest(patch, kManifestOfSeveralProcesses), "my.json"); },
      ExitCode::kUsage);
}

TEST(ManifestLoad, ReadsRequestsAndTheLoad) {
  const Manifest manifest = parse_manifest(kManifestOfSeveralProcesses, "my.json");
  ASSERT_EQ(manifest.requests.size(), 2u);
  EXPECT_EQ(manifest.requests[0].method, "GET");
  EXPECT_EQ(manifest.requests[0].path, "/a");
  EXPECT_EQ(manifest.requests[0].weight, 3);
  EXPECT_EQ(manifest.requests[1].method, "POST");
  EXPECT_EQ(manifest.requests[1].headers,
            (std::vector<std::pair<std::string, std::string>>{{"X-A", "1"}, {"X-B", ""}}));
  EXPECT_EQ(manifest.requests[1].body, "{\"c\":1}");
  EXPECT_EQ(manifest.requests[1].weight, 1);
  EXPECT_EQ(manifest.load.rounds, 5);
  EXPECT_EQ(manifest.load.request_timeout, seconds(7));
  EXPECT_EQ(manifest.load.aborts, std::vector<std::string>{"20%@200ms:rst"});
  EXPECT_EQ(manifest.load.accepted_statuses, (std::vector<int>{504, 404}));
  EXPECT_EQ(manifest.answer_within, milliseconds(2'100));
  ASSERT_EQ(manifest.counters.size(), 1u);
  EXPECT_EQ(manifest.counters[0].series, "wasted_ns_total{kind=\"a\"}");
  EXPECT_EQ(manifest.counters[0].label, "Wasted work");
  EXPECT_EQ(manifest.counters[0].unit, "ns");
}

TEST(ManifestLoad, HasOneRoundOfPlainRequestsUnlessItSaysMore) {
  const Manifest manifest = valid_manifest(R"({"request":null})");
  ASSERT_EQ(manifest.requests.size(), 1u);
  EXPECT_EQ(manifest.requests[0].path, "/");
  EXPECT_EQ(manifest.load.rounds, 1);
  EXPECT_EQ(manifest.load.request_timeout, seconds(30));
  EXPECT_TRUE(manifest.load.aborts.empty());
  EXPECT_EQ(manifest.answer_within, std::nullopt);
}

TEST(ManifestLoad, NamesThePathOfWhatIsNoRequest) {
  EXPECT_EQ(load_error_after(R"({"request":{"path":"/"}})"),
            "my.json: /requests: there is a \"request\" already: put it in here");
  EXPECT_EQ(load_error_after(R"({"requests":[]})"),
            "my.json: /requests: must have at least one request");
  EXPECT_EQ(load_error_after(R"({"requests":[{"headers":{"A b":"c"}}]})"),
            "my.json: /requests/0/headers/A b: the header name \"A b\" is not a token");
  EXPECT_EQ(load_error_after(R"({"requests":[{},{"headers":{"A":"b\r\nC: d"}}]})"),
            "my.json: /requests/1/headers/A: the header A has control characters in its value");
  EXPECT_EQ(load_error_after(R"({"requests":[{"headers":{"Content-Length":"1"}}]})"),
            "my.json: /requests/0/headers/Content-Length: the header Content-Length can't be "
            "given: the body decides it");
  EXPECT_EQ(load_error_after(R"({"requests":[{"weight":0}]})"),
            "my.json: /requests/0/weight: must be at least 1, is 0");
  EXPECT_EQ(load_error_after(R"({"requests":null,"request":{"weight":1}})").substr(0, 47),
            "my.json: /request/weight: unknown key \"weight\";");
  EXPECT_EQ(load_error_after(R"({"requests":[{"body":{}}]})"),
            "my.json: /requests/0/body: must be a string, is an object");
}

TEST(ManifestLoad, NamesThePathOfWhatIsNoLoad) {
  EXPECT_EQ(load_error_after(R"({"load":{"rounds":0}})"),
            "my.json: /load/rounds: must be at least 1, is 0");
  EXPECT_EQ(load_error_after(R"({"load":{"request_timeout":"0s"}})"),
            "my.json: /load/request_timeout: must be longer than 0s");
  EXPECT_EQ(load_error_after(R"({"load":{"aborts":["5%@half-sent","20%"]}})").substr(0, 31),
            "my.json: /load/aborts/1: the ab");
  EXPECT_NE(load_error_after(R"({"load":{"aborts":["60%@1s","60%@2s"]}})").find("at most 100%"),
            std::string::npos);
  EXPECT_EQ(load_error_after(R"({"load":{"accepted_statuses":[204]}})"),
            "my.json: /load/accepted_statuses/0: must be at least 300, is 204");
  EXPECT_EQ(load_error_after(R"({"load":{"accepted_statuses":[504,504]}})"),
            "my.json: /load/accepted_statuses/1: 504 is there already");
  EXPECT_EQ(load_error_after(R"({"answer_within":"0s"})"),
            "my.json: /answer_within: must be longer than 0s");
  EXPECT_EQ(load_error_after(R"({"counters":[{"series":"a","label":"b","unit":"ns"},
                                        {"series":"a","label":"b","unit":"ns"}]})"),
            "my.json: /counters/1/series: a counter \"a\" exists already");
  EXPECT_EQ(load_error_after(R"({"counters":[{"series":"a","label":"b"}]})"),
            "my.json: /counters/0/unit: is missing");
}

TEST(ManifestLoad, IsWhatTheGeneratorTakes) {
  const Manifest manifest = parse_manifest(kManifestOfSeveralProcesses, "my.json");
  LoadFigures figures = manifest.load;
  figures.connections = 7;
  figures.requests = 70;
  const LoadPlan plan = make_load_plan(manifest, figures, {.address = 0x7f000002, .port = 81}, 5);
  check_plan(plan);
  EXPECT_EQ(address_text(plan), "127.0.0.2:81");
  EXPECT_EQ(plan.connections, 7u);
  EXPECT_EQ(plan.requests, 70u);
  EXPECT_EQ(plan.seed, 5u);
  EXPECT_EQ(plan.request_timeout, seconds(7));
  EXPECT_EQ(plan.fates.options(), std::vector<std::string>{"20%@200ms:rst"});
  EXPECT_EQ(plan.accepted_statuses, (std::vector<int>{504, 404}));
  EXPECT_TRUE(plan.reconnect);
  ASSERT_EQ(plan.mix.size(), 2u);
  EXPECT_EQ(plan.mix[0].weight, 3u);
  EXPECT_EQ(render_request(plan, plan.mix[1]),
            "POST /b HTTP/1.1\r\nHost: 127.0.0.2:81\r\nX-A: 1\r\nX-B: \r\nContent-Length: 7\r\n\r\n"
            "{\"c\":1}");
}

}  // namespace
}  // namespace leakbench
