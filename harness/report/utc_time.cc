#include "harness/report/utc_time.h"

#include <fmt/format.h>

#include <string_view>

namespace leakbench {
namespace {

using std::chrono::system_clock;

// `layout` takes year, month, day, hour, minute and second.
std::string format_fields(system_clock::time_point time, std::string_view layout) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return fmt::format(fmt::runtime(layout), static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace

std::string format_utc(system_clock::time_point time) {
  return format_fields(time, "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z");
}

std::string format_utc_compact(system_clock::time_point time) {
  return format_fields(time, "{:04}{:02}{:02}T{:02}{:02}{:02}Z");
}

}  // namespace leakbench
