// Which requests leak: of any thousand in a row as many as were asked for, exactly.
#ifndef LEAKBENCH_SCENARIOS_PLANTED_LEAKS_LEAK_PLAN_H_
#define LEAKBENCH_SCENARIOS_PLANTED_LEAKS_LEAK_PLAN_H_

#include <atomic>
#include <cstdint>

namespace leakbench {

// Safe from any thread: what counts is the order in which requests ask.
class LeakPlan {
 public:
  // From none to all. What is less than one of a thousand is exact over a million in a row.
  explicit LeakPlan(std::int64_t per_million)
      : per_million_(static_cast<std::uint64_t>(per_million)) {}

  // Whether the next request leaks. They are spread as evenly as whole requests can be
  // (Bresenham 1965).
  bool next_leaks() {
    constexpr std::uint64_t kMillion = 1'000'000;
    const std::uint64_t request = requests_.fetch_add(1, std::memory_order_relaxed) % kMillion;
    return (request + 1) * per_million_ / kMillion > request * per_million_ / kMillion;
  }

 private:
  const std::uint64_t per_million_;
  std::atomic<std::uint64_t> requests_{0};
};

}  // namespace leakbench

#endif  // LEAKBENCH_SCENARIOS_PLANTED_LEAKS_LEAK_PLAN_H_
