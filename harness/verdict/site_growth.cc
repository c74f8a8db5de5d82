#include "harness/verdict/site_growth.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "harness/verdict/growth.h"
#include "harness/verdict/theil_sen.h"

namespace leakbench {
namespace {

constexpr double kBeyondDoubt = 0.01;

struct Series {
  std::vector<double> counts;  // of the rounds whose sites are known
  std::int64_t baseline = 0;
  bool proven = false;
};

bool sites_are_known(const RoundEvidence& round) {
  return !round.sites.empty() || round.live_tasks_settled.value_or(0) == 0;
}

// The numbers of the rounds whose sites are known, from 0.
std::vector<std::size_t> known_rounds(const RepetitionEvidence& repetition) {
  std::vector<std::size_t> known;
  for (std::size_t i = 0; i < repetition.rounds.size(); ++i) {
    if (sites_are_known(repetition.rounds[i])) known.push_back(i);
  }
  return known;
}

std::map<std::string, Series> series_by_key(const RepetitionEvidence& repetition,
                                            const std::vector<std::size_t>& rounds) {
  std::map<std::string, Series> all;
  for (std::size_t at = 0; at < rounds.size(); ++at) {
    for (const SiteEvidence& site : repetition.rounds[rounds[at]].sites) {
      Series& series = all[site.key];
      series.counts.resize(rounds.size(), 0.0);
      series.counts[at] += static_cast<double>(site.live);
      series.proven = series.proven || site.proven;
    }
  }
  for (const SiteEvidence& site : repetition.sites_baseline) {
    const auto found = all.find(site.key);
    if (found != all.end()) found->second.baseline += site.live;
  }
  return all;
}

std::optional<double> slope_of(const Series& series, const std::vector<std::size_t>& rounds) {
  std::vector<Point> points;
  for (std::size_t at = 0; at < rounds.size(); ++at) {
    points.push_back({static_cast<double>(rounds[at]), series.counts[at]});
  }
  return theil_sen_slope(points);
}

}  // namespace

std::vector<SiteGrowth> site_growths(const RepetitionEvidence& repetition) {
  const auto rounds = known_rounds(repetition);
  std::vector<SiteGrowth> sites;
  for (const auto& [key, series] : series_by_key(repetition, rounds)) {
    SiteGrowth site;
    site.key = key;
    site.settled = static_cast<std::int64_t>(series.counts.back());
    site.growth_per_round = slope_of(series, rounds);
    site.proven = series.proven;
    const bool grows = site.growth_per_round.value_or(0) > 0;
    if (grows || site.settled > series.baseline) sites.push_back(std::move(site));
  }
  sort_fastest_first(sites);
  return sites;
}

std::optional<double> growth_of_fastest_site(const RepetitionEvidence& repetition) {
  const auto rounds = known_rounds(repetition);
  std::optional<double> fastest;
  if (rounds.size() < repetition.rounds.size()) return fastest;
  for (const auto& [key, series] : series_by_key(repetition, rounds)) {
    const Growth growth = growth_of(series.counts);
    if (growth.sign != GrowthSign::kGrows || *growth.p >= kBeyondDoubt) continue;
    fastest = std::max(fastest.value_or(0), *growth.per_round);
  }
  return fastest;
}

void sort_fastest_first(std::vector<SiteGrowth>& sites) {
  std::sort(sites.begin(), sites.end(), [](const SiteGrowth& a, const SiteGrowth& b) {
    const double growth_a = a.growth_per_round.value_or(0);
    const double growth_b = b.growth_per_round.value_or(0);
    if (growth_a != growth_b) return growth_a > growth_b;
    return a.settled != b.settled ? a.settled > b.settled : a.key < b.key;
  });
}

}  // namespace leakbench
