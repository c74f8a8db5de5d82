// What a variant did with the tasks that its requests started.
#ifndef LEAKBENCH_HARNESS_VERDICT_VERDICT_H_
#define LEAKBENCH_HARNESS_VERDICT_VERDICT_H_

#include <optional>
#include <string>
#include <string_view>

namespace leakbench {

enum class VerdictClass {
  kClean,         // its tasks end with their requests
  kLingering,     // they outlive their requests and drain later
  kLeaking,       // they never drain
  kInconclusive,  // the evidence does not tell
};

struct Verdict {
  VerdictClass verdict_class = VerdictClass::kInconclusive;
  std::string reason;  // one sentence, capitalised, with its full stop
};

// "clean", "lingering", "leaking", "inconclusive": the words of manifests and reports.
std::string_view verdict_class_name(VerdictClass verdict_class);

// The inverse; nullopt for any other word.
std::optional<VerdictClass> verdict_class_by_name(std::string_view name);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_VERDICT_VERDICT_H_
