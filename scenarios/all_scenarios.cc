#include "scenarios/cascading-timeout/server.h"
#include "scenarios/false-alarms/server.h"
#include "scenarios/orphaned-task/server.h"
#include "scenarios/planted-leaks/server.h"
#include "scenarios/scenario.h"

namespace leakbench {

const std::vector<Scenario>& all_scenarios() {
  static const std::vector<Scenario> scenarios{
      {"cascading-timeout", "One request, three services, and one of them slow", cascading_timeout},
      {"false-alarms", "What looks like a leak and is none", false_alarms},
      {"orphaned-task", "The handler starts work in the background and answers", orphaned_task},
      {"planted-leaks", "A known share of the requests leaves a task behind", planted_leaks},
  };
  return scenarios;
}

}  // namespace leakbench
