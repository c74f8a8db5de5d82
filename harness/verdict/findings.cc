#include "harness/verdict/findings.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "harness/verdict/median.h"
#include "harness/verdict/site_growth.h"

namespace leakbench {
namespace {

using std::chrono::nanoseconds;

// Median of one number over those that have it.
template <typename Item, typename Get>
std::optional<double> median_over(std::span<const Item> items, Get get) {
  std::vector<double> values;
  for (const Item& item : items) {
    if (const std::optional<double> value = get(item)) values.push_back(*value);
  }
  return median(std::move(values));
}

std::optional<double> as_double(const std::optional<std::int64_t>& value) {
  return value ? std::optional<double>(static_cast<double>(*value)) : std::nullopt;
}

std::vector<SiteGrowth> median_sites(std::span<const Findings> all) {
  std::map<std::string, std::vector<SiteGrowth>> by_key;
  for (const Findings& findings : all) {
    for (const SiteGrowth& site : findings.sites) by_key[site.key].push_back(site);
  }
  std::vector<SiteGrowth> sites;
  for (const auto& [key, found] : by_key) {
    const std::span<const SiteGrowth> those(found);
    SiteGrowth site;
    site.key = key;
    site.settled = std::llround(*median_over(those, [](const SiteGrowth& s) {
      return std::optional<double>(static_cast<double>(s.settled));
    }));
    site.growth_per_round =
        median_over(those, [](const SiteGrowth& s) { return s.growth_per_round; });
    site.proven =
        std::any_of(found.begin(), found.end(), [](const SiteGrowth& s) { return s.proven; });
    sites.push_back(std::move(site));
  }
  sort_fastest_first(sites);
  return sites;
}

}  // namespace

Findings median_of(std::span<const Findings> all) {
  Findings result = all.front();
  for (const auto member :
       {&Findings::baseline, &Findings::at_linger_check, &Findings::largest_residue,
        &Findings::last_residue, &Findings::accepted, &Findings::proven}) {
    result.*member = std::llround(*median_over(all, [&](const Findings& f) {
      return std::optional<double>(static_cast<double>(f.*member));
    }));
  }
  for (const auto member : {&Findings::growth_per_round, &Findings::growth_per_round_lower_bound,
                            &Findings::growth_p, &Findings::leaked_tasks_per_request,
                            &Findings::bytes_per_leaked_task, &Findings::smallest_visible_rate}) {
    result.*member = median_over(all, [&](const Findings& f) { return f.*member; });
  }
  if (const auto value =
          median_over(all, [](const Findings& f) { return as_double(f.at_last_response); })) {
    result.at_last_response = std::llround(*value);
  }
  if (const auto value = median_over(all, [](const Findings& f) {
        return f.drain_time ? std::optional<double>(f.drain_time->count()) : std::nullopt;
      })) {
    result.drain_time = nanoseconds(std::llround(*value));
  }
  for (const Findings& findings : all) {
    result.strength = std::max(result.strength, findings.strength);
    result.fell_below_baseline = result.fell_below_baseline || findings.fell_below_baseline;
  }
  result.sites = median_sites(all);
  return result;
}

}  // namespace leakbench
