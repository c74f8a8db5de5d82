#include "harness/probe/go_text.h"

#include <charconv>

namespace leakbench {
namespace {

void append_utf8(std::uint32_t code, std::string& text) {
  const auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xc0 | code >> 6);
  } else if (code < 0x10000) {
    put(0xe0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3f));
  } else {
    put(0xf0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3f));
    put(0x80 | (code >> 6 & 0x3f));
  }
  put(0x80 | (code & 0x3f));
}

// What \xNN, \uNNNN and \UNNNNNNNN stand for; `digits` is how many of them there are.
bool append_code(std::string_view text, std::size_t digits, std::string& result) {
  if (text.size() < digits) return false;
  std::uint32_t code = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, code, 16);
  if (error != std::errc() || end != text.data() + digits || code > 0x10ffff) return false;
  if (digits == 2) {
    result += static_cast<char>(code);  // a byte that belongs to no character
  } else {
    append_utf8(code, result);
  }
  return true;
}

// The escape behind a backslash at the start of `text`: its length, 0 when there is none such.
std::size_t append_escape(std::string_view text, std::string& result) {
  constexpr std::string_view kLetters = "abfnrtv\\\"'";
  constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\\\"'";
  if (text.empty()) return 0;
  if (const std::size_t letter = kLetters.find(text[0]); letter != std::string_view::npos) {
    result += kMeanings[letter];
    return 1;
  }
  const std::size_t digits = text[0] == 'x' ? 2 : text[0] == 'u' ? 4 : text[0] == 'U' ? 8 : 0;
  if (digits == 0 || !append_code(text.substr(1), digits, result)) return 0;
  return 1 + digits;
}

bool skip(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

std::optional<std::string> take_quoted(std::string_view& text) {
  const auto length = go_quoted_length(text);
  if (!length) return std::nullopt;
  auto content = go_unquoted(text.substr(0, *length));
  text.remove_prefix(*length);
  return content;
}

}  // namespace

std::optional<std::int64_t> go_number(std::string_view digits) {
  std::int64_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, number);
  if (error != std::errc() || rest != end || number < 0) return std::nullopt;
  return number;
}

std::optional<GoPlace> go_place(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  const std::string_view rest = text.substr(colon + 1);
  const auto line = go_number(rest.substr(0, rest.find(' ')));
  if (!line) return std::nullopt;
  return GoPlace{text.substr(0, colon), *line};
}

std::optional<std::size_t> go_quoted_length(std::string_view text) {
  if (!text.starts_with('"')) return std::nullopt;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return std::nullopt;
}

std::optional<std::string> go_unquoted(std::string_view quoted) {
  if (go_quoted_length(quoted) != quoted.size()) return std::nullopt;
  const std::string_view content = quoted.substr(1, quoted.size() - 2);
  std::string text;
  for (std::size_t i = 0; i < content.size(); ++i) {
    if (content[i] != '\\') {
      text += content[i];
      continue;
    }
    const std::size_t length = append_escape(content.substr(i + 1), text);
    if (length == 0) return std::nullopt;
    i += length;
  }
  return text;
}

std::optional<std::map<std::string, std::string>> go_labels(std::string_view text) {
  std::map<std::string, std::string> labels;
  if (!skip(text, "{")) return std::nullopt;
  if (text == "}") return labels;
  do {
    auto key = take_quoted(text);
    if (!key || !skip(text, ":")) return std::nullopt;
    skip(text, " ");
    auto value = take_quoted(text);
    if (!value) return std::nullopt;
    labels.insert_or_assign(std::move(*key), std::move(*value));
  } while (skip(text, ", "));
  if (text != "}") return std::nullopt;
  return labels;
}

}  // namespace leakbench
