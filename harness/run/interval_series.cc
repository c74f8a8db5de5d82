#include "harness/run/interval_series.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/base/error.h"
#include "harness/load/load_result.h"
#include "harness/report/interval_report.h"
#include "harness/run/load_counting.h"
#include "harness/run/time_summary.h"
#include "runtime/time/duration.h"

namespace leakbench {
namespace {

// Below, writing lines would be a load of its own.
constexpr Duration kShortest = std::chrono::milliseconds(10);

Duration checked(Duration interval) {
  if (interval >= kShortest) return interval;
  throw Error(ExitCode::kUsage, fmt::format("an interval of {} is too short; use at least {}",
                                            format_duration(interval), format_duration(kShortest)));
}

RequestCounts counts_of(const OutcomeCounts& outcomes, std::uint64_t sent) {
  LoadResult result;
  result.sent = sent;
  result.outcomes = outcomes;
  return request_counts(result);
}

std::int64_t errors_in(const OutcomeCounts& outcomes) {
  std::uint64_t errors = 0;
  for (const Outcome outcome : kAllOutcomes) {
    if (is_error(outcome)) errors += outcomes.of(outcome);
  }
  return static_cast<std::int64_t>(errors);
}

}  // namespace

IntervalSeries::IntervalSeries(const std::filesystem::path& path, Duration interval,
                               const LoadProgress& progress, const WaitingClock& clock)
    : interval_(checked(interval)), progress_(progress), clock_(clock), file_(path) {}

void IntervalSeries::on_release(TimePoint released) {
  released_ = released;
  sent_before_ = progress_.sent();
  writer_ = std::jthread([this](std::stop_token stop) { write_each_in_time(std::move(stop)); });
}

void IntervalSeries::on_request(const RequestRecord& record) {
  const Duration since = std::max(record.ended - released_, Duration::zero());
  const auto number = static_cast<std::uint64_t>(since / interval_);
  const std::lock_guard lock(mutex_);
  const std::size_t place = number > written_ ? number - written_ : 0;
  if (place >= pending_.size()) pending_.resize(place + 1);
  Interval& interval = pending_[place];
  interval.outcomes.add(record.outcome);
  if (record.outcome == Outcome::kOk) interval.ok_times.record((record.ended - record.due).count());
}

TimePoint IntervalSeries::start_of(std::uint64_t number) const {
  return released_ + static_cast<Duration::rep>(number) * interval_;
}

void IntervalSeries::write_each_in_time(std::stop_token stop) {
  for (std::uint64_t number = 1; clock_.wait_until(start_of(number), stop); ++number) {
    write_next(start_of(number));
  }
}

void IntervalSeries::write_next(TimePoint end) {
  Interval interval;
  TimePoint start;
  {
    const std::lock_guard lock(mutex_);
    if (!pending_.empty()) {
      interval = std::move(pending_.front());
      pending_.pop_front();
    }
    start = start_of(written_++);
  }
  const std::uint64_t sent = progress_.sent();
  file_.write(to_json_line(
      {.start_ns = (start - released_).count(),
       .end_ns = (end - released_).count(),
       .requests = counts_of(interval.outcomes, sent - std::exchange(sent_before_, sent)),
       .errors = errors_in(interval.outcomes),
       .response_time = summary_of(interval.ok_times)}));
}

void IntervalSeries::close() {
  if (writer_.joinable()) {
    writer_.request_stop();
    writer_.join();
    // The writer is gone, and so is the load: nobody else looks.
    const TimePoint now = clock_.now();
    while (start_of(written_ + 1) <= now) write_next(start_of(written_ + 1));
    if (start_of(written_) < now || !pending_.empty()) write_next(now);
  }
  file_.close();
}

}  // namespace leakbench
