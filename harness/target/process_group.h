// Looks at the processes of one group from outside.
#ifndef LEAKBENCH_HARNESS_TARGET_PROCESS_GROUP_H_
#define LEAKBENCH_HARNESS_TARGET_PROCESS_GROUP_H_

#include <sys/types.h>

namespace leakbench {

// Whether a process of group `group` still runs. Zombies do not count: they hold neither memory nor
// ports, and when their new parent reaps them is not ours to decide (in a container it may never do
// so). Reads all of /proc where the group is not empty: a few milliseconds.
bool group_runs(pid_t group);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_PROCESS_GROUP_H_
