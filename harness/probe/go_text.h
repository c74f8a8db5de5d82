// Pieces that the texts of a Go server have in common.
#ifndef LEAKBENCH_HARNESS_PROBE_GO_TEXT_H_
#define LEAKBENCH_HARNESS_PROBE_GO_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace leakbench {

// A whole text of digits as a number below 2^63.
std::optional<std::int64_t> go_number(std::string_view digits);

struct GoPlace {
  std::string_view file;
  std::int64_t line = 0;
};

// "server.go:12", and what follows behind a blank ("server.go:12 +0x8f"); the file may hold colons
// and blanks. nullopt where there is no line number.
std::optional<GoPlace> go_place(std::string_view text);

// The length of the quoted text at the start of `text`, both quotes included; nullopt when it does
// not start with a quote, or never ends.
std::optional<std::size_t> go_quoted_length(std::string_view text);

// Go's %q undone: "\"Zo\u00eb\"\tx" in quotes gives what it stands for. nullopt for anything else.
std::optional<std::string> go_unquoted(std::string_view quoted);

// {"key":"value", "other":"value"}, with or without a blank behind the colon.
std::optional<std::map<std::string, std::string>> go_labels(std::string_view text);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_GO_TEXT_H_
