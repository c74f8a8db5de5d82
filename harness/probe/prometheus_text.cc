#include "harness/probe/prometheus_text.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace leakbench {
namespace {

constexpr std::string_view kBlanks = " \t\r";

bool is_name_character(char c, bool first) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
         (!first && c >= '0' && c <= '9');
}

std::string_view without_leading_blanks(std::string_view text) {
  const std::size_t start = text.find_first_not_of(kBlanks);
  return start == std::string_view::npos ? std::string_view() : text.substr(start);
}

std::size_t name_length(std::string_view line) {
  std::size_t length = 0;
  while (length < line.size() && is_name_character(line[length], length == 0)) ++length;
  return length;
}

// The length of {label="value",...} at the start of `text`; a brace inside a quoted value does not
// end it. nullopt when it never ends.
std::optional<std::size_t> labels_length(std::string_view text) {
  bool in_value = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (in_value && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      in_value = !in_value;
    } else if (text[i] == '}' && !in_value) {
      return i + 1;
    }
  }
  return std::nullopt;
}

// The first word of `text` as a number; what follows is a timestamp or an exemplar.
std::optional<double> parse_value(std::string_view text) {
  std::string_view word = text.substr(0, text.find_first_of(kBlanks));
  if (!word.empty() && word.front() == '+') word.remove_prefix(1);
  double value = 0;
  const auto [rest, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || rest != word.data() + word.size()) return std::nullopt;
  return value;
}

void parse_line(std::string_view line, std::size_t most_series, PrometheusSeries& series) {
  line = without_leading_blanks(line);
  const std::size_t name_end = name_length(line);
  if (name_end == 0) return;  // a comment, an empty line or garbage
  std::string key(line.substr(0, name_end));
  std::string_view rest = without_leading_blanks(line.substr(name_end));
  if (!rest.empty() && rest.front() == '{') {
    const auto length = labels_length(rest);
    if (!length) return;
    if (*length > 2) key += rest.substr(0, *length);  // "{}" is no label
    rest = without_leading_blanks(rest.substr(*length));
  } else if (rest.data() == line.data() + name_end) {
    return;  // no blank between name and value
  }
  const auto value = parse_value(rest);
  if (!value) return;
  const auto known = series.find(key);
  if (known != series.end()) {
    known->second = *value;
  } else if (series.size() < most_series) {
    series.emplace(std::move(key), *value);
  }
}

}  // namespace

PrometheusSeries parse_prometheus_text(std::string_view text, std::size_t most_series) {
  PrometheusSeries series;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    parse_line(text.substr(0, end), most_series, series);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return series;
}

}  // namespace leakbench
