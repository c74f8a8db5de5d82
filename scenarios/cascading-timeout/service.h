// What the API of this scenario calls: a service that takes its time.
#ifndef LEAKBENCH_SCENARIOS_CASCADING_TIMEOUT_SERVICE_H_
#define LEAKBENCH_SCENARIOS_CASCADING_TIMEOUT_SERVICE_H_

#include "scenarios/cascading-timeout/latency.h"
#include "scenarios/scenario.h"

namespace leakbench {

// Both variants of the service: with the context its work ends when its caller is gone or has no
// time left; without it the work goes on to its end. Counts what it did for nobody.
void add_service(ScenarioBuilder& scenario, const LatencyModel& latency, Duration step);

}  // namespace leakbench

#endif  // LEAKBENCH_SCENARIOS_CASCADING_TIMEOUT_SERVICE_H_
