#include "harness/run/interval_series.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "harness/base/error.h"
#include "harness/report/hdr_histogram.h"
#include "harness/report/test_files.h"
#include "harness/run/test_waiting_clock.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

// A series that has begun, of intervals of 1 s.
class IntervalSeriesTest : public testing::Test {
 protected:
  IntervalSeriesTest() { series_.emplace(path_, 1s, progress_, clock_); }

  void release() { series_->on_release(released_); }

  // Due at the release.
  void end(Duration after, Outcome outcome = Outcome::kOk) {
    series_->on_request({.number = 0,
                         .connection = 0,
                         .outcome = outcome,
                         .error = 0,
                         .due = released_,
                         .sent = released_,
                         .ended = released_ + after});
  }

  void send(std::uint64_t requests) { progress_.of_thread(0).sent += requests; }

  // As they are in the file now.
  std::vector<json> lines() const {
    std::istringstream text(test_files::read_file(path_));
    std::vector<json> lines;
    for (std::string line; std::getline(text, line);) lines.push_back(json::parse(line));
    return lines;
  }

  std::vector<std::int64_t> oks() const {
    std::vector<std::int64_t> oks;
    for (const json& line : lines()) oks.push_back(line.at("requests").at("ok"));
    return oks;
  }

  const test_files::TemporaryFolder folder_;
  const std::filesystem::path path_ = folder_.path() / "series.ndjson";
  LoadProgress progress_{1};
  TestWaitingClock clock_;
  const TimePoint released_ = clock_.now();
  std::optional<IntervalSeries> series_;
};

using Counts = std::vector<std::int64_t>;

TEST_F(IntervalSeriesTest, SaysWhatCameOfAnIntervalAsSoonAsItIsOver) {
  send(100);  // warm-up
  release();
  send(6);
  Histogram times(kTimePrecisionBits);
  for (const Duration time : {2ms, 4ms, 9ms}) {
    end(time);
    times.record(time.count());
  }
  end(30ms, Outcome::kHttp5xx);
  end(40ms, Outcome::kAborted);
  clock_.advance(999ms);
  EXPECT_TRUE(lines().empty());
  clock_.advance(1ms);
  ASSERT_EQ(lines().size(), 1u);
  const json line = lines()[0];
  EXPECT_EQ(line.at("schema"), "leakbench/load-interval");
  EXPECT_EQ(line.at("start_ns"), 0);
  EXPECT_EQ(line.at("end_ns"), 1'000'000'000);
  EXPECT_EQ(line.at("throughput_rps"), 3);
  EXPECT_EQ(line.at("requests").at("sent"), 6);
  EXPECT_EQ(line.at("requests").at("ok"), 3);
  EXPECT_EQ(line.at("requests").at("http_5xx"), 1);
  EXPECT_EQ(line.at("requests").at("aborted_by_plan"), 1);
  EXPECT_EQ(line.at("errors"), 1);
  const json& response_time = line.at("response_time_ns");
  EXPECT_EQ(response_time.at("mean"), 5'000'000);
  EXPECT_EQ(response_time.at("max"), 9'000'000);
  EXPECT_TRUE(response_time.at("p50").is_null());  // of three values
  EXPECT_EQ(response_time.at("hdr"), hdr_blob(times));
}

TEST_F(IntervalSeriesTest, HasLinesOfZerosWhileNothingEnds) {
  release();
  send(10);
  end(100ms);
  clock_.advance(1s);
  clock_.advance(1s);
  clock_.advance(1s);
  EXPECT_EQ(oks(), (Counts{1, 0, 0}));
  const json stalled = lines()[2];
  EXPECT_EQ(stalled.at("start_ns"), 2'000'000'000);
  EXPECT_EQ(stalled.at("throughput_rps"), 0);
  EXPECT_EQ(stalled.at("requests").at("sent"), 0);
  EXPECT_TRUE(stalled.at("response_time_ns").is_null());
  end(3'500ms);
  clock_.advance(1s);
  EXPECT_EQ(oks(), (Counts{1, 0, 0, 1}));
}

TEST_F(IntervalSeriesTest, CountsARequestWhereItEnded) {
  release();
  end(0s);
  end(999'999'999ns);
  end(1s);
  end(2s - 1ns);
  end(2s);
  end(3'200ms);
  clock_.advance(3s);
  EXPECT_EQ(oks(), (Counts{2, 2, 1}));
  clock_.advance(1s);
  EXPECT_EQ(oks(), (Counts{2, 2, 1, 1}));
}

TEST_F(IntervalSeriesTest, CountsWhatItIsToldTooLateInTheNextLine) {
  release();
  clock_.advance(2s);
  end(500ms);
  end(1'500ms);
  clock_.advance(1s);
  EXPECT_EQ(oks(), (Counts{0, 0, 2}));
}

TEST_F(IntervalSeriesTest, WritesTheIntervalThatIsNotOverWhenItIsClosed) {
  release();
  clock_.advance(1s);
  send(2);
  end(1'100ms);
  end(1'200ms);
  clock_.pass(250ms);
  series_->close();
  series_->close();
  EXPECT_EQ(oks(), (Counts{0, 2}));
  const json last = lines()[1];
  EXPECT_EQ(last.at("start_ns"), 1'000'000'000);
  EXPECT_EQ(last.at("end_ns"), 1'250'000'000);
  EXPECT_EQ(last.at("throughput_rps"), 8);
  EXPECT_EQ(last.at("requests").at("sent"), 2);
}

TEST_F(IntervalSeriesTest, WritesAllIntervalsThatItWasHeldUpForWhenItIsClosed) {
  release();
  clock_.advance(10ms);  // it waits
  end(2'100ms);
  clock_.pass(2'990ms);
  series_->close();
  EXPECT_EQ(oks(), (Counts{0, 0, 1}));
}

TEST_F(IntervalSeriesTest, OfALoadThatWasNeverReleasedIsEmpty) {
  clock_.pass(5s);
  series_->close();
  EXPECT_TRUE(lines().empty());
}

TEST_F(IntervalSeriesTest, AddsUpToTheLoadWhoeverTells) {
  constexpr int kThreads = 3;
  constexpr int kEach = 20'000;
  release();
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([this] {
        for (int i = 0; i < kEach; ++i) end(clock_.now() - released_);
      });
    }
    for (int i = 0; i < 20; ++i) clock_.advance(1s);
  }
  series_->close();
  std::int64_t total = 0;
  for (const std::int64_t ok : oks()) total += ok;
  EXPECT_EQ(total, kThreads * kEach);
}

TEST_F(IntervalSeriesTest, TellsWhenItIsClosedThatTheDiskWasFull) {
  series_.emplace("/dev/full", 1s, progress_, clock_);
  release();
  clock_.advance(2s);
  try {
    series_->close();
    ADD_FAILURE() << "lost lines without a word";
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::kEnvironmentUnfit);
  }
}

TEST_F(IntervalSeriesTest, RefusesIntervalsThatAreTooShort) {
  series_.reset();
  series_.emplace(path_, 10ms, progress_, clock_);
  EXPECT_THROW(IntervalSeries(path_, 9ms, progress_, clock_), Error);
}

}  // namespace
}  // namespace leakbench
