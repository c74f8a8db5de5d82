#include "harness/report/live_tasks_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "harness/report/sparkline.h"
#include "harness/report/text_columns.h"
#include "harness/verdict/humanise.h"

namespace leakbench {
namespace {

struct Window {
  std::int64_t from_ns = 0;
  std::int64_t to_ns = 0;
};

// First request to the end of the last round; nullopt for a repetition without load.
std::optional<Window> window_of(const RepetitionReport& report) {
  const auto load = std::find_if(report.phases.begin(), report.phases.end(),
                                 [](const PhaseReport& phase) { return phase.name == "load"; });
  if (load == report.phases.end()) return std::nullopt;
  return Window{load->start_ns, std::max(load->end_ns, report.phases.back().end_ns)};
}

// nullopt where nothing was counted in the window.
std::optional<double> mean_of(const RepetitionTimeline& repetition) {
  const auto window = window_of(repetition.report);
  if (!window) return std::nullopt;
  double sum = 0;
  int counted = 0;
  for (const LiveTasksSample& sample : repetition.samples) {
    if (!sample.live_tasks || sample.t_ns < window->from_ns) continue;
    sum += static_cast<double>(*sample.live_tasks);
    ++counted;
  }
  return counted > 0 ? std::optional(sum / counted) : std::nullopt;
}

const RepetitionTimeline* middle_of(const std::string& arm,
                                    const std::vector<RepetitionTimeline>& repetitions) {
  std::vector<std::pair<double, const RepetitionTimeline*>> means;
  for (const RepetitionTimeline& repetition : repetitions) {
    if (repetition.report.arm != arm) continue;
    if (const auto mean = mean_of(repetition)) means.emplace_back(*mean, &repetition);
  }
  if (means.empty()) return nullptr;
  std::stable_sort(means.begin(), means.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  return means[(means.size() - 1) / 2].second;
}

std::int64_t most_in(const RepetitionTimeline& repetition) {
  std::int64_t most = 0;
  for (const LiveTasksSample& sample : repetition.samples) {
    most = std::max(most, sample.live_tasks.value_or(0));
  }
  return most;
}

}  // namespace

std::string live_tasks_text(const std::vector<std::string>& arms,
                            const std::vector<RepetitionTimeline>& repetitions, std::size_t cells,
                            Colour colour) {
  std::int64_t top = 0;
  std::int64_t length_ns = 0;
  std::vector<std::pair<std::string, const RepetitionTimeline*>> shown;
  for (const std::string& arm : arms) {
    const RepetitionTimeline* middle = middle_of(arm, repetitions);
    shown.emplace_back(arm, middle);
    if (middle == nullptr) continue;
    const Window window = *window_of(middle->report);
    length_ns = std::max(length_ns, window.to_ns - window.from_ns);
    top = std::max(top, most_in(*middle));
  }
  if (length_ns == 0) return "";
  std::vector<std::vector<std::string>> rows;
  for (const auto& [arm, middle] : shown) {
    std::string line = "not measured";
    if (middle != nullptr) {
      const std::int64_t from = window_of(middle->report)->from_ns;
      line = sparkline(most_in_stretches(middle->samples, from, from + length_ns, cells), top);
    }
    rows.push_back({arm, std::move(line)});
  }
  std::string text = styled(fmt::format("Live tasks, 0 to {}, in the {} from the first request on",
                                        humanise_count(static_cast<double>(top)),
                                        humanise_ns(static_cast<double>(length_ns))),
                            kBold, colour) +
                     "\n";
  for (const std::string& line : align_columns(rows, {Align::kLeft, Align::kLeft})) {
    text += line + "\n";
  }
  return text;
}

}  // namespace leakbench
