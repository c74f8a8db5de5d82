#include "harness/probe/goroutine_profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "harness/probe/go_function.h"
#include "harness/probe/goroutine_wait.h"
#include "harness/probe/system_goroutine.h"
#include "harness/target/wording.h"

namespace leakbench {
namespace {

using Calls = std::vector<const GoFrame*>;

// Goroutines with one stack, as one of the three answers describes them.
struct Sighting {
  std::int64_t count = 0;
  const GoStack& stack;
  bool outer_calls_missing = false;
  bool leaked = false;
  std::optional<std::uint32_t> created_by = std::nullopt;
  std::string status = {};
  std::optional<std::int64_t> minutes = std::nullopt;
};

// Counts of a difference can be anything.
void add(std::int64_t& sum, std::int64_t count) {
  if (__builtin_add_overflow(sum, count, &sum)) sum = count < 0 ? INT64_MIN : INT64_MAX;
}

// Around a function that is started with arguments. Only the protobuf has it.
bool is_go_wrapper(const GoFrame& call) {
  return call.function.find(".gowrap") != std::string::npos;
}

const GoFrame* entry_of(const Calls& calls) {
  const auto found = std::find_if(calls.rbegin(), calls.rend(), [](const GoFrame* call) {
    return is_application_function(call->function) && !is_go_wrapper(*call);
  });
  if (found != calls.rend()) return *found;
  return calls.empty() ? nullptr : calls.back();
}

const GoFrame* waits_at(const Calls& calls) {
  for (const GoFrame* call : calls) {
    if (is_application_function(call->function)) return call;
  }
  for (const GoFrame* call : calls) {
    if (!is_waiting_function(call->function)) return call;
  }
  return calls.empty() ? nullptr : calls.back();
}

// Numbers that are equal for equal frames. A table may hold a frame more than once, and names can
// be too long to be part of every key.
class FrameNumbers {
 public:
  explicit FrameNumbers(const std::vector<GoFrame>& frames) : first_(frames.data()) {
    std::map<std::tuple<std::string_view, std::string_view, std::int64_t>, std::uint32_t> known;
    const auto number = [&](const GoFrame& frame, std::int64_t line) {
      const auto next = static_cast<std::uint32_t>(known.size());
      return known.try_emplace({frame.function, frame.file, line}, next).first->second;
    };
    for (const GoFrame& frame : frames) {
      constexpr std::int64_t kNoLine = -1;
      numbers_.push_back({number(frame, frame.line), number(frame, kNoLine)});
    }
  }

  std::uint32_t of_place(const GoFrame* frame) const { return of(frame).place; }
  std::uint32_t of_function(const GoFrame* frame) const { return of(frame).function; }

 private:
  struct Numbers {
    std::uint32_t place = UINT32_MAX;
    std::uint32_t function = UINT32_MAX;  // whatever the line
  };

  Numbers of(const GoFrame* frame) const { return frame ? numbers_[frame - first_] : Numbers{}; }

  const GoFrame* first_;
  std::vector<Numbers> numbers_;
};

class Grouping {
 public:
  Grouping(std::vector<GoFrame> frames, bool runtime_calls_hidden)
      : frames_(std::make_shared<const std::vector<GoFrame>>(std::move(frames))),
        numbers_(*frames_),
        runtime_calls_hidden_(runtime_calls_hidden) {}

  void add_sighting(const Sighting& sighting) {
    GoroutineGroup group = group_of(sighting);
    Key key{numbers_.of_place(group.created_by),
            numbers_.of_function(group.entry),
            numbers_.of_place(group.waits_at),
            group.waits_for,
            group.leaked,
            group.system};
    const auto [known, is_new] = places_.try_emplace(std::move(key), groups_.size());
    if (is_new) {
      groups_.push_back(std::move(group));
      return;
    }
    GoroutineGroup& before = groups_[known->second];
    add(before.count, group.count);
    before.longest_wait_minutes = std::max(before.longest_wait_minutes, group.longest_wait_minutes);
  }

  GoroutineProfile finish(std::int64_t total, bool truncated) {
    GoroutineProfile profile;
    profile.total = total;
    profile.truncated = truncated;
    std::erase_if(groups_, [](const GoroutineGroup& group) { return group.count == 0; });
    std::stable_sort(
        groups_.begin(), groups_.end(),
        [](const GoroutineGroup& a, const GoroutineGroup& b) { return a.count > b.count; });
    for (const GoroutineGroup& group : groups_) {
      add(group.system.empty() ? profile.application : profile.system, group.count);
    }
    profile.groups = std::move(groups_);
    profile.frames = frames_;
    return profile;
  }

 private:
  // Created, entry, waits at, waits for, leaked, system.
  using Key =
      std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::string, bool, std::string_view>;

  GoroutineGroup group_of(const Sighting& sighting) const {
    Calls calls;
    calls.reserve(sighting.stack.size());
    for (const std::uint32_t place : sighting.stack) calls.push_back(&(*frames_)[place]);
    // Only stacks of nothing else show it, under every other one it is left out.
    if (!calls.empty() && calls.back()->function == "runtime.goexit") calls.pop_back();

    GoroutineGroup group;
    group.count = sighting.count;
    if (sighting.created_by) group.created_by = &(*frames_)[*sighting.created_by];
    if (!sighting.outer_calls_missing) group.entry = entry_of(calls);
    group.waits_at = waits_at(calls);
    group.system = system_goroutine(calls, sighting.outer_calls_missing);
    if (calls.empty()) {
      group.waits_for = "runnable";
    } else if (sighting.status.empty()) {
      group.waits_for = wait_of_calls(calls, runtime_calls_hidden_);
    } else {
      group.waits_for = wait_of_status(sighting.status, calls);
    }
    group.status = sighting.status;
    group.leaked = sighting.leaked;
    group.longest_wait_minutes = sighting.minutes;
    group.example = std::move(calls);
    return group;
  }

  std::shared_ptr<const std::vector<GoFrame>> frames_;
  FrameNumbers numbers_;
  bool runtime_calls_hidden_;
  std::vector<GoroutineGroup> groups_;
  std::map<Key, std::size_t> places_;  // in groups_
};

// Stacks that differ only in their labels are one here, and a server may label every request.
class Stacks {
 public:
  void add_stack(GoStack stack, std::size_t calls, std::int64_t count) {
    deepest_ = std::max(deepest_, calls);
    Entry& entry = entries_[std::move(stack)];
    entry.calls = std::max(entry.calls, calls);
    add(entry.count, count);
  }

  void move_to(Grouping& grouping, bool leaked) const {
    for (const auto& [stack, entry] : entries_) {
      grouping.add_sighting({.count = entry.count,
                             .stack = stack,
                             .outer_calls_missing = may_be_cut(entry.calls),
                             .leaked = leaked});
    }
  }

 private:
  struct Entry {
    std::size_t calls = 0;
    std::int64_t count = 0;
  };

  // Go keeps the 128 innermost calls of a stack, before Go 1.23 the 32 innermost.
  bool may_be_cut(std::size_t calls) const {
    return calls == deepest_ && (calls == 32 || calls == 128);
  }

  std::map<GoStack, Entry> entries_;
  std::size_t deepest_ = 0;
};

constexpr std::string_view kLeaks = "goroutineleak";

std::optional<ParseError> check_kind(std::string_view kind) {
  if (kind == "goroutine" || kind == kLeaks) return std::nullopt;
  return ParseError{fmt::format("a profile of {}, not of goroutines", in_quotes(kind))};
}

}  // namespace

Parsed<GoroutineProfile> goroutine_profile(PprofProfile profile) {
  const std::string kind = profile.sample_types.at(0).type;
  if (auto error = check_kind(kind)) return *std::move(error);
  for (GoFrame& frame : profile.frames) {
    frame.function = with_short_type_arguments(frame.function);
  }
  Stacks stacks;
  for (PprofSample& sample : profile.samples) {
    const std::size_t calls = sample.stack.size();
    stacks.add_stack(std::move(sample.stack), calls, sample.values.at(0));
  }
  Grouping grouping(std::move(profile.frames), /*runtime_calls_hidden=*/false);
  stacks.move_to(grouping, kind == kLeaks);
  return grouping.finish(profile.totals.at(0), /*truncated=*/false);
}

Parsed<GoroutineProfile> goroutine_profile(GoroutineText text) {
  if (auto error = check_kind(text.kind)) return *std::move(error);
  Stacks stacks;
  for (GoroutineRecord& record : text.records) {
    stacks.add_stack(std::move(record.stack), record.addresses, record.count);
  }
  Grouping grouping(std::move(text.frames), /*runtime_calls_hidden=*/true);
  stacks.move_to(grouping, text.kind == kLeaks);
  return grouping.finish(text.total, text.truncated);
}

GoroutineProfile goroutine_profile(GoroutineDump dump) {
  Grouping grouping(std::move(dump.frames), /*runtime_calls_hidden=*/false);
  for (DumpedGoroutines& group : dump.groups) {
    grouping.add_sighting({.count = group.count,
                           .stack = group.stack,
                           .outer_calls_missing = group.outer_calls_missing,
                           .leaked = group.leaked,
                           .created_by = group.created_by,
                           .status = std::move(group.status),
                           .minutes = group.longest_wait_minutes});
  }
  return grouping.finish(dump.total, dump.truncated);
}

}  // namespace leakbench
