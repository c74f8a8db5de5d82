#include "harness/load/outcome.h"

#include <numeric>

namespace leakbench {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::kOk:
      return "ok";
    case Outcome::kHttp3xx:
      return "http_3xx";
    case Outcome::kHttp4xx:
      return "http_4xx";
    case Outcome::kHttp5xx:
      return "http_5xx";
    case Outcome::kRefused:
      return "refused";
    case Outcome::kConnectTimeout:
      return "connect_timeout";
    case Outcome::kReset:
      return "reset";
    case Outcome::kEndOfFile:
      return "end_of_file";
    case Outcome::kParseError:
      return "parse_error";
    case Outcome::kTimeout:
      return "timeout";
    case Outcome::kAborted:
      return "aborted_by_plan";
    case Outcome::kReadSlowly:
      return "read_slowly_by_plan";
    case Outcome::kCutByEnd:
      return "cut_by_end";
  }
  return "unknown";
}

Outcome outcome_of_status(int status) {
  if (status < 300) return Outcome::kOk;
  if (status < 400) return Outcome::kHttp3xx;
  return status < 500 ? Outcome::kHttp4xx : Outcome::kHttp5xx;
}

bool is_answer(Outcome outcome) {
  switch (outcome) {
    case Outcome::kOk:
    case Outcome::kHttp3xx:
    case Outcome::kHttp4xx:
    case Outcome::kHttp5xx:
    case Outcome::kReadSlowly:
      return true;
    default:
      return false;
  }
}

bool is_error(Outcome outcome) {
  switch (outcome) {
    case Outcome::kOk:
    case Outcome::kAborted:
    case Outcome::kReadSlowly:
    case Outcome::kCutByEnd:
      return false;
    default:
      return true;
  }
}

void OutcomeCounts::merge(const OutcomeCounts& other) {
  for (const Outcome outcome : kAllOutcomes) add(outcome, other.of(outcome));
}

std::uint64_t OutcomeCounts::total() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

}  // namespace leakbench
