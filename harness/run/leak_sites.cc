#include "harness/run/leak_sites.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/report/run_check.h"

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
  report.bytes = site.bytes;
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

std::optional<TaskProfile> above_baseline(std::optional<TaskProfile> profile,
                                          const std::optional<TaskProfile>& baseline) {
  if (!profile || !baseline) return profile;
  std::map<std::string, std::int64_t> before;
  for (const TaskSite& site : baseline->sites) before[site_key(leak_site(site))] += site.live;
  for (TaskSite& site : profile->sites) {
    const auto found = before.find(site_key(leak_site(site)));
    if (found == before.end()) continue;
    const std::int64_t old = std::min(site.live, found->second);
    found->second -= old;
    site.live -= old;
  }
  return profile;
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

SettledSites settled_sites(const std::optional<TaskProfile>& settled,
                           const std::optional<Allowlist>& allowlist, std::chrono::sys_days today) {
  const std::vector<LeakSite> sites = application_sites(settled);
  SettledSites result;
  if (allowlist) {
    std::vector<AllowSite> allowed;
    for (const LeakSite& site : sites) allowed.push_back(allow_site(site));
    result.acceptance = accept(*allowlist, allowed, today);
    result.accepted = accepted_tasks(result.acceptance, allowed);
  }
  for (std::size_t i = 0; i < sites.size(); ++i) {
    if (allowlist && result.acceptance.by_site[i]) continue;
    result.evidence.push_back({site_key(sites[i]), sites[i].live, sites[i].proven});
  }
  return result;
}

void add_reasons(const Allowlist& allowlist, const Acceptance& acceptance,
                 const std::optional<TaskProfile>& settled, std::vector<LeakSite>& sites) {
  const std::vector<LeakSite> all = application_sites(settled);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!acceptance.by_site[i]) continue;
    const std::string key = site_key(all[i]);
    for (LeakSite& site : sites) {
      if (site_key(site) == key) {
        site.allowed_because = allowlist.entries[*acceptance.by_site[i]].reason;
      }
    }
  }
}

void add_growth(const Verdict& verdict, std::vector<LeakSite>& sites) {
  // A pool that has filled, and stays, is not growing.
  if (verdict.verdict_class == VerdictClass::kClean ||
      verdict.verdict_class == VerdictClass::kLingering) {
    return;
  }
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
