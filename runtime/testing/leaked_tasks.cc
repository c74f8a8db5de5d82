#include "runtime/testing/leaked_tasks.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "runtime/time/duration.h"

namespace leakbench::internal {
namespace {

// More than these are counted, not named: nobody reads on.
constexpr std::size_t kMostGroups = 10;

struct Counts {
  std::uint64_t started = 0;
  std::int64_t live = 0;
};

Counts count_tasks(Scheduler& scheduler, AllowList& allowed) {
  Counts counts;
  for (const SiteProfile& profile : scheduler.profile()) {
    if (profile.site.kind != TaskKind::kApplication || allowed.allows(profile.site)) continue;
    counts.started += profile.started;
    counts.live += profile.live;
  }
  return counts;
}

std::string place_of(const SiteInfo& site) { return fmt::format("{}:{}", site.file, site.line); }

// Where a task comes from and where it stands: what tasks that leak for one reason have in common.
std::string description_of(const TaskInfo& info) {
  std::string text = fmt::format("spawned at {}", place_of(info.site));
  if (!info.site.name.empty()) text += fmt::format(" ({})", info.site.name);
  if (info.waiting == WaitReason::kNone) return text + ", runnable";
  return text + fmt::format(", waiting for {} at {}:{}", to_string(info.waiting), info.wait_file,
                            info.wait_line);
}

struct Group {
  std::size_t tasks = 0;
  Duration oldest{};
};

// By description_of(), the largest first.
std::vector<std::pair<std::string, Group>> group(const std::vector<TaskInfo>& tasks) {
  std::map<std::string, Group> by_description;
  for (const TaskInfo& info : tasks) {
    Group& group = by_description[description_of(info)];
    ++group.tasks;
    group.oldest = std::max(group.oldest, info.age);
  }
  std::vector<std::pair<std::string, Group>> groups(by_description.begin(), by_description.end());
  std::stable_sort(groups.begin(), groups.end(),
                   [](const auto& a, const auto& b) { return a.second.tasks > b.second.tasks; });
  return groups;
}

// Whether `place` is `entry`, or ends with it behind a slash.
bool is_place(std::string_view place, std::string_view entry) {
  if (!place.ends_with(entry)) return false;
  return place.size() == entry.size() || place[place.size() - entry.size() - 1] == '/';
}

}  // namespace

Census take_census(Scheduler& scheduler, AllowList& allowed) {
  Census census;
  const Counts before = count_tasks(scheduler, allowed);
  census.tasks = scheduler.list_tasks(std::numeric_limits<std::size_t>::max());
  std::erase_if(census.tasks, [&](const TaskInfo& info) {
    return info.site.kind != TaskKind::kApplication || allowed.allows(info.site);
  });
  const Counts after = count_tasks(scheduler, allowed);
  census.complete = after.started == before.started &&
                    after.live == static_cast<std::int64_t>(census.tasks.size());
  return census;
}

AllowList::AllowList(std::vector<std::string> entries)
    : entries_(std::move(entries)), used_(entries_.size()) {
  if (std::any_of(entries_.begin(), entries_.end(), [](const auto& e) { return e.empty(); })) {
    throw std::invalid_argument(
        "expect_no_leaked_tasks: an empty entry in `allow` allows every task");
  }
}

bool AllowList::allows(const SiteInfo& site) {
  const std::string place = place_of(site);
  bool allowed = false;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (site.name == entries_[i] || is_place(place, entries_[i]) ||
        site.function.find(entries_[i]) != std::string::npos) {
      used_[i] = allowed = true;
    }
  }
  return allowed;
}

std::vector<std::string> AllowList::unused() const {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (!used_[i]) result.push_back(entries_[i]);
  }
  return result;
}

std::string describe_leaks(const std::vector<TaskInfo>& leaks) {
  const auto groups = group(leaks);
  std::string text;
  std::size_t named = 0;
  for (std::size_t i = 0; i < std::min(groups.size(), kMostGroups); ++i) {
    const auto& [description, group] = groups[i];
    text += fmt::format("\n  {} x {}, oldest {}", group.tasks, description,
                        format_duration(group.oldest));
    named += group.tasks;
  }
  if (groups.size() > kMostGroups) {
    const std::size_t rest = groups.size() - kMostGroups;
    text += fmt::format("\n  and {} more in {} {}", leaks.size() - named, rest,
                        rest == 1 ? "group" : "groups");
  }
  return text;
}

}  // namespace leakbench::internal
