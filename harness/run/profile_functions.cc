#include "harness/run/profile_functions.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <limits>
#include <tuple>
#include <utility>

namespace leakbench {
namespace {

constexpr std::string_view kCoroutineBody = " [clone .actor]";
constexpr std::string_view kCoroutineEnd = " [clone .destroy]";

// Cuts the next line off `text`.
std::string_view next_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

// Cuts the next word off `line`; empty at its end.
std::string_view next_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(end);
  return word;
}

// "12", "12ns", "12B": what is counted is known from what was asked for.
std::optional<std::int64_t> parse_amount(std::string_view word) {
  std::int64_t value = 0;
  const auto [rest, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || value < 0) return std::nullopt;
  const std::string_view unit(rest, static_cast<std::size_t>(word.data() + word.size() - rest));
  if (!unit.empty() && unit != "ns" && unit != "B") return std::nullopt;
  return value;
}

bool is_percentage(std::string_view word) { return word.size() > 1 && word.ends_with('%'); }

std::optional<std::int64_t> times(std::optional<std::int64_t> value, std::int64_t unit) {
  if (!value || *value > std::numeric_limits<std::int64_t>::max() / unit) return std::nullopt;
  return *value * unit;
}

// "      14  46.7%  46.7%       17  56.7% name": both tools' rows are like this.
std::optional<ProfileFunction> parse_row(std::string_view line, std::int64_t unit) {
  const auto self = times(parse_amount(next_word(line)), unit);
  if (!self || !is_percentage(next_word(line)) || !is_percentage(next_word(line))) return {};
  const auto with_callees = times(parse_amount(next_word(line)), unit);
  if (!with_callees || !is_percentage(next_word(line))) return {};
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  if (line.empty()) return {};
  return ProfileFunction{std::string(line), *self, *with_callees};
}

void add_rows(std::string_view text, std::int64_t unit, FunctionProfile& profile) {
  while (!text.empty()) {
    if (auto function = parse_row(next_line(text), unit)) {
      profile.functions.push_back(std::move(*function));
    }
  }
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
    text.replace(at, what.size(), by);
  }
}

// Where threads begin: every stack goes back to them.
bool is_start_of_thread(std::string_view name) {
  constexpr std::array kStarts = {"clone",  "clone3", "start_thread",
                                  "_start", "main",   "runtime.goexit"};
  return std::find(kStarts.begin(), kStarts.end(), name) != kStarts.end() ||
         name.starts_with("__libc_start");
}

// Allocates for whoever calls it.
bool is_of_the_library(std::string_view name) {
  return name.starts_with("std::") || name.starts_with("__gnu_cxx::") ||
         name.starts_with("operator new");
}

}  // namespace

std::optional<FunctionProfile> parse_google_pprof(std::string_view text, std::int64_t unit) {
  if (text.empty()) return FunctionProfile{};
  while (!text.empty()) {
    std::string_view line = next_line(text);
    if (next_word(line) != "Total:") continue;
    const auto total = times(parse_amount(next_word(line)), unit);
    if (!total) return std::nullopt;
    FunctionProfile profile{*total, {}};
    add_rows(text, unit, profile);
    for (ProfileFunction& function : profile.functions) {
      function.name = readable_function(function.name);
    }
    return profile;
  }
  return std::nullopt;
}

std::optional<FunctionProfile> parse_go_pprof(std::string_view text) {
  std::optional<FunctionProfile> profile;
  while (!text.empty()) {
    std::string_view line = next_line(text);
    constexpr std::string_view kOf = "% of ";
    if (line.starts_with("Showing nodes accounting for ") &&
        line.find(kOf) != std::string_view::npos) {
      line.remove_prefix(line.find(kOf) + kOf.size());
      const auto total = parse_amount(next_word(line));
      if (!total) return std::nullopt;
      profile.emplace(FunctionProfile{*total, {}});
    } else if (profile && next_word(line) == "flat") {
      add_rows(text, 1, *profile);
      return profile;
    }
  }
  return std::nullopt;
}

std::optional<std::int64_t> sample_period_ns(std::string_view profile) {
  // gperftools: words of the machine's size and order; 0, 3, the version 0, the period in
  // microseconds, 0.
  std::array<std::uint64_t, 5> header{};
  if (profile.size() < sizeof header) return std::nullopt;
  std::memcpy(header.data(), profile.data(), sizeof header);
  constexpr std::uint64_t kLongest = 60'000'000;
  if (header[0] != 0 || header[1] != 3 || header[2] != 0 || header[3] == 0 ||
      header[3] > kLongest) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(header[3]) * 1'000;
}

std::string readable_function(std::string_view name) {
  std::string text(name);
  // Of "leakbench::(anonymous namespace)::work" the tool leaves out what is in parentheses.
  replace_all(text, "::::", "::");
  replace_all(text, kCoroutineBody, " (coroutine)");
  replace_all(text, kCoroutineEnd, " (coroutine's end)");
  for (std::size_t clone = text.find(" [clone ."); clone != std::string::npos;
       clone = text.find(" [clone .")) {
    const std::size_t end = std::min(text.find(']', clone), text.size() - 1);
    text.erase(clone, end + 1 - clone);
  }
  // How the C library calls its own functions.
  constexpr std::string_view kInLibc = "__GI_";
  if (text.starts_with(kInLibc) && text.size() > kInLibc.size()) text.erase(0, kInLibc.size());
  // The version of a shared library's symbol.
  if (const std::size_t version = text.find("@@"); version != std::string::npos && version > 0) {
    text.erase(version);
  }
  return text;
}

FunctionProfile first_functions(FunctionProfile profile, ProfileKind kind, std::size_t most) {
  const bool heap = kind == ProfileKind::kHeap;
  std::erase_if(profile.functions, [&](const ProfileFunction& function) {
    if (is_start_of_thread(function.name)) return true;
    if (heap) return is_of_the_library(function.name);
    // What only calls, and is in every stack, is where threads begin under another name.
    return function.self == 0 && function.with_callees >= profile.total;
  });
  std::sort(profile.functions.begin(), profile.functions.end(),
            [heap](const ProfileFunction& a, const ProfileFunction& b) {
              const auto key = [heap](const ProfileFunction& function) {
                return heap ? std::pair(function.with_callees, function.self)
                            : std::pair(function.self, function.with_callees);
              };
              return std::tuple(key(b), std::string_view(a.name)) <
                     std::tuple(key(a), std::string_view(b.name));
            });
  if (profile.functions.size() > most) profile.functions.resize(most);
  return profile;
}

}  // namespace leakbench
