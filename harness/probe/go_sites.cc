#include "harness/probe/go_sites.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "harness/probe/go_function.h"
#include "harness/target/wording.h"

namespace leakbench {
namespace {

// A profile comes from a server, and what is made of it is printed and written to reports.
constexpr std::size_t kLongestName = 1'000;
constexpr std::size_t kLongestCall = 300;
constexpr std::size_t kMostCalls = 64;

struct GoPlaceKey {
  std::string_view function;
  std::string_view file;
  std::int64_t line = 0;

  auto operator<=>(const GoPlaceKey&) const = default;
};

GoPlaceKey key_of(const GoFrame* frame) {
  return frame ? GoPlaceKey{frame->function, frame->file, frame->line} : GoPlaceKey{};
}

// What a profile of leaked goroutines and any other one have in common.
struct LeakKey {
  std::string_view entry;
  GoPlaceKey waits_at;

  auto operator<=>(const LeakKey&) const = default;
};

LeakKey leak_key_of(const GoroutineGroup& group) {
  return {group.entry ? std::string_view(group.entry->function) : std::string_view(),
          key_of(group.waits_at)};
}

struct SiteKey {
  GoPlaceKey started;
  GoPlaceKey waits_at;
  bool system = false;

  auto operator<=>(const SiteKey&) const = default;
};

struct LeakCount {
  std::int64_t leaked = 0;
  std::int64_t live = 0;
  const SiteKey* only_site = nullptr;
  bool several_sites = false;
};

using LeakCounts = std::map<LeakKey, LeakCount>;

// "http.(*conn).serve" of "net/http.(*conn).serve".
std::string_view without_path(std::string_view function) {
  const std::size_t slash = function.substr(0, function.find('[')).rfind('/');
  return slash == std::string_view::npos ? function : function.substr(slash + 1);
}

std::string shown_call(const GoFrame& frame) {
  std::string call = frame.function;
  if (!frame.file.empty()) call += " " + frame.file + ":" + std::to_string(frame.line);
  return one_line(call, kLongestCall);
}

class SiteBuilder {
 public:
  explicit SiteBuilder(const GoroutineProfile& with_lines) {
    for (const GoFrame& frame : *with_lines.frames) {
      if (frame.function_line > 0) first_lines_.emplace(frame.function, frame.function_line);
    }
  }

  void add(const GoroutineGroup& group) {
    const SiteKey key{started(group), key_of(group.waits_at), !group.system.empty()};
    groups_[key].push_back(&group);
  }

  void prove(const GoroutineProfile& leaked) {
    for (const GoroutineGroup& group : leaked.groups) {
      leaks_[leak_key_of(group)].leaked += group.count;
    }
    for (const auto& [key, groups] : groups_) {
      for (const GoroutineGroup* group : groups) {
        const auto found = leaks_.find(leak_key_of(*group));
        if (found == leaks_.end()) continue;
        LeakCount& count = found->second;
        count.live += group->count;
        count.several_sites |= count.only_site && count.only_site != &key;
        count.only_site = &key;
      }
    }
  }

  std::vector<TaskSite> finish() {
    std::vector<TaskSite> sites;
    for (const auto& [key, groups] : groups_) {
      TaskSite proven = empty_site(key, *groups.front());
      TaskSite other = proven;
      proven.proven = true;
      for (const GoroutineGroup* group : groups) {
        const std::int64_t leaked = proven_of(*group);
        add_to(proven, *group, leaked);
        add_to(other, *group, group->count - leaked);
      }
      for (TaskSite* site : {&proven, &other}) {
        if (site->live > 0) sites.push_back(std::move(*site));
      }
    }
    std::stable_sort(sites.begin(), sites.end(),
                     [](const TaskSite& a, const TaskSite& b) { return a.live > b.live; });
    if (sites.size() > kMostGoSites) sites.resize(kMostGoSites);
    return sites;
  }

 private:
  GoPlaceKey started(const GoroutineGroup& group) const {
    const bool by_application =
        group.created_by && is_application_function(group.created_by->function);
    const bool runs_application = group.entry && is_application_function(group.entry->function);
    if (group.created_by && (by_application || !runs_application)) return key_of(group.created_by);
    if (!group.entry) return {};
    const auto first_line = first_lines_.find(group.entry->function);
    return {group.entry->function, group.entry->file,
            first_line == first_lines_.end() ? 0 : first_line->second};
  }

  static TaskSite empty_site(const SiteKey& key, const GoroutineGroup& largest) {
    TaskSite site;
    const std::string_view runs = largest.entry ? largest.entry->function : key.started.function;
    site.name = one_line(without_path(runs), kLongestName);
    site.function = one_line(key.started.function, kLongestName);
    site.file = one_line(key.started.file, kLongestName);
    site.line = key.started.line;
    site.system = key.system;
    if (const GoFrame* at = largest.waits_at) {
      site.waits_at = {one_line(at->function, kLongestName), one_line(at->file, kLongestName),
                       at->line};
    }
    const std::size_t calls = std::min(largest.example.size(), kMostCalls);
    for (std::size_t i = 0; i < calls; ++i) site.example.push_back(shown_call(*largest.example[i]));
    return site;
  }

  static void add_to(TaskSite& site, const GoroutineGroup& group, std::int64_t count) {
    if (count <= 0) return;
    site.live += count;
    site.waits[one_line(group.waits_for)] += count;
    constexpr std::int64_t kMinute = 60'000'000'000;
    if (group.longest_wait_minutes && *group.longest_wait_minutes < INT64_MAX / kMinute) {
      site.longest_wait_ns =
          std::max(site.longest_wait_ns, std::optional(*group.longest_wait_minutes * kMinute));
    }
  }

  // How many of these are leaked. Takes them away from what is left to be told of.
  std::int64_t proven_of(const GoroutineGroup& group) {
    const auto found = leaks_.find(leak_key_of(group));
    if (found == leaks_.end() || group.waits_for == "runnable") return 0;
    LeakCount& count = found->second;
    if (count.several_sites) return count.leaked >= count.live ? group.count : 0;
    const std::int64_t proven = std::min(count.leaked, group.count);
    count.leaked -= proven;
    return proven;
  }

  std::unordered_map<std::string_view, std::int64_t> first_lines_;  // by function
  std::map<SiteKey, std::vector<const GoroutineGroup*>> groups_;    // the largest first
  LeakCounts leaks_;
};

}  // namespace

TaskProfile go_task_profile(const GoroutineProfile& profile, const GoroutineProfile& with_lines,
                            const GoroutineProfile* leaked) {
  SiteBuilder builder(with_lines);
  for (const GoroutineGroup& group : profile.groups) builder.add(group);
  if (leaked) builder.prove(*leaked);
  TaskProfile tasks;
  tasks.live_tasks = profile.application;
  tasks.system_tasks = profile.system;
  tasks.sites = builder.finish();
  return tasks;
}

}  // namespace leakbench
