#include "harness/target/json_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/base/error.h"
#include "harness/target/wording.h"
#include "runtime/time/duration.h"

namespace leakbench {
namespace {

std::string child_path(const std::string& parent, std::string_view key) {
  std::string path = parent == "/" ? "/" : parent + "/";
  for (const char c : one_line(key, 60)) {
    if (c == '~') {
      path += "~0";
    } else if (c == '/') {
      path += "~1";
    } else {
      path += c;
    }
  }
  return path;
}

// What the value is, as a person would say it: `a number (1.5)`.
std::string described(const nlohmann::json& value) {
  switch (value.type()) {
    case nlohmann::json::value_t::string:
      return "a string (" + in_quotes(value.get_ref<const std::string&>()) + ")";
    case nlohmann::json::value_t::object:
      return "an object";
    case nlohmann::json::value_t::array:
      return "an array";
    case nlohmann::json::value_t::null:
      return "null";
    case nlohmann::json::value_t::boolean:
      return value.get<bool>() ? "true" : "false";
    default:
      return "a number (" + value.dump() + ")";
  }
}

std::string position_in(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, byte == 0 ? 0 : byte - 1);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t last_break = before.rfind('\n');
  const std::size_t column =
      last_break == std::string_view::npos ? before.size() + 1 : before.size() - last_break;
  return fmt::format("line {}, column {}", line, column);
}

// The parser's own words without its class name and its count of lines, which position_in() gives.
std::string parser_reason(const std::string& what) {
  for (const std::string_view mark : {": syntax error ", "] "}) {
    const std::size_t found = what.find(mark);
    if (found != std::string::npos) return what.substr(found + (mark[0] == ':' ? 2 : mark.size()));
  }
  return what;
}

}  // namespace

JsonView::JsonView(const nlohmann::json& document, std::string origin)
    : value_(&document), origin_(std::move(origin)), path_("/") {}

JsonView::JsonView(const nlohmann::json& value, const std::string& origin, std::string path)
    : value_(&value), origin_(origin), path_(std::move(path)) {}

void JsonView::fail(const std::string& reason) const {
  throw Error(ExitCode::kUsage, origin_ + ": " + path_ + ": " + reason);
}

void JsonView::fail_type(const char* wanted) const {
  fail(fmt::format("must be {}, is {}", wanted, described(*value_)));
}

void JsonView::expect_object(const std::vector<std::string>& known) const {
  for (const auto& [key, value] : members()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    value.fail("unknown key " + in_quotes(key) + "; " + suggestion(key, known));
  }
}

JsonView JsonView::at(const std::string& key) const {
  if (const auto found = find(key)) return *found;
  JsonView(*value_, origin_, child_path(path_, key)).fail("is missing");
}

std::optional<JsonView> JsonView::find(const std::string& key) const {
  if (!value_->is_object()) fail_type("an object");
  const auto found = value_->find(key);
  if (found == value_->end()) return std::nullopt;
  return JsonView(*found, origin_, child_path(path_, key));
}

bool JsonView::is_null() const { return value_->is_null(); }
bool JsonView::is_text() const { return value_->is_string(); }
bool JsonView::is_array() const { return value_->is_array(); }
bool JsonView::is_object() const { return value_->is_object(); }

std::string JsonView::raw_text() const {
  if (!value_->is_string()) {
    if (value_->is_number()) {
      fail(
          fmt::format("must be a string, is {}: write \"{}\"", described(*value_), value_->dump()));
    }
    fail_type("a string");
  }
  return value_->get<std::string>();
}

std::string JsonView::text() const {
  std::string text = raw_text();
  if (text.empty()) fail("must not be empty");
  if (text.find('\0') != std::string::npos) fail("must not contain the character U+0000");
  return text;
}

std::string JsonView::line() const {
  std::string line = text();
  const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  if (std::any_of(line.begin(), line.end(), is_control)) {
    fail("must be a single line without control characters, is " + in_quotes(line));
  }
  return line;
}

std::string JsonView::line_or_empty() const {
  const bool empty = value_->is_string() && value_->get_ref<const std::string&>().empty();
  return empty ? std::string() : line();
}

std::int64_t JsonView::whole_number(std::int64_t least, std::int64_t most) const {
  if (!value_->is_number_integer()) fail_type("a whole number");
  // An unsigned value beyond 63 bits would turn negative in get<int64_t>().
  const bool huge = value_->is_number_unsigned() &&
                    value_->get<std::uint64_t>() > static_cast<std::uint64_t>(most);
  if (huge || value_->get<std::int64_t>() > most) {
    fail(fmt::format("must be at most {}, is {}", most, value_->dump()));
  }
  const auto number = value_->get<std::int64_t>();
  if (number < least) fail(fmt::format("must be at least {}, is {}", least, number));
  return number;
}

double JsonView::number() const {
  if (!value_->is_number()) fail_type("a number");
  return value_->get<double>();
}

bool JsonView::boolean() const {
  if (!value_->is_boolean()) fail_type("true or false");
  return value_->get<bool>();
}

std::chrono::nanoseconds JsonView::duration() const {
  const std::string text = this->text();
  const auto duration = parse_duration(text);
  if (!duration) fail("must be a duration such as \"1.5s\" or \"100ms\", is " + in_quotes(text));
  if (*duration > kLongestDuration) fail("must be at most 24h, is " + in_quotes(text));
  return *duration;
}

std::vector<JsonView> JsonView::elements() const {
  if (!value_->is_array()) fail_type("an array");
  std::vector<JsonView> views;
  for (std::size_t i = 0; i < value_->size(); ++i) {
    views.push_back(JsonView((*value_)[i], origin_, child_path(path_, std::to_string(i))));
  }
  return views;
}

std::vector<std::pair<std::string, JsonView>> JsonView::members() const {
  if (!value_->is_object()) fail_type("an object");
  std::vector<std::pair<std::string, JsonView>> views;
  for (const auto& [key, value] : value_->items()) {
    views.emplace_back(key, JsonView(value, origin_, child_path(path_, key)));
  }
  return views;
}

nlohmann::json parse_json(std::string_view text, const std::string& origin,
                          std::size_t most_bytes) {
  if (text.size() > most_bytes) {
    throw Error(
        ExitCode::kUsage,
        fmt::format("{}: is larger than {} bytes: not a file of this kind", origin, most_bytes));
  }
  // The parser keeps the last of two equal keys without a word; a person never means that.
  std::vector<std::set<std::string>> open_objects;
  const auto watch = [&](int depth, nlohmann::json::parse_event_t event, nlohmann::json& parsed) {
    constexpr int kDeepest = 32;
    if (depth > kDeepest) throw Error(ExitCode::kUsage, origin + ": is nested too deeply");
    if (event == nlohmann::json::parse_event_t::object_start) {
      open_objects.emplace_back();
    } else if (event == nlohmann::json::parse_event_t::object_end) {
      open_objects.pop_back();
    } else if (event == nlohmann::json::parse_event_t::key &&
               !open_objects.back().insert(parsed.get<std::string>()).second) {
      throw Error(ExitCode::kUsage, fmt::format("{}: the key {} is given twice in one object",
                                                origin, in_quotes(parsed.get<std::string>())));
    }
    return true;
  };
  try {
    constexpr bool kThrow = true;
    constexpr bool kIgnoreComments = true;
    return nlohmann::json::parse(text, watch, kThrow, kIgnoreComments);
  } catch (const nlohmann::json::parse_error& error) {
    throw Error(ExitCode::kUsage,
                fmt::format("{}: {}: not JSON: {}", origin, position_in(text, error.byte),
                            one_line(parser_reason(error.what()))));
  } catch (const nlohmann::json::exception& error) {
    throw Error(ExitCode::kUsage,
                fmt::format("{}: not JSON: {}", origin, one_line(parser_reason(error.what()))));
  }
}

}  // namespace leakbench
