#ifndef LEAKBENCH_SCENARIOS_ORPHANED_TASK_SERVER_H_
#define LEAKBENCH_SCENARIOS_ORPHANED_TASK_SERVER_H_

#include "scenarios/scenario.h"

namespace leakbench {

void orphaned_task(ScenarioBuilder& scenario);

}  // namespace leakbench

#endif  // LEAKBENCH_SCENARIOS_ORPHANED_TASK_SERVER_H_
