#ifndef LEAKBENCH_SCENARIOS_CASCADING_TIMEOUT_SERVER_H_
#define LEAKBENCH_SCENARIOS_CASCADING_TIMEOUT_SERVER_H_

#include "scenarios/scenario.h"

namespace leakbench {

void cascading_timeout(ScenarioBuilder& scenario);

}  // namespace leakbench

#endif  // LEAKBENCH_SCENARIOS_CASCADING_TIMEOUT_SERVER_H_
