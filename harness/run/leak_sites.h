// From the profiles of a round to the sites of its report and of its verdict. Pure.
#ifndef LEAKBENCH_HARNESS_RUN_LEAK_SITES_H_
#define LEAKBENCH_HARNESS_RUN_LEAK_SITES_H_

#include <optional>
#include <string>
#include <vector>

#include "harness/probe/metrics_source.h"
#include "harness/report/leak_site.h"
#include "harness/verdict/evidence.h"
#include "harness/verdict/verdict.h"

namespace leakbench {

// Tells sites apart over rounds and processes: where the tasks were started and where they wait.
std::string site_key(const LeakSite& site);

// The application's sites with a live task. Where tasks were left over, they are the sites of
// `settled`, each with the tasks of the same start in `at_last_response`; else of that alone.
std::vector<LeakSite> leak_sites_of(const std::optional<TaskProfile>& at_last_response,
                                    const std::optional<TaskProfile>& settled);

// What the sites have to say to the verdict.
std::vector<SiteEvidence> site_evidence(const std::optional<TaskProfile>& settled);

// Puts what the verdict found of each site's growth into the sites, the fastest first.
void add_growth(const Verdict& verdict, std::vector<LeakSite>& sites);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_LEAK_SITES_H_
