// For tests of scenarios: a variant's handler, as the server would have it for these options.
#ifndef LEAKBENCH_SCENARIOS_SCENARIO_FOR_TESTING_H_
#define LEAKBENCH_SCENARIOS_SCENARIO_FOR_TESTING_H_

#include <map>
#include <string>

#include "scenarios/scenario.h"

namespace leakbench {

inline Handler handler_of(void (*build)(ScenarioBuilder&), const std::string& variant,
                          std::map<std::string, std::string> options) {
  ScenarioBuilder builder(std::move(options));
  build(builder);
  builder.refuse_unknown_options();
  return builder.find_variant(variant).handler;
}

}  // namespace leakbench

#endif  // LEAKBENCH_SCENARIOS_SCENARIO_FOR_TESTING_H_
