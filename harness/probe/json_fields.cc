#include "harness/probe/json_fields.h"

namespace leakbench {

using nlohmann::json;

const json* member(const json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

std::optional<std::int64_t> as_count(const json& value) {
  if (!value.is_number_integer()) return std::nullopt;
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX) return std::nullopt;
  const auto count = value.get<std::int64_t>();
  if (count < 0) return std::nullopt;
  return count;
}

std::optional<std::int64_t> count_of(const json& object, const char* key) {
  const json* value = member(object, key);
  return value ? as_count(*value) : std::nullopt;
}

std::string text_of(const json& object, const char* key) {
  const json* value = member(object, key);
  return value && value->is_string() ? value->get<std::string>() : std::string();
}

std::optional<json> parse_control_document(const std::string& text, const std::string& schema) {
  json document = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (text_of(document, "schema") != schema) return std::nullopt;
  if (text_of(document, "schema_version").substr(0, 2) != "1.") return std::nullopt;
  return document;
}

}  // namespace leakbench
