#include "runtime/task/site.h"

#include <cstring>

namespace leakbench {

Site::Site(std::source_location location, std::string name, TaskKind kind, std::size_t shards)
    : location_(location), name_(std::move(name)), kind_(kind), shards_(shards) {
  for (SiteShard& shard : shards_) shard.site = this;
}

std::uint64_t Site::started() const {
  std::uint64_t sum = 0;
  for (const SiteShard& shard : shards_) sum += shard.started.load(std::memory_order_relaxed);
  return sum;
}

std::int64_t Site::live() const {
  std::int64_t sum = 0;
  for (const SiteShard& shard : shards_) sum += shard.live.load(std::memory_order_relaxed);
  return sum;
}

std::int64_t Site::waiting(WaitReason reason) const {
  std::int64_t sum = 0;
  for (const SiteShard& shard : shards_) {
    sum += shard.waiting[static_cast<std::size_t>(reason)].load(std::memory_order_relaxed);
  }
  return sum;
}

Site& SiteTable::find(const std::source_location& location, const char* name, TaskKind kind) {
  std::lock_guard guard(mutex_);
  for (Site& site : sites_) {
    if (site.kind() == kind && site.location().line() == location.line() && site.name() == name &&
        std::strcmp(site.location().file_name(), location.file_name()) == 0) {
      return site;
    }
  }
  return sites_.emplace_back(location, name, kind, shards_);
}

std::vector<Site*> SiteTable::all() {
  std::lock_guard guard(mutex_);
  std::vector<Site*> result;
  for (Site& site : sites_) result.push_back(&site);
  return result;
}

}  // namespace leakbench
