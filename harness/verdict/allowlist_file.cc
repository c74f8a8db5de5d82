#include "harness/verdict/allowlist_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>

#include "harness/target/json_file.h"
#include "harness/target/wording.h"

namespace leakbench {
namespace {

constexpr std::size_t kMostBytes = 8u << 20;
constexpr std::int64_t kMostTasks = std::numeric_limits<std::int64_t>::max();
// A pattern of stars alone would accept every leak there will ever be.
constexpr std::size_t kFewestLetters = 3;

std::string pattern_of(const JsonView& view) {
  std::string pattern = view.line();
  const auto stars = std::count(pattern.begin(), pattern.end(), '*');
  if (pattern.size() - static_cast<std::size_t>(stars) < kFewestLetters) {
    view.fail(fmt::format("must have {} characters besides \"*\" at least, is {}", kFewestLetters,
                          in_quotes(pattern)));
  }
  return pattern;
}

template <typename Number>
bool read_digits(std::string_view digits, Number& number) {
  const char* const end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, number);
  return error == std::errc() && rest == end;
}

std::chrono::sys_days date_of(const JsonView& view) {
  const std::string text = view.line();
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  const bool shaped = text.size() == 10 && text[4] == '-' && text[7] == '-' && text[0] != '-';
  const bool read = shaped && read_digits(std::string_view(text).substr(0, 4), year) &&
                    read_digits(std::string_view(text).substr(5, 2), month) &&
                    read_digits(std::string_view(text).substr(8, 2), day);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!read || !date.ok()) view.fail("must be a day such as \"2027-01-31\", is " + in_quotes(text));
  return date;
}

AllowEntry entry_of(const JsonView& view) {
  view.expect_object({"started_at", "waits_at", "frame", "reason", "most", "expires"});
  AllowEntry entry;
  if (const auto pattern = view.find("started_at")) entry.started_at = pattern_of(*pattern);
  if (const auto pattern = view.find("waits_at")) entry.waits_at = pattern_of(*pattern);
  if (const auto pattern = view.find("frame")) entry.frame = pattern_of(*pattern);
  if (!entry.started_at && !entry.waits_at && !entry.frame) {
    view.fail("needs started_at, waits_at or frame");
  }
  entry.reason = view.at("reason").line();
  if (const auto most = view.find("most")) entry.most = most->whole_number(0, kMostTasks);
  if (const auto expires = view.find("expires")) entry.expires = date_of(*expires);
  return entry;
}

Allowlist allowlist_of(const nlohmann::json& document, const std::string& origin) {
  const JsonView view(document, origin);
  check_schema(view, "allowlist", origin);
  view.expect_object({"schema", "schema_version", "entries"});
  Allowlist allowlist;
  allowlist.origin = origin;
  for (const JsonView& entry : view.at("entries").elements()) {
    allowlist.entries.push_back(entry_of(entry));
  }
  return allowlist;
}

}  // namespace

Allowlist parse_allowlist(const std::string& text, const std::string& origin) {
  return allowlist_of(parse_json(text, origin, kMostBytes), origin);
}

Allowlist load_allowlist(const std::filesystem::path& file) {
  return allowlist_of(read_json_file(file, kMostBytes), one_line(file.string()));
}

std::string to_json(const Allowlist& allowlist) {
  nlohmann::ordered_json json;
  json["schema"] = "leakbench/allowlist";
  json["schema_version"] = "1.0.0";
  json["entries"] = nlohmann::ordered_json::array();
  for (const AllowEntry& entry : allowlist.entries) {
    nlohmann::ordered_json item;
    if (entry.started_at) item["started_at"] = *entry.started_at;
    if (entry.waits_at) item["waits_at"] = *entry.waits_at;
    if (entry.frame) item["frame"] = *entry.frame;
    item["reason"] = entry.reason;
    if (entry.most) item["most"] = *entry.most;
    if (entry.expires) item["expires"] = date_text(*entry.expires);
    json["entries"].push_back(std::move(item));
  }
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace leakbench
