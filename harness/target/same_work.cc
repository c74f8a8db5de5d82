#include "harness/target/same_work.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/target/wording.h"
#include "runtime/time/duration.h"

namespace leakbench {
namespace {

// A field and its whole value. A list stands there with its length or its names before its
// elements: of two manifests the first fields that differ are then one and the same.
using Field = std::pair<std::string, std::string>;

std::string text_of(std::chrono::nanoseconds duration) {
  std::string text = format_duration(duration);
  // It rounds, and what differs must look so.
  return parse_duration(text) == duration ? text : fmt::format("{}ns", duration.count());
}

// So much of a value that it shows what differs at `place`.
std::string shown(const std::string& value, std::size_t place) {
  constexpr std::size_t kBefore = 20;
  constexpr std::size_t kMost = 60;
  if (place < kMost) return one_line(value, kMost);
  return "..." + one_line(std::string_view(value).substr(place - kBefore), kMost);
}

class Fields {
 public:
  explicit Fields(const Manifest& manifest) {
    add_options(manifest.options);
    add_requests(manifest.requests);
    add_load(manifest.load);
    add("/settle/longest_task", manifest.settle.longest_task);
    add("/settle/margin", text_of(manifest.settle.margin));
    add("/settle/linger_after", text_of(manifest.settle.linger_after));
    add_variants(manifest.variants);
    add("/answer_within", manifest.answer_within ? text_of(*manifest.answer_within) : "none");
    add_counters(manifest.counters);
  }

  const std::vector<Field>& all() const { return fields_; }

 private:
  void add(std::string name, std::string value) {
    fields_.emplace_back(std::move(name), std::move(value));
  }

  void add_options(const Options& options) {
    std::vector<std::string> names;
    for (const auto& [name, value] : options) names.push_back(name);
    add("/options", listed(names));
    for (const auto& [name, value] : options) add("/options/" + name, value);
  }

  void add_requests(const std::vector<RequestSpec>& requests) {
    add("the number of requests", std::to_string(requests.size()));
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const RequestSpec& request = requests[i];
      const std::string path = requests.size() == 1 ? "/request" : fmt::format("/requests/{}", i);
      add(path + "/method", request.method);
      add(path + "/path", request.path);
      std::vector<std::string> names;
      for (const auto& [name, value] : request.headers) names.push_back(name);
      add(path + "/headers", listed(names));
      for (const auto& [name, value] : request.headers) add(path + "/headers/" + name, value);
      add(path + "/body", request.body);
      add(path + "/weight", std::to_string(request.weight));
    }
  }

  void add_load(const LoadFigures& load) {
    add("/load/connections", std::to_string(load.connections));
    add("/load/requests", std::to_string(load.requests));
    add("/load/warmup_requests", std::to_string(load.warmup_requests));
    add("/load/rounds", std::to_string(load.rounds));
    add("/load/request_timeout", text_of(load.request_timeout));
    add("/load/aborts", listed(load.aborts));
    std::vector<int> statuses = load.accepted_statuses;
    std::sort(statuses.begin(), statuses.end());
    add("/load/accepted_statuses",
        statuses.empty() ? "none" : fmt::format("{}", fmt::join(statuses, ", ")));
  }

  void add_variants(const std::vector<VariantSpec>& variants) {
    std::vector<std::string> names;
    for (const VariantSpec& variant : variants) names.push_back(variant.name);
    add("/variants", listed(names));
    for (std::size_t i = 0; i < variants.size(); ++i) {
      const std::string path = fmt::format("/variants/{}", i);
      const auto& planted = variants[i].planted;
      add(path + "/expect", std::string(to_string(variants[i].expect)));
      add(path + "/planted", planted ? fmt::format("{} of 1,000 requests in {}",
                                                   planted->per_1000_requests, planted->file)
                                     : "none");
    }
  }

  void add_counters(const std::vector<CounterSpec>& counters) {
    std::vector<std::string> series;
    for (const CounterSpec& counter : counters) series.push_back(counter.series);
    add("/counters", listed(series));
    for (std::size_t i = 0; i < counters.size(); ++i) {
      add(fmt::format("/counters/{}/unit", i), counters[i].unit);
    }
  }

  std::vector<Field> fields_;
};

}  // namespace

std::optional<WorkDifference> first_difference(const Manifest& first, const Manifest& second) {
  const Fields ours(first);
  const Fields theirs(second);
  const auto [a, b] =
      std::mismatch(ours.all().begin(), ours.all().end(), theirs.all().begin(), theirs.all().end());
  if (a == ours.all().end() || b == theirs.all().end()) return std::nullopt;
  const std::string& one = a->second;
  const std::string& other = b->second;
  const auto at = std::mismatch(one.begin(), one.end(), other.begin(), other.end()).first;
  const auto place = static_cast<std::size_t>(at - one.begin());
  return WorkDifference{a->first, shown(one, place), shown(other, place)};
}

}  // namespace leakbench
