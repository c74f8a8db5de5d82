#ifndef LEAKBENCH_SCENARIOS_FALSE_ALARMS_SERVER_H_
#define LEAKBENCH_SCENARIOS_FALSE_ALARMS_SERVER_H_

#include "scenarios/scenario.h"

namespace leakbench {

void false_alarms(ScenarioBuilder& scenario);

}  // namespace leakbench

#endif  // LEAKBENCH_SCENARIOS_FALSE_ALARMS_SERVER_H_
