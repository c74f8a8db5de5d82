#include "harness/probe/pprof_profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "harness/probe/gunzip.h"
#include "harness/probe/pprof_message.h"

namespace leakbench {
namespace {

using Message = PprofMessage;

// Puts the entries of a message together; stops at the first fault.
class Assembler {
 public:
  Assembler(const Message& message, const PprofLimits& limits, WireFault& fault)
      : message_(message), limits_(limits), fault_(fault) {}

  PprofProfile assemble() {
    check_strings();
    number_entries();
    make_frames();
    make_sample_types();
    make_samples();
    return std::move(profile_);
  }

 private:
  void check_strings() {
    if (message_.strings.empty() || !message_.strings.front().text.empty()) {
      fault_.report(message_.strings.empty() ? 0 : message_.strings.front().at,
                    "the table of strings does not begin with an empty one");
    }
  }

  // A copy of a string of the table, which all copies together may not exceed: a few bytes of
  // numbers can refer to a long string a million times.
  std::string text(std::uint64_t number, std::size_t at) {
    if (number >= message_.strings.size()) {
      fault_.report(at, fmt::format("string {} of {}", number, message_.strings.size()));
      return {};
    }
    const std::string_view text = message_.strings[number].text;
    if (text.size() > limits_.bytes - copied_bytes_) {
      fault_.report(at, fmt::format("names of more than {} bytes", limits_.bytes));
      return {};
    }
    copied_bytes_ += text.size();
    return std::string(text);
  }

  template <typename Entry>
  void number(std::unordered_map<std::uint64_t, std::size_t>& places,
              const std::vector<Entry>& entries, const char* kind) {
    for (std::size_t i = 0; i < entries.size() && !fault_; ++i) {
      const std::uint64_t id = entries[i].id;
      if (id == 0) fault_.report(entries[i].at, fmt::format("a {} without a number", kind));
      if (!places.emplace(id, i).second) {
        fault_.report(entries[i].at, fmt::format("a second {} with the number {}", kind, id));
      }
    }
  }

  void number_entries() {
    number(functions_, message_.functions, "function");
    number(locations_, message_.locations, "location");
  }

  GoFrame frame_of(const Message::Line& line) {
    const auto found = functions_.find(line.function_id);
    if (found == functions_.end()) {
      fault_.report(line.at, fmt::format("function {} is missing", line.function_id));
      return {};
    }
    const Message::Function& function = message_.functions[found->second];
    return {text(function.name, function.at), text(function.file, function.at),
            std::max<std::int64_t>(line.line, 0), std::max<std::int64_t>(function.line, 0)};
  }

  void make_frames() {
    for (const Message::Location& location : message_.locations) {
      if (fault_) return;
      const std::size_t begin = profile_.frames.size();
      for (std::size_t i = location.lines.begin; i < location.lines.end && !fault_; ++i) {
        profile_.frames.push_back(frame_of(message_.lines[i]));
      }
      if (begin == profile_.frames.size()) {
        profile_.frames.push_back({fmt::format("{:#x}", location.address), "", 0});
      }
      frames_of_locations_.push_back({begin, profile_.frames.size()});
    }
  }

  void make_sample_types() {
    for (const Message::ValueType& type : message_.sample_types) {
      profile_.sample_types.push_back({text(type.type, type.at), text(type.unit, type.at)});
    }
    if (profile_.sample_types.empty()) fault_.report(0, "a profile without a sample type");
    profile_.totals.resize(profile_.sample_types.size());
  }

  void make_samples() {
    if (!fault_) profile_.samples.reserve(message_.samples.size());
    for (const Message::Sample& sample : message_.samples) {
      if (fault_) return;
      profile_.samples.push_back({values_of(sample), stack_of(sample), labels_of(sample)});
    }
  }

  std::vector<std::int64_t> values_of(const Message::Sample& sample) {
    const std::size_t count = sample.values.end - sample.values.begin;
    std::vector<std::int64_t> values(count);
    if (count != profile_.totals.size()) {
      fault_.report(sample.at,
                    fmt::format("a sample with {} values where there are {} sample types", count,
                                profile_.totals.size()));
      return values;
    }
    for (std::size_t i = 0; i < count; ++i) {
      values[i] = static_cast<std::int64_t>(message_.values[sample.values.begin + i]);
      if (__builtin_add_overflow(profile_.totals[i], values[i], &profile_.totals[i])) {
        fault_.report(sample.at, "the samples add up to more than 63 bits");
      }
    }
    return values;
  }

  GoStack stack_of(const Message::Sample& sample) {
    GoStack stack;
    stack.reserve(sample.location_ids.end - sample.location_ids.begin);
    for (std::size_t i = sample.location_ids.begin; i < sample.location_ids.end; ++i) {
      const std::uint64_t id = message_.location_ids[i];
      const auto found = locations_.find(id);
      if (found == locations_.end()) {
        fault_.report(sample.at, fmt::format("location {} is missing", id));
        return stack;
      }
      const PprofRange frames = frames_of_locations_[found->second];
      if (frames.end - frames.begin > limits_.references - stack_frames_) {
        fault_.report(sample.at, fmt::format("stacks of more than {} calls", limits_.references));
        return stack;
      }
      stack_frames_ += frames.end - frames.begin;
      for (std::size_t frame = frames.begin; frame < frames.end; ++frame) {
        stack.push_back(static_cast<std::uint32_t>(frame));
      }
    }
    return stack;
  }

  std::vector<PprofLabel> labels_of(const Message::Sample& sample) {
    std::vector<PprofLabel> labels;
    for (std::size_t i = sample.labels.begin; i < sample.labels.end; ++i) {
      const Message::Label& label = message_.labels[i];
      labels.push_back({text(label.key, label.at), text(label.text, label.at), label.number});
    }
    return labels;
  }

  const Message& message_;
  const PprofLimits& limits_;
  WireFault& fault_;
  PprofProfile profile_;
  std::unordered_map<std::uint64_t, std::size_t> functions_;  // by number, in message_
  std::unordered_map<std::uint64_t, std::size_t> locations_;
  std::vector<PprofRange> frames_of_locations_;
  std::size_t copied_bytes_ = 0;
  std::size_t stack_frames_ = 0;
};

}  // namespace

Parsed<PprofProfile> decode_pprof(std::string_view message, const PprofLimits& limits) {
  WireFault fault;
  const PprofMessage entries = read_pprof_message(message, limits, fault);
  PprofProfile profile;
  if (!fault) profile = Assembler(entries, limits, fault).assemble();
  if (fault) return ParseError{"not a pprof profile, " + fault.message()};
  return profile;
}

Parsed<PprofProfile> parse_pprof(std::string_view gzip, const PprofLimits& limits) {
  const Parsed<std::string> message = gunzip(gzip, limits.bytes);
  if (!message) return ParseError{"not a pprof profile: " + message.error()};
  return decode_pprof(*message, limits);
}

}  // namespace leakbench
