#include "harness/run/response_meter.h"

#include <unistd.h>

#include <utility>

#include "harness/run/round.h"

namespace leakbench {
namespace {

std::optional<std::int64_t> whole(std::optional<double> value) {
  return value ? std::optional(static_cast<std::int64_t>(*value)) : std::nullopt;
}

}  // namespace

ResponseMeter::ResponseMeter() : own_(::getpid()) {}

void ResponseMeter::on_release(TimePoint) {
  const std::lock_guard lock(mutex_);
  loading_ = true;
}

void ResponseMeter::on_request(const RequestRecord& record) {
  if (record.outcome != Outcome::kOk) return;
  const std::lock_guard lock(mutex_);
  coming_.record((record.ended - record.due).count());
}

void ResponseMeter::end_load() {
  const std::lock_guard lock(mutex_);
  last_ = std::exchange(loading_, false);
}

GeneratorReading ResponseMeter::read() {
  GeneratorReading reading;
  reading.cpu_ns = own_.read_cpu();
  read_.clear();
  {
    const std::lock_guard lock(mutex_);
    if (!loading_ && !std::exchange(last_, false)) return reading;
    std::swap(coming_, read_);
  }
  reading.responses_ok = static_cast<std::int64_t>(read_.count());
  reading.response_time_p50_ns = whole(supported_percentile(read_, 50));
  reading.response_time_p99_ns = whole(supported_percentile(read_, 99));
  reading.response_time_max_ns = read_.max();
  return reading;
}

}  // namespace leakbench
