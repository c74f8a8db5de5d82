#include "harness/verdict/verdict.h"

#include <array>

namespace leakbench {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"clean", "lingering", "leaking",
                                                    "inconclusive"};
constexpr std::array<std::string_view, 4> kStrengths = {"none", "suspected", "growing", "proven"};

}  // namespace

std::string_view verdict_class_name(VerdictClass verdict_class) {
  return kNames[static_cast<std::size_t>(verdict_class)];
}

std::string_view evidence_strength_name(EvidenceStrength strength) {
  return kStrengths[static_cast<std::size_t>(strength)];
}

std::optional<VerdictClass> verdict_class_by_name(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<VerdictClass>(i);
  }
  return std::nullopt;
}

}  // namespace leakbench
