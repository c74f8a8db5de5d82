#include "harness/report/interval_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/report/test_files.h"

namespace leakbench {
namespace {

IntervalReport sample_interval() {
  IntervalReport report;
  report.start_ns = 3'000'000'000;
  report.end_ns = 3'500'000'000;
  report.requests = {.sent = 1'203, .ok = 1'200, .http_5xx = 2, .aborted_by_plan = 1};
  report.errors = 2;
  report.response_time = {.mean = 1'000'000.4,
                          .p50 = 900'000,
                          .p90 = 1'500'000,
                          .p99 = 2'500'000,
                          .max = 9'000'000,
                          .count = 1'200,
                          .hdr = "HISTFAAAAB54nJNpmSzMwMDAyAABzFAayGf+DwL2H6AiAHimB3k="};
  return report;
}

TEST(IntervalJson, IsThisFile) {
  EXPECT_EQ(to_json_line(sample_interval()),
            test_files::read_file(std::filesystem::path(LEAKBENCH_REPORT_TESTDATA) /
                                  "load_interval.json"));
}

TEST(IntervalJson, HasZerosAndNoTimesWhereNothingEnded) {
  IntervalReport report;
  report.end_ns = 1'000'000'000;
  const auto json = nlohmann::json::parse(to_json_line(report));
  EXPECT_EQ(json.at("throughput_rps"), 0);
  EXPECT_EQ(json.at("requests").at("ok"), 0);
  EXPECT_EQ(json.at("errors"), 0);
  EXPECT_TRUE(json.at("response_time_ns").is_null());
}

TEST(IntervalJson, HasNoThroughputOfNoTime) {
  IntervalReport report;
  report.requests.ok = 1;
  EXPECT_TRUE(nlohmann::json::parse(to_json_line(report)).at("throughput_rps").is_null());
}

}  // namespace
}  // namespace leakbench
