#include "harness/probe/pause_window.h"

#include <algorithm>
#include <cmath>

namespace leakbench {

std::optional<PauseWindow> PauseWindow::between(const PauseSnapshot& before,
                                                const PauseSnapshot& after) {
  if (after.count < before.count || after.max_ns < before.max_ns) return std::nullopt;
  PauseWindow window;
  auto old = before.buckets.begin();
  const auto skip_empty = [&] {
    while (old != before.buckets.end() && old->count == 0) ++old;
  };
  skip_empty();
  for (const PauseBucket& bucket : after.buckets) {
    std::int64_t earlier = 0;
    if (old != before.buckets.end() && old->upper_bound_ns == bucket.upper_bound_ns) {
      earlier = old->count;
      ++old;
      skip_empty();
    }
    if (bucket.count < earlier) return std::nullopt;
    if (bucket.count == earlier) continue;
    window.buckets_.push_back({bucket.upper_bound_ns, bucket.count - earlier});
    window.count_ += bucket.count - earlier;
  }
  // Buckets may be left out while they are empty, but one that held something cannot vanish.
  if (old != before.buckets.end()) return std::nullopt;
  if (!window.buckets_.empty()) {
    // A new maximum was reached inside the window and is exact; an old one is only a bound.
    const std::int64_t bound = window.buckets_.back().upper_bound_ns;
    window.max_ns_ = after.max_ns > before.max_ns ? after.max_ns : std::min(bound, after.max_ns);
  }
  return window;
}

std::optional<std::int64_t> PauseWindow::percentile_ns(double percent) const {
  if (count_ == 0) return std::nullopt;
  const double wanted =
      std::ceil(std::clamp(percent, 0.0, 100.0) / 100 * static_cast<double>(count_));
  std::int64_t seen = 0;
  for (const PauseBucket& bucket : buckets_) {
    seen += bucket.count;
    if (static_cast<double>(seen) >= wanted) return std::min(bucket.upper_bound_ns, max_ns_);
  }
  return max_ns_;
}

std::optional<std::int64_t> PauseWindow::max_ns() const {
  if (count_ == 0) return std::nullopt;
  return max_ns_;
}

}  // namespace leakbench
