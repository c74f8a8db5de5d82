#include "harness/report/json_times.h"

#include <cmath>

namespace leakbench {
namespace {

Json json_rounded(const std::optional<double>& value) {
  return value ? json_number(std::round(*value)) : Json(nullptr);
}

}  // namespace

Json json_times(const TimeSummary& times) {
  Json json;
  json["mean"] = json_rounded(times.mean);
  json["p50"] = json_rounded(times.p50);
  json["p90"] = json_rounded(times.p90);
  json["p99"] = json_rounded(times.p99);
  json["p999"] = json_rounded(times.p999);
  json["max"] = json_rounded(times.max);
  return json;
}

Json json_histogram(const TimeSummary& times) {
  if (times.count == 0) return nullptr;
  Json json = json_times(times);
  json["count"] = times.count;
  json["hdr"] = times.hdr;
  return json;
}

}  // namespace leakbench
