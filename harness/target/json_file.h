// Files that leakbench wrote itself, or that say which of its formats they follow.
#ifndef LEAKBENCH_HARNESS_TARGET_JSON_FILE_H_
#define LEAKBENCH_HARNESS_TARGET_JSON_FILE_H_

#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "harness/target/json_view.h"

namespace leakbench {

// All of `file`, at most `most_bytes`. Throws Error(kUsage) with the file and the reason when it
// cannot be read or is larger.
std::string read_text_file(const std::filesystem::path& file, std::size_t most_bytes);

// The document in `file`. Throws Error(kUsage) as read_text_file() does, and when the file is
// empty, cut off or not JSON.
nlohmann::json read_json_file(const std::filesystem::path& file, std::size_t most_bytes);

// That the document says to be a leakbench/KIND of a major version that this program knows, 1.
// Throws Error: kNotComparable of a newer one, kUsage of another kind or none.
void check_schema(const JsonView& document, std::string_view kind, const std::string& origin);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_JSON_FILE_H_
