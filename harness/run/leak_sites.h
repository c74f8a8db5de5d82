// From the profiles of a round to the sites of its report and of its verdict. Pure.
#ifndef LEAKBENCH_HARNESS_RUN_LEAK_SITES_H_
#define LEAKBENCH_HARNESS_RUN_LEAK_SITES_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/probe/metrics_source.h"
#include "harness/report/leak_site.h"
#include "harness/verdict/allowlist.h"
#include "harness/verdict/evidence.h"
#include "harness/verdict/verdict.h"

namespace leakbench {

// Tells sites apart over rounds and processes: where the tasks were started and where they wait.
std::string site_key(const LeakSite& site);

// The profile without what was there before the load: `baseline`, of the same kind, taken then. A
// server's own tasks, and what an earlier load has left over, are no leak of this one.
std::optional<TaskProfile> above_baseline(std::optional<TaskProfile> profile,
                                          const std::optional<TaskProfile>& baseline);

// The application's sites with a live task. Where tasks were left over, they are the sites of
// `settled`, each with the tasks of the same start in `at_last_response`; else of that alone.
std::vector<LeakSite> leak_sites_of(const std::optional<TaskProfile>& at_last_response,
                                    const std::optional<TaskProfile>& settled);

// Sites of a moment, and which of their tasks an allowlist accepts.
struct SettledSites {
  std::vector<SiteEvidence> evidence;  // of the others
  std::int64_t accepted = 0;           // tasks
  Acceptance acceptance;               // of all sites
};

// What the sites have to say to the verdict. Without an allowlist nothing is accepted.
SettledSites settled_sites(const std::optional<TaskProfile>& settled,
                           const std::optional<Allowlist>& allowlist, std::chrono::sys_days today);

// Puts the reasons of the entries that accept them into the sites of `settled`.
void add_reasons(const Allowlist& allowlist, const Acceptance& acceptance,
                 const std::optional<TaskProfile>& settled, std::vector<LeakSite>& sites);

// Puts what the verdict found of each site's growth into the sites, the fastest first. What is
// called clean or lingering does not grow.
void add_growth(const Verdict& verdict, std::vector<LeakSite>& sites);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_LEAK_SITES_H_
