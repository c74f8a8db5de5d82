// The JSON file of an allowlist (schemas/allowlist.schema.json), read and written.
#ifndef LEAKBENCH_HARNESS_VERDICT_ALLOWLIST_FILE_H_
#define LEAKBENCH_HARNESS_VERDICT_ALLOWLIST_FILE_H_

#include <filesystem>
#include <string>

#include "harness/verdict/allowlist.h"

namespace leakbench {

// Both throw Error with the file, the JSON path and the reason on one line: kNotComparable of a
// newer major version, kUsage of anything else that is wrong.
Allowlist load_allowlist(const std::filesystem::path& file);
Allowlist parse_allowlist(const std::string& text, const std::string& origin);

// The text of the file, to be read back as it is.
std::string to_json(const Allowlist& allowlist);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_VERDICT_ALLOWLIST_FILE_H_
