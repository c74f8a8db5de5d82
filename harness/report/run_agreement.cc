#include "harness/report/run_agreement.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "harness/base/error.h"
#include "harness/report/recorded_json.h"
#include "harness/target/wording.h"

namespace leakbench {
namespace {

// One arm of the summary beside its repetitions.
class ArmAgreement {
 public:
  ArmAgreement(const std::filesystem::path& file, const Summary& summary, std::size_t index,
               const std::vector<RepetitionReport>& complete)
      : place_(fmt::format("{}: /arms/{}", one_line(file.string()), index)),
        arm_(summary.arms[index]) {
    for (const RepetitionReport& repetition : complete) {
      if (repetition.arm == arm_.name) own_.push_back(&repetition);
    }
  }

  // The summary's number of repetitions is known to be that of run.json.
  void check() const {
    for (std::size_t i = 0; i < own_.size(); ++i) {
      check_metrics(i);
      check_counters(i);
    }
    check_class();
  }

 private:
  [[noreturn]] void fail(const std::string& path, const std::string& reason) const {
    throw Error(ExitCode::kUsage, fmt::format("{}/{}: {}", place_, path, reason));
  }

  void check_value(const std::string& path, const std::optional<double>& summarised,
                   const std::optional<double>& measured) const {
    if (summarised == measured) return;
    fail(path,
         fmt::format("is {}, its repetition says {}", in_words(summarised), in_words(measured)));
  }

  void check_metrics(std::size_t repetition) const {
    for (const MetricInfo& info : all_metrics()) {
      check_value(fmt::format("metrics/{}/values/{}", info.name, repetition),
                  arm_.repetitions[repetition][info.metric],
                  own_[repetition]->metrics[info.metric]);
    }
  }

  void check_counters(std::size_t repetition) const {
    const auto& measured = own_[repetition]->counters;
    if (measured.size() != arm_.counters.size()) {
      fail("counters", fmt::format("has {} counters, repetition {} has {}", arm_.counters.size(),
                                   own_[repetition]->index, measured.size()));
    }
    for (std::size_t i = 0; i < measured.size(); ++i) {
      check_value(fmt::format("counters/{}/values/{}", i, repetition),
                  arm_.counters[i].per_request[repetition], measured[i].per_request);
    }
  }

  // Repetitions that do not agree are inconclusive together, and so are none.
  void check_class() const {
    VerdictClass wanted = VerdictClass::kInconclusive;
    if (!own_.empty()) wanted = own_.front()->verdict.verdict.verdict_class;
    for (const RepetitionReport* repetition : own_) {
      if (repetition->verdict.verdict.verdict_class != wanted) {
        wanted = VerdictClass::kInconclusive;
      }
    }
    if (arm_.verdict.verdict.verdict_class == wanted) return;
    fail("verdict/class", fmt::format("is {}, the repetitions say {}",
                                      verdict_class_name(arm_.verdict.verdict.verdict_class),
                                      verdict_class_name(wanted)));
  }

  const std::string place_;
  const ArmSummary& arm_;
  std::vector<const RepetitionReport*> own_;
};

}  // namespace

void check_agreement(const std::filesystem::path& file, const Summary& summary,
                     const std::vector<RepetitionReport>& complete) {
  for (std::size_t i = 0; i < summary.arms.size(); ++i) {
    ArmAgreement(file, summary, i, complete).check();
  }
}

}  // namespace leakbench
