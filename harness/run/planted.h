// The controls of a suite: variants that leak exactly as many tasks as their manifest says, which a
// detector that works must find, and their fixed twins, which it must call clean.
#ifndef LEAKBENCH_HARNESS_RUN_PLANTED_H_
#define LEAKBENCH_HARNESS_RUN_PLANTED_H_

#include <string>
#include <vector>

#include "harness/report/summary.h"
#include "harness/run/run_plan.h"

namespace leakbench {

// Whether the scenario is a control: one of its variants has planted leaks.
bool is_control(const Manifest& manifest);

// What the harness got wrong about the arms of a control, one line each; empty when it found
// exactly what was planted, where it was planted, and nothing in the twin. Pure. Of a manifest
// without planted leaks nothing is wrong.
std::vector<std::string> control_failures(const RunPlan& plan, const Summary& summary);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_PLANTED_H_
