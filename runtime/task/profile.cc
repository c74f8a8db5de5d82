#include "runtime/task/profile.h"

#include <algorithm>

namespace leakbench {
namespace {

// Inside a coroutine g++ names the function with the mangled type of its frame as the argument:
// "f(_Z1fv.Frame*)". What people wrote is what stands before.
std::string readable_function(std::string name) {
  if (!name.ends_with(".Frame*)")) return name;
  int depth = 0;
  for (std::size_t i = name.size(); i-- > 0;) {
    if (name[i] == ')') ++depth;
    if (name[i] == '(' && --depth == 0) return name.substr(0, i);
  }
  return name;
}

}  // namespace

SiteInfo describe(const Site& site) {
  return {site.name(), site.location().file_name(), site.location().line(),
          readable_function(site.location().function_name()), site.kind()};
}

SiteProfile profile_of(const Site& site) {
  SiteProfile profile{describe(site), site.live(), site.started(), {}};
  std::int64_t rest = profile.live;
  for (std::size_t i = 1; i < kWaitReasons; ++i) {
    const auto reason = static_cast<WaitReason>(i);
    // The counters are read one by one while tasks go on: a sum may be off by what moved meanwhile.
    const std::int64_t count = std::max<std::int64_t>(site.waiting(reason), 0);
    if (count > 0) profile.waits.emplace_back(reason, count);
    rest -= count;
  }
  if (rest > 0) profile.waits.emplace_back(WaitReason::kNone, rest);
  return profile;
}

TaskInfo describe(const TaskRecord& record, TimePoint now) {
  TaskInfo info;
  info.id = record.id;
  info.parent_id = record.parent_id;
  info.site = describe(*record.shard->site);
  info.waiting = record.waiting;
  info.age = now - record.born;
  info.frame_bytes = record.frame_bytes;
  if (record.waiting != WaitReason::kNone) {
    info.wait_file = record.wait_location.file_name();
    info.wait_line = record.wait_location.line();
    info.waiting_for = now - record.waiting_since;
  }
  return info;
}

}  // namespace leakbench
