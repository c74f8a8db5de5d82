#include "harness/run/planted.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/target/options.h"

namespace leakbench {
namespace {

const ArmSummary* find(const Summary& summary, const std::string& arm) {
  const auto found = std::find_if(summary.arms.begin(), summary.arms.end(),
                                  [&](const ArmSummary& a) { return a.name == arm; });
  return found == summary.arms.end() ? nullptr : &*found;
}

// "" when the arm leaks as many as were planted, all of them where they were planted.
std::string wrong_about(const PlantedLeaks& planted, double per_1000, const ArmSummary& arm) {
  const Verdict& verdict = arm.verdict.verdict;
  if (verdict.verdict_class != VerdictClass::kLeaking) {
    return fmt::format("{} leaks {:g} tasks per 1,000 requests by plan and was called {}", arm.name,
                       per_1000, verdict_class_name(verdict.verdict_class));
  }
  const double found = verdict.leaked_tasks_per_request.value_or(0) * 1000;
  if (std::abs(found - per_1000) > 1e-6 * per_1000) {
    return fmt::format("{} leaks {:g} tasks per 1,000 requests by plan, {:g} were found", arm.name,
                       per_1000, found);
  }
  if (arm.leak_sites.empty()) {
    return fmt::format("{} leaks, and no place was found for it", arm.name);
  }
  for (const LeakSite& site : arm.leak_sites) {
    if (site.growth_per_round.value_or(0) <= 0 ||
        site.file.find(planted.file) != std::string::npos) {
      continue;
    }
    return fmt::format("{} leaks in {} by plan, and {}:{} was named", arm.name, planted.file,
                       site.file, site.line);
  }
  return "";
}

}  // namespace

bool is_control(const Manifest& manifest) {
  return std::any_of(manifest.variants.begin(), manifest.variants.end(),
                     [](const VariantSpec& variant) { return variant.planted.has_value(); });
}

std::vector<std::string> control_failures(const RunPlan& plan, const Summary& summary) {
  std::vector<std::string> failures;
  if (!is_control(plan.manifest)) return failures;
  for (const Arm& arm : plan.arms) {
    const ArmSummary* found = find(summary, arm.name);
    if (found == nullptr || found->repetitions.empty()) {
      failures.push_back(fmt::format("{} was not measured", arm.name));
    } else if (arm.variant.planted) {
      const double per_1000 = planted_per_1000(plan.manifest, *arm.variant.planted, plan.options);
      if (std::string wrong = wrong_about(*arm.variant.planted, per_1000, *found); !wrong.empty()) {
        failures.push_back(std::move(wrong));
      }
    } else if (!found->verdict.as_expected()) {
      const Verdict& verdict = found->verdict.verdict;
      failures.push_back(fmt::format("{} has no leak and was called {} ({})", arm.name,
                                     verdict_class_name(verdict.verdict_class), verdict.reason));
    }
  }
  return failures;
}

}  // namespace leakbench
