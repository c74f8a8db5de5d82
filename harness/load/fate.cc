#include "harness/load/fate.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "harness/base/error.h"
#include "harness/load/split_mix.h"
#include "runtime/time/duration.h"

namespace leakbench {
namespace {

constexpr std::string_view kHalfSentText = "half-sent";
constexpr std::string_view kHalfReceivedText = "half-received";
constexpr std::string_view kNeverReadText = "never-read";
constexpr std::string_view kSlowPrefix = "slow:";
constexpr std::string_view kSlowUnit = "B/s";

[[noreturn]] void refuse(std::string_view option, std::string_view why) {
  throw Error(ExitCode::kUsage, fmt::format("the abort {:?} {}", option, why));
}

// The whole of `text` as a number.
template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || rest != end) return std::nullopt;
  return number;
}

// `text` up to `mark`, which is cut off with it; all of it where there is no mark.
std::string_view take_until(char mark, std::string_view* text) {
  const std::size_t at = text->find(mark);
  const std::string_view front = text->substr(0, at);
  text->remove_prefix(at == std::string_view::npos ? text->size() : at + 1);
  return front;
}

double parse_percent(std::string_view option, std::string_view text) {
  if (text.ends_with('%')) {
    const auto percent = parse_number<double>(text.substr(0, text.size() - 1));
    if (percent && *percent > 0 && *percent <= 100) return *percent;
  }
  refuse(option, "has no share above 0% and up to 100% before its @: give one such as 20%@200ms");
}

std::uint64_t parse_speed(std::string_view option, std::string_view text) {
  if (text.ends_with(kSlowUnit)) {
    text.remove_suffix(kSlowUnit.size());
    const auto speed = parse_number<std::uint64_t>(text);
    if (speed && *speed > 0) return *speed;
  }
  refuse(option,
         "needs a whole number of bytes a second alone behind slow: give it as 5%@slow:1000B/s");
}

bool parse_reset(std::string_view option, std::string_view how) {
  if (how == "fin" || how == "rst") return how == "rst";
  refuse(option, "ends in neither :fin nor :rst: give one such as 20%@200ms:rst");
}

// What stands behind the @.
Fate parse_fate(std::string_view option, std::string_view text) {
  if (text.starts_with(kSlowPrefix)) {
    return {.kind = FateKind::kSlowRead,
            .bytes_per_second = parse_speed(option, text.substr(kSlowPrefix.size()))};
  }
  const bool has_how = text.find(':') != std::string_view::npos;
  const std::string_view when = take_until(':', &text);
  if (when == kNeverReadText) {
    if (has_how) refuse(option, "closes by the time limit alone: give it as 5%@never-read");
    return {.kind = FateKind::kNeverRead};
  }
  Fate fate;
  if (when == kHalfSentText) {
    fate.kind = FateKind::kHalfSent;
  } else if (when == kHalfReceivedText) {
    fate.kind = FateKind::kHalfReceived;
  } else if (const auto after = parse_duration(when)) {
    fate.kind = FateKind::kGiveUp;
    fate.after = *after;
  } else {
    refuse(option, fmt::format("says {:?} where a time such as 200ms, {}, {}, {}1000{} or {} "
                               "belongs: give one such as 20%@200ms:rst",
                               when, kHalfSentText, kHalfReceivedText, kSlowPrefix, kSlowUnit,
                               kNeverReadText));
  }
  if (has_how) fate.reset = parse_reset(option, text);
  return fate;
}

// To the nanosecond, which format_duration() is not.
std::string exact_text(Duration duration) {
  std::string text = format_duration(duration);
  return parse_duration(text) == duration ? text : fmt::format("{}ns", duration.count());
}

}  // namespace

std::string to_text(const Fate& fate) {
  const std::string_view how = fate.reset ? "rst" : "fin";
  switch (fate.kind) {
    case FateKind::kComplete:
      return "complete";
    case FateKind::kGiveUp:
      return fmt::format("{}:{}", exact_text(fate.after), how);
    case FateKind::kHalfSent:
      return fmt::format("{}:{}", kHalfSentText, how);
    case FateKind::kHalfReceived:
      return fmt::format("{}:{}", kHalfReceivedText, how);
    case FateKind::kSlowRead:
      return fmt::format("{}{}{}", kSlowPrefix, fate.bytes_per_second, kSlowUnit);
    case FateKind::kNeverRead:
      return std::string(kNeverReadText);
  }
  return "unknown";
}

FatePlan FatePlan::parse(const std::vector<std::string>& options) {
  constexpr double kNoise = 1e-9;  // of adding up shares such as 0.1, which are not exact in binary
  FatePlan plan;
  double sum = 0;
  for (const std::string& option : options) {
    std::string_view rest = option;
    const double percent = parse_percent(option, take_until('@', &rest));
    const Fate fate = parse_fate(option, rest);
    sum += percent;
    if (sum > 100 + kNoise) {
      refuse(option, fmt::format("brings the shares to {:.6g}% of the requests: together they must "
                                 "be at most 100%, such as 20%@200ms and 80%@2s",
                                 sum));
    }
    plan.shares_.push_back({percent, sum / 100, fate});
  }
  return plan;
}

const Fate& FatePlan::draw(std::uint64_t seed, std::uint64_t request) const {
  // A sequence of its own. With the one that begins at the seed, as a Schedule's does, requests
  // that come close upon the last would be those that are aborted.
  constexpr std::uint64_t kOwn = 0x6661746573;  // "fates"
  const std::uint64_t begin = split_mix(split_mix(seed) ^ kOwn);
  const double at = unit_interval(split_mix(begin + request * kSplitMixStep));
  for (const Share& share : shares_) {
    if (at < share.until) return share.fate;
  }
  return kComplete;
}

std::vector<std::string> FatePlan::options() const {
  std::vector<std::string> options;
  for (const Share& share : shares_) {
    options.push_back(fmt::format("{}%@{}", share.percent, to_text(share.fate)));
  }
  return options;
}

}  // namespace leakbench
