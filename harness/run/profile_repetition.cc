#include "harness/run/profile_repetition.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "harness/run/profile_functions.h"
#include "harness/run/profile_taker.h"
#include "harness/run/repetition.h"
#include "harness/run/tool_run.h"

namespace leakbench {
namespace {

constexpr std::size_t kFunctionsShown = 10;
// The most that our servers sample for.
constexpr std::chrono::seconds kLongestWindow{600};
// A new Go compiles its reader of profiles first.
constexpr Duration kToolBound = std::chrono::minutes(5);

std::string extension(ProfileKind kind, ProfileMoment moment, std::string_view ending) {
  if (moment == ProfileMoment::kRound) {
    return fmt::format("{}.{}", profile_kind_name(kind), ending);
  }
  return fmt::format("{}.{}.{}", profile_moment_name(moment), profile_kind_name(kind), ending);
}

bool is_note(std::string_view line) {
  return line.starts_with("Using local file ") || line.starts_with("Adjusting heap profiles ") ||
         line.starts_with("Heap version ");
}

// google-pprof's own notes are of no use to who reads its table later.
std::string without_notes(const std::string& text) {
  std::string kept;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    const std::string line = text.substr(begin, end - begin);
    if (!is_note(line)) kept += line;
    begin = end;
  }
  return kept;
}

std::optional<FunctionProfile> parse(const ProfileSource& source, ProfileKind kind,
                                     std::string_view text, std::string_view profile) {
  if (source.format == ProfileFormat::kPprof) return parse_go_pprof(text);
  if (kind == ProfileKind::kHeap) return parse_google_pprof(text, 1);
  const auto period = sample_period_ns(profile);
  return period ? parse_google_pprof(text, *period) : std::nullopt;
}

}  // namespace

std::vector<ProfileReport> planned_profiles(const RunPlan& plan) {
  std::vector<ProfileReport> planned;
  int index = plan.blocks * static_cast<int>(plan.arms.size());
  for (const ProfileKind kind : plan.profiles) {
    for (const Arm& arm : plan.arms) {
      ProfileReport report;
      report.index = ++index;
      report.arm = arm.name;
      report.kind = kind;
      planned.push_back(std::move(report));
    }
  }
  return planned;
}

std::chrono::seconds profile_window(const RunPlan& plan,
                                    const std::vector<RepetitionReport>& finished,
                                    const std::string& arm) {
  std::int64_t longest_ns = 0;
  for (const RepetitionReport& repetition : finished) {
    if (repetition.arm != arm) continue;
    std::map<int, std::int64_t> starts;
    for (const PhaseReport& phase : repetition.phases) {
      if (phase.round == 0) continue;
      const auto start = starts.emplace(phase.round, phase.start_ns).first;
      longest_ns = std::max(longest_ns, phase.end_ns - start->second);
    }
  }
  if (longest_ns == 0) longest_ns = plan.settle.count();
  const auto window = std::chrono::ceil<std::chrono::seconds>(std::chrono::nanoseconds(longest_ns));
  return std::min(window + std::chrono::seconds(1), kLongestWindow);
}

ProfileRepetition::ProfileRepetition(const RunPlan& plan, const Arm& arm,
                                     std::chrono::seconds window, const RunFolder& folder,
                                     const CorePlan& cores, Progress& progress, Context ctx,
                                     ProfileReport report)
    : plan_(plan),
      arm_(arm),
      window_(window),
      folder_(folder),
      cores_(cores),
      progress_(progress),
      ctx_(std::move(ctx)),
      source_(profile_source(arm.runtime.metrics_sources, arm.manifest.origin)),
      report_(std::move(report)) {
  plan_.rounds = 1;
  plan_.most_rounds = 1;
  arm_.manifest.environment.merge(profile_environment(source_, report_.kind));
  report_.status = RepetitionStatus::kRunning;
}

void ProfileRepetition::run() {
  try {
    take_and_read();
    report_.status = RepetitionStatus::kComplete;
  } catch (const Interrupted&) {
    report_.status = RepetitionStatus::kInterrupted;
    report_.error = "interrupted";
    throw;
  } catch (const Error& error) {
    report_.status = RepetitionStatus::kFailed;
    report_.error = error.what();
    throw;
  }
}

void ProfileRepetition::take_and_read() {
  ProfileTaker taker(arm_.name, source_, report_.kind, window_, ctx_);
  Repetition repetition(plan_, {report_.index, 1, arm_}, folder_, cores_, nullptr, progress_, ctx_,
                        &taker);
  repetition.run();
  program_ = taker.program();
  progress_.set_phase("read profile");
  for (const RawProfile& profile : taker.profiles()) store(profile.moment, profile.content);
}

void ProfileRepetition::store(ProfileMoment moment, std::string_view content) {
  TakenProfile taken;
  taken.moment = moment;
  taken.file =
      RunFolder::profile_file(report_.index, report_.arm, extension(report_.kind, moment, "prof"));
  folder_.write_profile(taken.file, content);
  read(folder_.path() / taken.file, content, taken);
  report_.profiles.push_back(std::move(taken));
}

void ProfileRepetition::read(const std::filesystem::path& file, std::string_view content,
                             TakenProfile& taken) {
  const ProfileTool tool = profile_tool(source_, report_.kind, program_, file);
  const ToolOutput output = run_tool(tool.command, tool.environment,
                                     std::filesystem::path(file).concat(".out"), kToolBound, ctx_);
  if (ctx_.is_done()) throw Interrupted();
  if (!output.text) {
    taken.problem = output.started
                        ? "no functions, " + output.problem
                        : fmt::format("no functions, {}; {}", output.problem, tool.remedy);
    return;
  }
  const std::string text = without_notes(*output.text);
  taken.text_file = RunFolder::profile_file(report_.index, report_.arm,
                                            extension(report_.kind, taken.moment, "txt"));
  folder_.write_profile(*taken.text_file, text);
  taken.top = parse(source_, report_.kind, text, content);
  if (taken.top) {
    taken.top = first_functions(std::move(*taken.top), report_.kind, kFunctionsShown);
  } else {
    taken.problem = fmt::format("{} printed no table of functions; see {}", tool.command.front(),
                                *taken.text_file);
  }
}

}  // namespace leakbench
