#include "runtime/control/beats.h"

namespace leakbench {

TimePoint Beats::record(TimePoint intended, TimePoint now) {
  const std::lock_guard guard(mutex_);
  for (; intended <= now; intended += kInterval) lateness_.record((now - intended).count());
  return intended;
}

Histogram Beats::lateness() const {
  const std::lock_guard guard(mutex_);
  return lateness_;
}

}  // namespace leakbench
