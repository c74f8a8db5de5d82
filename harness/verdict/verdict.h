// What a variant did with the tasks that its requests started.
#ifndef LEAKBENCH_HARNESS_VERDICT_VERDICT_H_
#define LEAKBENCH_HARNESS_VERDICT_VERDICT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leakbench {

enum class VerdictClass {
  kClean,         // its tasks end with their requests
  kLingering,     // they outlive their requests and drain later
  kLeaking,       // they never drain
  kInconclusive,  // the evidence does not tell
};

// How sure `leaking` is. Latency, memory and CPU are no evidence at all.
enum class EvidenceStrength {
  kNone,       // of any other verdict
  kSuspected,  // a residue over a threshold, in too few rounds to show growth
  kGrowing,    // it grows from round to round
  kProven      // by the target itself: nothing can ever wake them
};

struct SiteGrowth {
  std::string key;           // SiteEvidence's
  std::int64_t settled = 0;  // tasks alive at the end of the last round
  std::optional<double> growth_per_round;
  bool proven = false;
};

struct Verdict {
  VerdictClass verdict_class = VerdictClass::kInconclusive;
  std::string reason = {};  // one sentence, capitalised, with its full stop
  EvidenceStrength strength = EvidenceStrength::kNone;
  // Of the settled counts over rounds; nullopt for fewer than two rounds, or nothing measured.
  std::optional<double> growth_per_round = {};              // Theil-Sen
  std::optional<double> growth_per_round_lower_bound = {};  // one-sided, 95 %
  std::optional<double> growth_p = {};                      // exact Mann-Kendall, one-sided
  std::optional<double> leaked_tasks_per_request = {};
  std::optional<double> bytes_per_leaked_task = {};
  // The smallest rate of leaked tasks per request that this evidence could have shown.
  std::optional<double> smallest_visible_rate = {};
  std::vector<SiteGrowth> sites = {};  // those that grow or were left over, the fastest first
};

// "clean", "lingering", "leaking", "inconclusive": the words of manifests and reports.
std::string_view verdict_class_name(VerdictClass verdict_class);

// "none", "suspected", "growing", "proven".
std::string_view evidence_strength_name(EvidenceStrength strength);

// The inverse of verdict_class_name(); nullopt for any other word.
std::optional<VerdictClass> verdict_class_by_name(std::string_view name);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_VERDICT_VERDICT_H_
