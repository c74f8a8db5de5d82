#include "runtime/time/timer_wheel.h"

#include <bit>

namespace leakbench {

void TimerWheel::insert(WheelEntry& entry, std::uint64_t tick) {
  entry.tick = tick;
  place(entry);
}

// An entry lives at the level of the highest digit in which its tick differs from now: everything
// above that digit is shared with now, so within a level the slots ahead are in order of time.
void TimerWheel::place(WheelEntry& entry) {
  if (entry.tick <= now_) {
    due_.push_back(entry);
    return;
  }
  const std::uint64_t difference = entry.tick ^ now_;
  if (difference >= kHorizon) {
    beyond_.push_back(entry);
    return;
  }
  const int level_index = (std::bit_width(difference) - 1) / kBitsPerLevel;
  const unsigned slot = digit(entry.tick, level_index);
  Level& level = levels_[level_index];
  level.slots[slot].push_back(entry);
  level.occupied[slot / 64] |= std::uint64_t{1} << (slot % 64);
}

void TimerWheel::replace_all(WheelEntryList& entries) {
  WheelEntryList moving;
  moving.splice_back(entries);
  while (WheelEntry* entry = moving.pop_front()) place(*entry);
}

std::optional<unsigned> TimerWheel::first_occupied(Level& level, unsigned from) {
  for (unsigned word = from / 64; word < level.occupied.size(); ++word) {
    std::uint64_t bits = level.occupied[word];
    if (word == from / 64) bits &= ~std::uint64_t{0} << (from % 64);
    while (bits != 0) {
      const unsigned slot = word * 64 + std::countr_zero(bits);
      if (!level.slots[slot].empty()) return slot;
      level.occupied[word] &= ~(std::uint64_t{1} << (slot % 64));
      bits &= bits - 1;
    }
  }
  return std::nullopt;
}

std::optional<std::uint64_t> TimerWheel::next_tick() {
  for (int i = 0; i < kLevels; ++i) {
    const unsigned here = digit(now_, i);
    if (here + 1 == kSlots) continue;
    if (const auto slot = first_occupied(levels_[i], here + 1)) {
      const int shift = kBitsPerLevel * i;
      const std::uint64_t above = (now_ >> shift) & ~std::uint64_t{kSlots - 1};
      return (above | *slot) << shift;
    }
  }
  if (!beyond_.empty()) return (now_ | (kHorizon - 1)) + 1;
  return std::nullopt;
}

void TimerWheel::advance(std::uint64_t tick) {
  while (now_ < tick) {
    const auto next = next_tick();
    if (!next || *next > tick) {
      now_ = tick;
      return;
    }
    now_ = *next;
    // Where a digit has just rolled over, what waited under it moves down; highest first, since an
    // entry may fall through several levels at once.
    if ((now_ & (kHorizon - 1)) == 0) replace_all(beyond_);
    for (int level = kLevels - 1; level >= 1; --level) {
      const std::uint64_t below = (std::uint64_t{1} << (kBitsPerLevel * level)) - 1;
      if ((now_ & below) == 0) replace_all(levels_[level].slots[digit(now_, level)]);
    }
    due_.splice_back(levels_[0].slots[digit(now_, 0)]);
  }
}

}  // namespace leakbench
