#include "harness/probe/prometheus_selector.h"

#include <algorithm>
#include <cmath>

namespace leakbench {
namespace {

constexpr std::string_view kSpace = " \t\r";

bool starts_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
}
bool continues_word(char c) { return starts_word(c) || (c >= '0' && c <= '9'); }

// Reads pieces from the front of a text.
class LabelReader {
 public:
  explicit LabelReader(std::string_view text) : rest_(text) {}

  bool at_end() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(kSpace), rest_.size()));
    return rest_.empty();
  }

  bool take(char wanted) {
    if (at_end() || rest_.front() != wanted) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // Empty where there is none.
  std::string_view take_word() {
    if (at_end() || !starts_word(rest_.front())) return {};
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), continues_word);
    const std::string_view word = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(word.size());
    return word;
  }

  // In quotes, with \\, \" and \n.
  std::optional<std::string> take_value() {
    if (!take('"')) return std::nullopt;
    std::string value;
    for (std::size_t i = 0; i < rest_.size(); ++i) {
      if (rest_[i] == '"') {
        rest_.remove_prefix(i + 1);
        return value;
      }
      if (rest_[i] != '\\') {
        value += rest_[i];
      } else if (++i < rest_.size()) {
        value += rest_[i] == 'n' ? '\n' : rest_[i];
      }
    }
    return std::nullopt;
  }

 private:
  std::string_view rest_;
};

bool holds(const PrometheusSelector& series, const PrometheusSelector& selector) {
  return std::all_of(selector.labels.begin(), selector.labels.end(), [&](const auto& label) {
    const auto found = series.labels.find(label.first);
    return found != series.labels.end() && found->second == label.second;
  });
}

}  // namespace

std::optional<PrometheusSelector> parse_prometheus_selector(std::string_view text) {
  LabelReader reader(text);
  PrometheusSelector selector;
  selector.name = reader.take_word();
  if (selector.name.empty()) return std::nullopt;
  if (reader.take('{')) {
    while (!reader.take('}')) {
      const std::string_view label = reader.take_word();
      if (label.empty() || !reader.take('=')) return std::nullopt;
      auto value = reader.take_value();
      if (!value) return std::nullopt;
      selector.labels[std::string(label)] = *std::move(value);
      // Behind the last one a comma may follow.
      if (reader.take(',')) continue;
      if (!reader.take('}')) return std::nullopt;
      break;
    }
  }
  if (!reader.at_end()) return std::nullopt;
  return selector;
}

std::optional<double> sum_of_series(const PrometheusSeries& series,
                                    const PrometheusSelector& selector) {
  std::optional<double> sum;
  if (selector.labels.empty()) {
    if (const auto bare = series.find(selector.name); bare != series.end()) sum = bare->second;
  }
  const std::string labelled = selector.name + "{";
  for (auto at = series.lower_bound(labelled);
       at != series.end() && at->first.starts_with(labelled); ++at) {
    const auto written = parse_prometheus_selector(at->first);
    if (written && holds(*written, selector)) sum = sum.value_or(0) + at->second;
  }
  if (sum && !std::isfinite(*sum)) return std::nullopt;
  return sum;
}

std::optional<double> sum_of_series(const PrometheusSeries& series, std::string_view selector) {
  const auto parsed = parse_prometheus_selector(selector);
  return parsed ? sum_of_series(series, *parsed) : std::nullopt;
}

}  // namespace leakbench
