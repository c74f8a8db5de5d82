#include "harness/run/drain.h"

#include <algorithm>

namespace leakbench {
namespace {

constexpr Duration kFirstPause = std::chrono::milliseconds(1);
constexpr Duration kLongestPause = std::chrono::milliseconds(50);
constexpr Duration kLongestApart = std::chrono::seconds(1);
constexpr int kReadingsToTrust = 3;
// Tasks of which some have ended so shortly ago are still ending.
constexpr Duration kStillEnding = std::chrono::milliseconds(500);

// A look that comes later than this was kept from its moment, by a machine that stood still.
Duration latest_check(const DrainPlan& plan) {
  constexpr Duration kLeastSlack = std::chrono::milliseconds(100);
  return plan.linger_after + std::max<Duration>(plan.linger_after / 2, kLeastSlack);
}

bool is_drained(const MetricsReading& reading, std::int64_t baseline) {
  return reading.live_tasks && *reading.live_tasks <= baseline &&
         reading.requests_in_flight.value_or(0) == 0;
}

}  // namespace

DrainResult wait_for_drain(const DrainPlan& plan, TimePoint last_response, const DrainWorld& world,
                           const std::optional<DrainLook>& first) {
  const Duration longest = plan.limit + plan.limit / 2;  // for tasks that are still ending
  DrainResult result;
  Duration pause = kFirstPause;
  int at_baseline = 0;
  std::optional<Duration> since_baseline;
  if (first && is_drained(first->reading, plan.baseline)) {
    at_baseline = 1;
    since_baseline = first->at - last_response;
  }
  bool checked = false;
  std::optional<std::int64_t> fewest;
  std::optional<Duration> last_fall;
  while (true) {
    const TimePoint asked = world.now();
    const MetricsReading reading = world.read();
    const TimePoint answered = world.now();
    const Duration elapsed = answered - last_response;
    if (reading.live_tasks) {
      result.drained = false;
      if (fewest && *reading.live_tasks < *fewest) last_fall = elapsed;
      fewest = std::min(fewest.value_or(*reading.live_tasks), *reading.live_tasks);
      if (is_drained(reading, plan.baseline)) {
        if (at_baseline++ == 0) since_baseline = elapsed;
      } else {
        at_baseline = 0;
      }
      if (elapsed >= plan.linger_after && !checked) {
        checked = true;
        const bool late = asked - last_response > latest_check(plan);
        const bool gone_before = at_baseline > 0 && *since_baseline < plan.linger_after;
        // Whether what is gone now was there at the check, a late look cannot tell.
        if (!late || gone_before || *reading.live_tasks > plan.baseline) {
          result.live_at_linger_check = *reading.live_tasks;
        }
      }
    }
    if (at_baseline >= kReadingsToTrust) {
      result.drained = true;
      result.drain_time = since_baseline;
      // Nothing sends any more: what is gone now is gone at the check too.
      if (!checked) result.live_at_linger_check = reading.live_tasks;
      return result;
    }
    const bool ending = last_fall && elapsed - *last_fall < kStillEnding;
    if (elapsed >= (ending ? longest : plan.limit)) return result;
    // Never past the moment of the check, nor past the end of the window.
    Duration until_event = (elapsed < plan.limit ? plan.limit : longest) - elapsed;
    if (elapsed < plan.linger_after)
      until_event = std::min(until_event, plan.linger_after - elapsed);
    // A server that takes long to count must not spend the round on it.
    const Duration apart = std::max(pause, std::min(4 * (answered - asked), kLongestApart));
    if (!world.sleep(std::min(apart, until_event))) return result;
    pause = std::min(2 * pause, kLongestPause);
  }
}

}  // namespace leakbench
