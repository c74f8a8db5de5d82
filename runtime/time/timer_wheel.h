// Hierarchical timer wheel (Varghese and Lauck 1987): insert and remove in constant time whatever
// the number of timers, which is what deadlines need, since most of them are cancelled.
#ifndef LEAKBENCH_RUNTIME_TIME_TIMER_WHEEL_H_
#define LEAKBENCH_RUNTIME_TIME_TIMER_WHEEL_H_

#include <array>
#include <cstdint>
#include <optional>

#include "runtime/base/intrusive_list.h"

namespace leakbench {

struct TimerListTag;

// What the wheel links. Its owner keeps it alive and in place while it is linked.
struct WheelEntry : ListHook<TimerListTag> {
  std::uint64_t tick = 0;  // when it is due; set by insert()
};

using WheelEntryList = IntrusiveList<WheelEntry, TimerListTag>;

// Pure data structure on an abstract tick count; no clock, no lock, no callbacks.
class TimerWheel {
 public:
  explicit TimerWheel(std::uint64_t start_tick = 0) : now_(start_tick) {}

  std::uint64_t now() const { return now_; }

  // Links `entry` for `tick`; one that is due already goes straight to due().
  void insert(WheelEntry& entry, std::uint64_t tick);

  // Takes a linked entry off again, wherever it is, including due().
  void remove(WheelEntry& entry) { entry.unlink(); }

  // Moves time on to `tick` and every entry due by then to due(), in the order of their ticks.
  void advance(std::uint64_t tick);

  // Entries that are due and not yet taken; the caller pops them.
  WheelEntryList& due() { return due_; }

  // The next tick at which advance() has something to do: never later than the earliest entry, and
  // earlier only where entries must move down a level. nullopt when nothing waits. An entry in
  // due() does not count.
  std::optional<std::uint64_t> next_tick();

 private:
  static constexpr int kBitsPerLevel = 8;
  static constexpr int kLevels = 4;
  static constexpr unsigned kSlots = 1u << kBitsPerLevel;
  static constexpr std::uint64_t kHorizon = std::uint64_t{1} << (kBitsPerLevel * kLevels);

  struct Level {
    std::array<WheelEntryList, kSlots> slots;
    // A set bit may be stale (its slot emptied by remove()); a clear bit never lies.
    std::array<std::uint64_t, kSlots / 64> occupied{};
  };

  void place(WheelEntry& entry);
  void replace_all(WheelEntryList& entries);
  unsigned digit(std::uint64_t tick, int level) const {
    return (tick >> (kBitsPerLevel * level)) & (kSlots - 1);
  }
  static std::optional<unsigned> first_occupied(Level& level, unsigned from);

  std::uint64_t now_;
  std::array<Level, kLevels> levels_;
  WheelEntryList beyond_;  // due after the horizon of the highest level
  WheelEntryList due_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_TIME_TIMER_WHEEL_H_
