// Spawn sites and their counters: what makes "how many tasks are alive, and where were they
// started?" a read of a few numbers, whatever the number of tasks.
#ifndef LEAKBENCH_RUNTIME_TASK_SITE_H_
#define LEAKBENCH_RUNTIME_TASK_SITE_H_

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <source_location>
#include <string>
#include <vector>

#include "runtime/task/wait_reason.h"

namespace leakbench {

// Whether a task is the service's own work, or the runtime's (listener, connection, heartbeat).
// Only the former can leak, and only they count as live tasks.
enum class TaskKind : std::uint8_t { kApplication, kSystem };

class Site;

// One worker's share of a site's counters. Written by that worker alone, read by anybody: plain
// loads and stores, no locked instruction. Shares may be negative; only the sum means something.
struct alignas(64) SiteShard {
  Site* site = nullptr;
  std::atomic<std::uint64_t> started{0};
  std::atomic<std::int64_t> live{0};
  std::array<std::atomic<std::int64_t>, kWaitReasons> waiting{};

  template <typename Count>
  static void add(std::atomic<Count>& counter, std::int64_t delta) {
    counter.store(counter.load(std::memory_order_relaxed) + delta, std::memory_order_relaxed);
  }
};

// A place in the source that starts tasks. Lives as long as its table.
class Site {
 public:
  Site(std::source_location location, std::string name, TaskKind kind, std::size_t shards);
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  const std::source_location& location() const { return location_; }
  const std::string& name() const { return name_; }
  TaskKind kind() const { return kind_; }

  SiteShard& shard(std::size_t index) { return shards_[index]; }

  std::uint64_t started() const;
  std::int64_t live() const;
  std::int64_t waiting(WaitReason reason) const;

 private:
  const std::source_location location_;
  const std::string name_;
  const TaskKind kind_;
  std::vector<SiteShard> shards_;
};

// All sites of a scheduler. Thread-safe; find() takes a lock, so workers cache what it returns.
class SiteTable {
 public:
  explicit SiteTable(std::size_t shards) : shards_(shards) {}

  Site& find(const std::source_location& location, const char* name, TaskKind kind);

  // Every site there is, in the order of their first use.
  std::vector<Site*> all();

 private:
  const std::size_t shards_;
  std::mutex mutex_;
  std::deque<Site> sites_;  // addresses stay valid
};

// The few sites one thread uses, found without a lock. Not thread-safe.
class SiteCache {
 public:
  Site& find(SiteTable& table, const std::source_location& location, const char* name,
             TaskKind kind) {
    const void* const place = place_of(location);
    Entry& entry = entries_[(reinterpret_cast<std::uintptr_t>(place) >> 3) % kEntries];
    // By address: a name or place that stands at two addresses only costs a second entry.
    if (entry.place != place || entry.name != name || entry.kind != kind) [[unlikely]] {
      entry = {place, name, kind, &table.find(location, name, kind)};
    }
    return *entry.site;
  }

 private:
  struct Entry {
    const void* place = nullptr;
    const char* name = nullptr;
    TaskKind kind = TaskKind::kApplication;
    Site* site = nullptr;
  };

  // What a location points at: one static object per place in the source.
  static const void* place_of(const std::source_location& location) {
    static_assert(sizeof(location) == sizeof(const void*));
    return std::bit_cast<const void*>(location);
  }

  static constexpr std::size_t kEntries = 64;
  std::array<Entry, kEntries> entries_{};
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_TASK_SITE_H_
