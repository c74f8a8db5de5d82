#ifndef LEAKBENCH_SCENARIOS_PLANTED_LEAKS_SERVER_H_
#define LEAKBENCH_SCENARIOS_PLANTED_LEAKS_SERVER_H_

#include "scenarios/scenario.h"

namespace leakbench {

void planted_leaks(ScenarioBuilder& scenario);

}  // namespace leakbench

#endif  // LEAKBENCH_SCENARIOS_PLANTED_LEAKS_SERVER_H_
