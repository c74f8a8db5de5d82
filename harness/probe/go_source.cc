#include "harness/probe/go_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/probe/go_sites.h"

namespace leakbench {
namespace {

constexpr int kFound = 200;
constexpr int kNotFound = 404;

// Counts below zero are those of a difference of two profiles, which nobody has asked for.
Parsed<GoroutineProfile> checked(Parsed<GoroutineProfile> profile) {
  if (!profile) return profile;
  if (profile->truncated) return ParseError{"a profile that is cut"};
  const bool negative = std::any_of(profile->groups.begin(), profile->groups.end(),
                                    [](const GoroutineGroup& group) { return group.count < 0; });
  if (negative) return ParseError{"a profile with counts below zero"};
  return profile;
}

Parsed<GoroutineProfile> profile_of_binary(const std::string& body) {
  auto decoded = parse_pprof(body);
  if (!decoded) return ParseError{decoded.error()};
  return checked(goroutine_profile(*std::move(decoded)));
}

Parsed<GoroutineProfile> profile_of_text(const std::string& body) {
  auto parsed = parse_goroutine_text(body);
  if (!parsed) return ParseError{parsed.error()};
  return checked(goroutine_profile(*std::move(parsed)));
}

Parsed<GoroutineProfile> profile_of(const ControlReply& reply,
                                    Parsed<GoroutineProfile> (*parse)(const std::string&)) {
  if (reply.status != kFound) return ParseError{why_no_answer(reply)};
  return parse(reply.body);
}

}  // namespace

GoSource::GoSource(std::uint16_t control_port, const MetricsSourceSpec& spec, ReadingPace pace,
                   const Clock& clock, Limits limits)
    : limits_(limits),
      goroutines_path_(spec.pprof_path + "/goroutine"),
      text_path_(spec.pprof_path + "/goroutine?debug=1"),
      dump_path_(spec.pprof_path + "/goroutine?debug=2"),
      leaks_path_(spec.pprof_path + "/goroutineleak"),
      heap_path_(spec.pprof_path + "/heap?debug=1"),
      collect_path_(spec.pprof_path + "/heap?gc=1"),
      expvar_path_(spec.expvar_path),
      pacer_(pace, clock),
      client_(control_port, limits.reading) {}

MetricsReading GoSource::read() {
  MetricsReading reading;
  if (!pacer_.may_read()) return reading;
  pacer_.begin();
  if (const auto profile = goroutines()) {
    reading.live_tasks = profile->application;
    reading.system_tasks = profile->system;
  }
  // One that hangs is not asked twice in one reading.
  if (const auto memory = reachable_ ? this->memory() : std::nullopt) {
    reading.heap_in_use_bytes = memory->heap_alloc_bytes;
    reading.gc_cycles_total = memory->gc_cycles;
    reading.gc_pause_total_ns = memory->gc_pause_total_ns;
  }
  pacer_.end();
  return reading;
}

std::optional<TaskProfile> GoSource::task_profile() {
  const auto profile = goroutines();
  if (!profile) return std::nullopt;
  return sites(*profile, *profile, nullptr);
}

std::optional<TaskProfile> GoSource::full_task_profile() {
  const auto profile = goroutines();
  if (!profile) return std::nullopt;
  const auto dump = dumped_goroutines(profile->total);
  const auto leaked = reachable_ ? leaked_goroutines() : std::nullopt;
  return sites(dump ? *dump : *profile, *profile, leaked ? &*leaked : nullptr);
}

void GoSource::collect_garbage() {
  const ControlReply reply = ask(collect_path_, limits_.full);
  if (reply.status != kFound) problems_.add(collect_path_, reply);
}

ControlReply GoSource::ask(const std::string& path, ControlClient::Limits limits) {
  ControlReply reply = client_.get(path, limits);
  reachable_ = reply.status != 0;
  return reply;
}

std::optional<GoroutineProfile> GoSource::goroutines() {
  std::string why_text;
  if (!only_text_) {
    const ControlReply reply = ask(goroutines_path_, limits_.reading);
    auto profile = profile_of(reply, &profile_of_binary);
    if (profile) return *std::move(profile);
    if (!reachable_ || reply.status == kNotFound) {
      problems_.add(goroutines_path_, reply);
      return std::nullopt;
    }
    why_text = profile.error();
  }
  auto profile = profile_of(ask(text_path_, limits_.reading), &profile_of_text);
  if (!profile) {
    problems_.add(goroutines_path_, only_text_ ? "with debug=1: " + profile.error()
                                               : why_text + "; with debug=1: " + profile.error());
    return std::nullopt;
  }
  if (!std::exchange(only_text_, true)) {
    problems_.add(goroutines_path_,
                  why_text +
                      "; read with debug=1 instead, which does not say what goroutines in "
                      "channel operations and selects wait for");
  }
  return *std::move(profile);
}

std::optional<GoroutineProfile> GoSource::dumped_goroutines(std::int64_t expected) {
  if (expected > limits_.dumped_goroutines) {
    problems_.add(dump_path_, fmt::format("not asked of {} goroutines, for with more than {} it "
                                          "stops the server for seconds: no `go` statements, no "
                                          "waiting times",
                                          expected, limits_.dumped_goroutines));
    return std::nullopt;
  }
  const ControlReply reply = ask(dump_path_, limits_.full);
  if (reply.status != kFound) {
    problems_.add(dump_path_, reply);
    return std::nullopt;
  }
  auto dump = parse_goroutine_dump(reply.body);
  if (!dump) {
    problems_.add(dump_path_, dump.error());
    return std::nullopt;
  }
  if (dump->truncated) {
    problems_.add(dump_path_, fmt::format("a dump that is cut after {} of {} goroutines: no `go` "
                                          "statements, no waiting times",
                                          dump->total, expected));
    return std::nullopt;
  }
  return goroutine_profile(*std::move(dump));
}

std::optional<GoroutineProfile> GoSource::leaked_goroutines() {
  if (!has_leaks_) return std::nullopt;
  const ControlReply reply = ask(leaks_path_, limits_.full);
  // Go before 1.27 does not have it, 1.26 only when it was built as an experiment: no problem.
  has_leaks_ = reply.status != kNotFound;
  if (!has_leaks_) return std::nullopt;
  auto profile = profile_of(reply, &profile_of_binary);
  if (profile) return *std::move(profile);
  if (reply.status == kFound) {
    problems_.add(leaks_path_, profile.error());
  } else {
    problems_.add(leaks_path_, reply);
  }
  return std::nullopt;
}

std::optional<GoMemory> GoSource::memory() {
  if (has_expvar_) {
    const ControlReply reply = ask(expvar_path_, limits_.reading);
    if (!reachable_) {
      problems_.add(expvar_path_, reply);
      return std::nullopt;
    }
    if (reply.status == kFound) {
      const auto memory = parse_expvar_memory(reply.body);
      if (memory) return *memory;
      problems_.add(expvar_path_, memory.error());
    } else if (reply.status != kNotFound) {
      problems_.add(expvar_path_, reply);
    }
    has_expvar_ = false;
  }
  const ControlReply reply = ask(heap_path_, limits_.reading);
  if (reply.status != kFound) {
    problems_.add(heap_path_, reply);
    return std::nullopt;
  }
  const auto memory = parse_heap_memory(reply.body);
  if (memory) return *memory;
  problems_.add(heap_path_, memory.error());
  return std::nullopt;
}

TaskProfile GoSource::sites(const GoroutineProfile& profile, const GoroutineProfile& with_lines,
                            const GoroutineProfile* leaked) {
  TaskProfile tasks = go_task_profile(profile, with_lines, leaked);
  if (tasks.sites.size() == kMostGoSites) {
    problems_.add(
        goroutines_path_,
        fmt::format("goroutines of {} or more kinds; the largest are shown", kMostGoSites));
  }
  return tasks;
}

}  // namespace leakbench
