// The growth of each site's tasks: what the growth of all of them is made of. Inside this module.
#ifndef LEAKBENCH_HARNESS_VERDICT_SITE_GROWTH_H_
#define LEAKBENCH_HARNESS_VERDICT_SITE_GROWTH_H_

#include <optional>
#include <vector>

#include "harness/verdict/evidence.h"
#include "harness/verdict/verdict.h"

namespace leakbench {

// The sites that grow or have more tasks in the last round than after the warm-up, the fastest
// first. A site that is absent in a round counts zero there; a round of which no site is known,
// though tasks were alive, is passed over.
std::vector<SiteGrowth> site_growths(const RepetitionEvidence& repetition);

// The growth per round of the fastest site that grows beyond doubt (GrowthSign::kGrows with p below
// 1 %, since there are many sites); nullopt when none does, or a round's sites are not known.
std::optional<double> growth_of_fastest_site(const RepetitionEvidence& repetition);

// The fastest first, then the most tasks, then by key.
void sort_fastest_first(std::vector<SiteGrowth>& sites);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_VERDICT_SITE_GROWTH_H_
