#include "harness/probe/task_profile_json.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "harness/probe/json_fields.h"

namespace leakbench {
namespace {

using nlohmann::json;

// Name, file, line, function: two tasks of one site agree in all.
using SpawnKey = std::tuple<std::string, std::string, std::int64_t, std::string>;
using WaitPlace = std::pair<std::string, std::int64_t>;

SpawnKey spawn_key(const json& site) {
  return {text_of(site, "name"), text_of(site, "file"), count_of(site, "line").value_or(0),
          text_of(site, "function")};
}

SpawnKey spawn_key(const TaskSite& site) {
  return {site.name, site.file, site.line, site.function};
}

std::optional<TaskSite> parse_site(const json& value) {
  const auto live = count_of(value, "live");
  if (!live) return std::nullopt;
  TaskSite site;
  std::tie(site.name, site.file, site.line, site.function) = spawn_key(value);
  site.system = text_of(value, "kind") == "system";
  site.live = *live;
  site.started = count_of(value, "started").value_or(0);
  if (const json* waits = member(value, "waits"); waits && waits->is_object()) {
    for (const auto& [reason, tasks] : waits->items()) {
      if (const auto count = as_count(tasks)) site.waits[reason] = *count;
    }
  }
  return site;
}

TaskProfile profile_of(const json& document) {
  TaskProfile profile;
  profile.live_tasks = count_of(document, "live_tasks");
  profile.system_tasks = count_of(document, "system_tasks");
  profile.started_total = count_of(document, "started_total");
  if (const json* sites = member(document, "sites"); sites && sites->is_array()) {
    for (const json& value : *sites) {
      if (auto site = parse_site(value)) profile.sites.push_back(std::move(*site));
    }
  }
  return profile;
}

// What the tasks of one site that wait at one place have in common.
struct WaitGroup {
  std::int64_t tasks = 0;
  std::int64_t frame_bytes = 0;
  std::map<std::string, std::int64_t> waits;
  std::optional<std::int64_t> longest_wait_ns;
  const json* example = nullptr;  // the one that has waited longest
};

class TaskList {
 public:
  explicit TaskList(const json& tasks) {
    for (const json& task : tasks) {
      const json* site = member(task, "site");
      if (!site) continue;
      if (const auto id = count_of(task, "id")) by_id_.emplace(*id, &task);
      add(groups_[spawn_key(*site)][wait_place(task)], task);
    }
  }

  // Of a site by the counts, those that the list can make of it, the largest first.
  std::vector<TaskSite> split(const TaskSite& site) const {
    const auto found = groups_.find(spawn_key(site));
    if (found == groups_.end()) return {site};
    std::vector<TaskSite> parts;
    for (const auto& [place, group] : found->second) {
      TaskSite part = site;
      part.live = group.tasks;
      part.waits = group.waits;
      part.bytes = group.frame_bytes;
      if (found->second.size() > 1) part.started = 0;  // of all parts together
      describe(part, place, group);
      parts.push_back(std::move(part));
    }
    std::stable_sort(parts.begin(), parts.end(),
                     [](const TaskSite& a, const TaskSite& b) { return a.live > b.live; });
    return parts;
  }

  // Of a site whose tasks are not all in the list: where most of those wait.
  TaskSite described(TaskSite site) const {
    const auto found = groups_.find(spawn_key(site));
    if (found == groups_.end()) return site;
    const auto largest = std::max_element(
        found->second.begin(), found->second.end(),
        [](const auto& a, const auto& b) { return a.second.tasks < b.second.tasks; });
    describe(site, largest->first, largest->second);
    for (const auto& [place, group] : found->second) {
      site.longest_wait_ns = std::max(site.longest_wait_ns, group.longest_wait_ns);
    }
    return site;
  }

 private:
  static WaitPlace wait_place(const json& task) {
    return {text_of(task, "wait_file"), count_of(task, "wait_line").value_or(0)};
  }

  static void add(WaitGroup& group, const json& task) {
    ++group.tasks;
    ++group.waits[text_of(task, "waits_for")];
    const std::int64_t bytes = count_of(task, "frame_bytes").value_or(0);
    if (__builtin_add_overflow(group.frame_bytes, bytes, &group.frame_bytes)) {
      group.frame_bytes = INT64_MAX;
    }
    const auto waiting = count_of(task, "waiting_ns");
    if (!group.example || waiting > group.longest_wait_ns) group.example = &task;
    group.longest_wait_ns = std::max(group.longest_wait_ns, waiting);
  }

  void describe(TaskSite& site, const WaitPlace& place, const WaitGroup& group) const {
    if (!place.first.empty()) site.waits_at = CodePlace{"", place.first, place.second};
    site.longest_wait_ns = group.longest_wait_ns;
    site.example = example(*group.example);
  }

  // Where it waits, where it was started, and where those were that started one another, as far as
  // they are still alive and listed.
  std::vector<std::string> example(const json& task) const {
    constexpr std::size_t kMostCalls = 16;
    std::vector<std::string> calls;
    if (const auto [file, line] = wait_place(task); !file.empty()) {
      calls.push_back(text_of(task, "waits_for") + " " + file + ":" + std::to_string(line));
    }
    for (const json* at = &task; at && calls.size() < kMostCalls;) {
      const auto [name, file, line, function] = spawn_key(*member(*at, "site"));
      calls.push_back((name.empty() ? "task" : name) + ", started by " + function + " " + file +
                      ":" + std::to_string(line));
      const auto parent = by_id_.find(count_of(*at, "parent_id").value_or(0));
      at = parent == by_id_.end() ? nullptr : parent->second;
    }
    return calls;
  }

  std::unordered_map<std::int64_t, const json*> by_id_;
  std::map<SpawnKey, std::map<WaitPlace, WaitGroup>> groups_;
};

}  // namespace

std::optional<TaskProfile> parse_task_profile(const std::string& text) {
  const auto document = parse_control_document(text, "leakbench/tasks");
  if (!document) return std::nullopt;
  return profile_of(*document);
}

std::optional<TaskProfile> parse_full_task_profile(const std::string& text) {
  const auto document = parse_control_document(text, "leakbench/tasks");
  if (!document) return std::nullopt;
  TaskProfile profile = profile_of(*document);
  const json* tasks = member(*document, "tasks");
  if (!tasks || !tasks->is_array()) return profile;
  const TaskList list(*tasks);
  const json* truncated = member(*document, "truncated");
  const bool whole = truncated && truncated->is_boolean() && !truncated->get<bool>();
  std::vector<TaskSite> sites;
  for (TaskSite& site : profile.sites) {
    if (!whole) {
      sites.push_back(list.described(std::move(site)));
      continue;
    }
    for (TaskSite& part : list.split(site)) sites.push_back(std::move(part));
  }
  profile.sites = std::move(sites);
  return profile;
}

}  // namespace leakbench
