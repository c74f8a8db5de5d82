// A number that only grows, with the name that Prometheus knows it by.
#ifndef LEAKBENCH_RUNTIME_STATS_COUNTER_H_
#define LEAKBENCH_RUNTIME_STATS_COUNTER_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>

namespace leakbench {

// Safe from any thread.
class Counter {
 public:
  // `name` is a Prometheus series: "leakbench_scenario_retries_total".
  Counter(std::string name, std::string help) : name_(std::move(name)), help_(std::move(help)) {}

  void add(std::int64_t amount) { value_.fetch_add(amount, std::memory_order_relaxed); }

  const std::string& name() const { return name_; }
  const std::string& help() const { return help_; }
  std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  const std::string name_;
  const std::string help_;
  std::atomic<std::int64_t> value_{0};
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_STATS_COUNTER_H_
