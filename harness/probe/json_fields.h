// Fields of a JSON document that a server has written: what is not of the kind that is asked for is
// not there.
#ifndef LEAKBENCH_HARNESS_PROBE_JSON_FIELDS_H_
#define LEAKBENCH_HARNESS_PROBE_JSON_FIELDS_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace leakbench {

// nullptr where `object` is none, or has no such key.
const nlohmann::json* member(const nlohmann::json& object, const char* key);

// A count that is missing, negative, fractional or beyond 63 bits was not measured.
std::optional<std::int64_t> as_count(const nlohmann::json& value);
std::optional<std::int64_t> count_of(const nlohmann::json& object, const char* key);

std::string text_of(const nlohmann::json& object, const char* key);  // empty for no text

// nullopt for a text that is not JSON, another kind of document, or a newer major version.
std::optional<nlohmann::json> parse_control_document(const std::string& text,
                                                     const std::string& schema);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_JSON_FIELDS_H_
