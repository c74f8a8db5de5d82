// Colour of texts for people. The words say everything, colour only helps the eye.
#ifndef LEAKBENCH_HARNESS_REPORT_TEXT_STYLE_H_
#define LEAKBENCH_HARNESS_REPORT_TEXT_STYLE_H_

#include <string>
#include <string_view>

namespace leakbench {

enum class Colour { kNever, kAlways };

// For a stream that is a terminal or not, with the value of the environment variable NO_COLOR
// (null when unset): any value but an empty one turns colour off (no-color.org).
inline Colour choose_colour(bool is_terminal, const char* no_color) {
  const bool refused = no_color != nullptr && *no_color != '\0';
  return is_terminal && !refused ? Colour::kAlways : Colour::kNever;
}

inline constexpr std::string_view kBold = "1";
inline constexpr std::string_view kGreen = "32";
inline constexpr std::string_view kRed = "31";
inline constexpr std::string_view kYellow = "33";

// `text` in an ECMA-48 rendition, or as it is.
inline std::string styled(std::string_view text, std::string_view rendition, Colour colour) {
  if (colour == Colour::kNever) return std::string(text);
  return "\x1b[" + std::string(rendition) + "m" + std::string(text) + "\x1b[0m";
}

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_TEXT_STYLE_H_
