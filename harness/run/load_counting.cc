#include "harness/run/load_counting.h"

#include <fmt/format.h>

namespace leakbench {

ConnectionCounts connection_counts(const LoadResult& load) {
  return {static_cast<std::int64_t>(load.connect.asked),
          static_cast<std::int64_t>(load.connect.established),
          static_cast<std::int64_t>(load.served)};
}

RequestCounts request_counts(const LoadResult& load) {
  const auto of = [&](Outcome outcome) {
    return static_cast<std::int64_t>(load.outcomes.of(outcome));
  };
  return {.sent = static_cast<std::int64_t>(load.sent),
          .ok = of(Outcome::kOk),
          .http_3xx = of(Outcome::kHttp3xx),
          .http_4xx = of(Outcome::kHttp4xx),
          .http_5xx = of(Outcome::kHttp5xx),
          .refused = of(Outcome::kRefused),
          .connect_timeout = of(Outcome::kConnectTimeout),
          .reset = of(Outcome::kReset),
          .end_of_file = of(Outcome::kEndOfFile),
          .parse_error = of(Outcome::kParseError),
          .timeout = of(Outcome::kTimeout),
          .aborted_by_plan = of(Outcome::kAborted),
          .read_slowly_by_plan = of(Outcome::kReadSlowly),
          .cut_by_end = of(Outcome::kCutByEnd)};
}

std::optional<ConnectTimes> connect_times(const LoadResult& load) {
  const Histogram& times = load.connect.connect_time.of(Outcome::kOk);
  if (times.count() == 0) return std::nullopt;
  return ConnectTimes{static_cast<double>(*times.percentile(50)),
                      static_cast<double>(*times.percentile(99)),
                      static_cast<double>(*times.max())};
}

std::string list_outcomes(const OutcomeCounts& outcomes) {
  std::string text;
  for (const Outcome outcome : kAllOutcomes) {
    if (outcomes.of(outcome) == 0) continue;
    text +=
        fmt::format("{}{} {}", text.empty() ? "" : ", ", to_string(outcome), outcomes.of(outcome));
  }
  return text.empty() ? "nothing" : text;
}

}  // namespace leakbench
