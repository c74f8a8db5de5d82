// The goroutines of a Go server as the sites that every kind of server has.
#ifndef LEAKBENCH_HARNESS_PROBE_GO_SITES_H_
#define LEAKBENCH_HARNESS_PROBE_GO_SITES_H_

#include <cstddef>

#include "harness/probe/goroutine_profile.h"
#include "harness/probe/metrics_source.h"

namespace leakbench {

// One site per place where goroutines were started and place where they wait, the largest first.
// Started: at the `go` statement if the profile says so and the statement is the application's;
// else it is the function that was started, with the line where that begins (0 where not known), so
// that what a library starts (a connection) counts as what it is for (the handler). Functions'
// first lines come from `with_lines`, which may be the same profile; a dump does not have them.
//
// `leaked` are the goroutines that Go has proven can never go on (goroutineleak), or nullptr: where
// some of a site are, they become a site of their own. It says nothing of `go` statements, so where
// several of them start the same function, which waits at the same place, a site is proven only if
// all of them are.
TaskProfile go_task_profile(const GoroutineProfile& profile, const GoroutineProfile& with_lines,
                            const GoroutineProfile* leaked);

// What a profile of a server's is cut to: there are a few hundred in a large service.
inline constexpr std::size_t kMostGoSites = 5'000;

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_GO_SITES_H_
