// What the full name of a Go function tells about it.
#ifndef LEAKBENCH_HARNESS_PROBE_GO_FUNCTION_H_
#define LEAKBENCH_HARNESS_PROBE_GO_FUNCTION_H_

#include <string>
#include <string_view>

namespace leakbench {

// Of a package outside Go's standard library. False for a name without a package (panic, a C
// function). A module whose name begins like a package of the library ("log/...") is taken for the
// library, as the go command does.
bool is_application_function(std::string_view function);

// Of the packages through which a goroutine waits, whatever it waits for: runtime, sync, internal/,
// time, syscall, and a panic on its way.
bool is_waiting_function(std::string_view function);

// Type arguments as the texts show them: "main.push[go.shape.int]" becomes "main.push[...]".
std::string with_short_type_arguments(std::string_view function);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_GO_FUNCTION_H_
