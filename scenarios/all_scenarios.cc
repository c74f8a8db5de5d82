#include "scenarios/orphaned-task/server.h"
#include "scenarios/scenario.h"

namespace leakbench {

const std::vector<Scenario>& all_scenarios() {
  static const std::vector<Scenario> scenarios{
      {"orphaned-task", "The handler starts work in the background and answers", orphaned_task},
  };
  return scenarios;
}

}  // namespace leakbench
