#include "harness/run/leak_sites.h"

#include <fmt/format.h>

#include <algorithm>

namespace leakbench {
namespace {

LeakSite leak_site(const TaskSite& site) {
  LeakSite report;
  report.name = site.name;
  report.file = site.file;
  report.line = static_cast<int>(site.line);
  report.function = site.function;
  report.live = site.live;
  report.waits = site.waits;
  report.process = site.process;
  if (site.waits_at) {
    report.waits_at = SourcePlace{site.waits_at->function, site.waits_at->file,
                                  static_cast<int>(site.waits_at->line)};
  }
  report.longest_wait_ns = site.longest_wait_ns;
  report.proven = site.proven;
  report.example = site.example;
  return report;
}

std::vector<LeakSite> application_sites(const std::optional<TaskProfile>& profile) {
  std::vector<LeakSite> sites;
  if (!profile) return sites;
  for (const TaskSite& site : profile->sites) {
    if (!site.system && site.live > 0) sites.push_back(leak_site(site));
  }
  return sites;
}

bool same_start(const LeakSite& a, const LeakSite& b) {
  return a.process == b.process && a.name == b.name && a.file == b.file && a.line == b.line;
}

}  // namespace

std::string site_key(const LeakSite& site) {
  std::string key = fmt::format("{}\n{}\n{}:{}\n{}", site.process, site.name, site.file, site.line,
                                site.function);
  if (site.waits_at) {
    key += fmt::format("\n{}:{}\n{}", site.waits_at->file, site.waits_at->line,
                       site.waits_at->function);
  }
  return key;
}

std::vector<LeakSite> leak_sites_of(const std::optional<TaskProfile>& at_last_response,
                                    const std::optional<TaskProfile>& settled) {
  const std::vector<LeakSite> first = application_sites(at_last_response);
  std::vector<LeakSite> sites = application_sites(settled);
  if (sites.empty()) return first;
  for (LeakSite& site : sites) {
    site.settled = site.live;
    site.live = 0;
    for (const LeakSite& other : first) {
      if (same_start(site, other)) site.live += other.live;
    }
    // Go says where tasks were started only when it is asked at length, and then names another
    // place: what is left over was there before.
    site.live = std::max(site.live, *site.settled);
  }
  return sites;
}

std::vector<SiteEvidence> site_evidence(const std::optional<TaskProfile>& settled) {
  std::vector<SiteEvidence> evidence;
  for (const LeakSite& site : application_sites(settled)) {
    evidence.push_back({site_key(site), site.live, site.proven});
  }
  return evidence;
}

void add_growth(const Verdict& verdict, std::vector<LeakSite>& sites) {
  for (LeakSite& site : sites) {
    const std::string key = site_key(site);
    for (const SiteGrowth& growth : verdict.sites) {
      if (growth.key == key) site.growth_per_round = growth.growth_per_round;
    }
  }
  std::stable_sort(sites.begin(), sites.end(), [](const LeakSite& a, const LeakSite& b) {
    return a.growth_per_round.value_or(0) > b.growth_per_round.value_or(0);
  });
}

}  // namespace leakbench
