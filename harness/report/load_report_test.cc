// The report of a load on its own, as JSON (compared with testdata/load.json) and as text.
#include "harness/report/load_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/report/sample_load.h"
#include "harness/report/test_files.h"

namespace leakbench {
namespace {

TEST(LoadJson, IsThisFile) {
  EXPECT_EQ(to_json(sample::load()),
            test_files::read_file(std::filesystem::path(LEAKBENCH_REPORT_TESTDATA) / "load.json"));
}

TEST(LoadJson, HasNullForWhatWasNotMeasured) {
  const auto json = nlohmann::json::parse(to_json(LoadReport()));
  EXPECT_TRUE(json.at("throughput_rps").is_null());
  EXPECT_TRUE(json.at("response_time_ns").at("p99").is_null());
  EXPECT_TRUE(json.at("generator").at("memory_peak_bytes").is_null());
  EXPECT_TRUE(json.at("generator").at("valid").get<bool>());
}

TEST(LoadText, IsATableWithTheCountsBelow) {
  EXPECT_EQ(load_text(sample::load(), Colour::kNever),
            "http://127.0.0.1:8080/ · poisson, 100 connections, 10 s\n"
            "                   mean      p50      p90      p99    p99.9      max\n"
            "Response time   1.01 ms   900 us   1.5 ms   2.5 ms   8.1 ms     9 ms\n"
            "Service time       1 ms   900 us   1.5 ms   2.5 ms   8.1 ms     9 ms\n"
            "First byte       900 us   800 us   1.4 ms   2.4 ms     8 ms   8.9 ms\n"
            "Connect time      50 us    45 us    80 us      n/a      n/a   120 us\n"
            "Throughput    98,765 ok/s\n"
            "Requests      987,660 sent: 987,640 ok, 8 reset, 10 timeout, 2 aborted_by_plan\n"
            "Errors        reset ECONNRESET 8\n"
            "Aborts        20%@200ms:rst; seed 7\n"
            "Schedule      987,665 due, 5 never sent, generator late: p99 20 us, max 1.1 ms; seed "
            "7\n"
            "Connections   100 asked, 100 established, 99 served, 10 reconnects; answers each: "
            "least 0, p1 0, most 10,100\n"
            "Generator     io_uring, 2 threads, 8.1 us CPU per request, 97.5 % of a core, at most "
            "4.25 MiB\n"
            "Not valid: the generator is at its limit\n");
}

TEST(LoadText, SaysWhatAClosedLoopCannotSee) {
  LoadReport report = sample::load();
  report.schedule.reset();
  EXPECT_TRUE(load_text(report, Colour::kNever)
                  .ends_with("A closed loop cannot see coordinated omission: while the server "
                             "stalls, it is asked less.\n"));
}

TEST(LoadText, SaysThatItWasInterruptedAndColoursOnlyWhenAsked) {
  LoadReport report = sample::load();
  report.interrupted = true;
  EXPECT_NE(load_text(report, Colour::kNever).find(", interrupted\n"), std::string::npos);
  EXPECT_EQ(load_text(report, Colour::kNever).find('\x1b'), std::string::npos);
  EXPECT_NE(load_text(report, Colour::kAlways).find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace leakbench
