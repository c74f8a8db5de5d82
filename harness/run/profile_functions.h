// What the tools that read profiles print, as figures.
#ifndef LEAKBENCH_HARNESS_RUN_PROFILE_FUNCTIONS_H_
#define LEAKBENCH_HARNESS_RUN_PROFILE_FUNCTIONS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/report/profile_report.h"

namespace leakbench {

// Of `google-pprof --text`: its figures times `unit`, which is the period of a CPU profile, or 1
// for bytes. No text is how it prints a profile without samples; nullopt for one without a table.
std::optional<FunctionProfile> parse_google_pprof(std::string_view text, std::int64_t unit);

// Of `go tool pprof -top` with -unit=ns or -unit=bytes.
std::optional<FunctionProfile> parse_go_pprof(std::string_view text);

// Nanoseconds from one sample of a gperftools CPU profile to the next; nullopt when it is none.
std::optional<std::int64_t> sample_period_ns(std::string_view profile);

// A C++ function as google-pprof names it, without what the compiler has added.
std::string readable_function(std::string_view name);

// The first `most`: of CPU time those that used it themselves; of memory those that had it
// allocated, because the ones that allocate are always the same.
FunctionProfile first_functions(FunctionProfile profile, ProfileKind kind, std::size_t most);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_PROFILE_FUNCTIONS_H_
