#include "harness/run/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "harness/report/environment.h"
#include "harness/report/run_folder.h"
#include "harness/report/utc_time.h"
#include "harness/report/warnings.h"
#include "harness/run/planted.h"
#include "harness/run/profile_repetition.h"
#include "harness/run/repetition.h"
#include "harness/run/target_group.h"
#include "harness/target/cores.h"
#include "harness/target/options.h"
#include "harness/target/ports.h"
#include "harness/target/preflight.h"
#include "harness/target/wording.h"
#include "harness/verdict/humanise.h"
#include "runtime/time/clock.h"
#include "runtime/time/duration.h"

namespace leakbench {
namespace {

// What a repetition takes besides its rounds' settle windows, until one has been timed.
constexpr Duration kAroundTheRounds = std::chrono::seconds(5);

VerdictClass expected_of(const VariantSpec& variant) {
  return *verdict_class_by_name(to_string(variant.expect));
}

PlanReport describe_plan(const RunPlan& plan) {
  PlanReport report;
  report.blocks = plan.blocks;
  report.rounds = plan.rounds;
  report.most_rounds = plan.most_rounds;
  report.connections = plan.load.connections;
  report.requests = plan.load.requests;
  report.warmup_requests = plan.load.warmup_requests;
  report.settle_ns = plan.settle.count();
  report.drain_limit_ns = plan.settle.count();
  report.linger_after_ns = plan.manifest.settle.linger_after.count();
  report.sample_interval_ns = std::chrono::nanoseconds(kSampleInterval).count();
  for (const Arm& arm : plan.arms) {
    report.variants.push_back({.name = arm.name,
                               .expected = expected_of(arm.variant),
                               .options = OptionList(plan.options.begin(), plan.options.end()),
                               .variant = arm.variant.name,
                               .runtime = arm.runtime.name,
                               .build = arm.build,
                               .manifest = arm.manifest.origin});
  }
  for (const auto& block : plan.order) {
    std::vector<std::string> names;
    for (const std::size_t arm : block) names.push_back(plan.arms[arm].name);
    report.order.push_back(std::move(names));
  }
  return report;
}

std::vector<std::string> names_of_metrics() {
  std::vector<std::string> names;
  for (const MetricInfo& info : all_metrics()) names.emplace_back(info.name);
  return names;
}

// They were published for the manifest's own load and options, and say nothing beside others.
std::vector<PublishedComparison> published_of(const RunPlan& plan) {
  const Manifest& manifest = plan.manifest;
  std::vector<PublishedComparison> published;
  if (plan.load.connections != manifest.load.connections ||
      plan.load.requests != manifest.load.requests || plan.options != manifest.options) {
    return published;
  }
  for (const PublishedFigure& figure : manifest.published) {
    const auto metric = metric_by_name(figure.metric);
    if (!metric) {
      throw Error(ExitCode::kUsage, fmt::format("{}: published: there is no metric {}; {}",
                                                manifest.origin, in_quotes(figure.metric),
                                                suggestion(figure.metric, names_of_metrics())));
    }
    published.push_back({*metric, figure.without, figure.with, figure.change_percent, figure.text});
  }
  return published;
}

void check_ports(const RunPlan& plan) {
  for (const auto& port : {plan.port, plan.control_port}) {
    if (port && !port_is_free(*port)) {
      throw Error(ExitCode::kEnvironmentUnfit,
                  fmt::format("port {} on 127.0.0.1 is in use; choose another with --port or "
                              "--control-port, or leave it out to get a free one",
                              *port));
    }
  }
}

// The line that a finished repetition leaves behind on stderr.
std::string describe_repetition(const RepetitionReport& report) {
  const auto& metrics = report.metrics;
  return fmt::format(
      "{}  response time {} mean  memory {}  live tasks {} after, {} settled  {:.1f} s",
      verdict_class_name(report.verdict.verdict.verdict_class),
      humanise_metric(Metric::kResponseTimeMeanNs, metrics[Metric::kResponseTimeMeanNs]),
      humanise_metric(Metric::kMemoryPeakBytes, metrics[Metric::kMemoryPeakBytes]),
      humanise_metric(Metric::kLiveTasksAfter, metrics[Metric::kLiveTasksAfter]),
      humanise_metric(Metric::kLiveTasksSettled, metrics[Metric::kLiveTasksSettled]),
      static_cast<double>(report.duration_ns) / 1e9);
}

// How long the blocks of a run took so far.
class BlockTimes {
 public:
  // To be asked before each block.
  bool another_fits(const RunPlan& plan) {
    const TimePoint now = SteadyClock().now();
    if (finished_ >= 0) longest_ = std::max(longest_, now - last_);
    last_ = now;
    ++finished_;
    return another_block_fits(plan, finished_, now - started_, longest_);
  }

 private:
  const TimePoint started_ = SteadyClock().now();
  TimePoint last_ = started_;
  Duration longest_{0};
  int finished_ = -1;
};

class Run {
 public:
  Run(const RunPlan& plan, const RunSettings& settings, const Context& ctx)
      : plan_(plan),
        ctx_(ctx),
        published_(published_of(plan)),
        cores_(plan_cores()),
        started_(std::chrono::system_clock::now()),
        folder_(RunFolder::create(settings.out, plan.manifest.name, started_)),
        progress_(settings.progress, stderr,
                  (plan.blocks + static_cast<int>(plan.profiles.size())) *
                      static_cast<int>(plan.arms.size()),
                  plan.settle * plan.rounds + kAroundTheRounds) {
    // All threads of the generator and the probes are started later and inherit this.
    pin_calling_thread(cores_.generator_cores);
    report_.id = folder_.id();
    report_.tool_version = settings.tool_version;
    report_.started_utc = format_utc(started_);
    report_.argv = settings.argv;
    report_.seed = plan.seed;
    report_.scenario = {plan.manifest.name, plan.manifest.title, plan.manifest.origin};
    report_.plan = describe_plan(plan);
    report_.environment = capture_environment();
    report_.warnings = environment_warnings(
        report_.environment,
        {.connects_in_flight = static_cast<std::int64_t>(LoadPlan{}.connects_in_flight),
         .cores_are_shared = cores_.shared});
    plan_repetitions();
    report_.profiles = planned_profiles(plan);
    folder_.write(report_);
    for (const Warning& warning : report_.warnings) progress_.note("warning: " + warning.message);
  }

  RunOutcome run() {
    start_idle_process();
    BlockTimes times;
    for (std::size_t i = 0; i < places_.size() && !failure_ && !ctx_.is_done(); ++i) {
      if (i % plan_.arms.size() == 0 && !times.another_fits(plan_)) {
        leave_out_from(i);
        break;
      }
      run_repetition(i);
    }
    if (options_were_refused()) {
      folder_.remove();
      throw *failure_;
    }
    for (std::size_t i = 0; i < report_.profiles.size() && !failure_ && !ctx_.is_done(); ++i) {
      // Planned for the arms in their order, again and again.
      take_profile(report_.profiles[i], plan_.arms[i % plan_.arms.size()]);
    }
    return finish();
  }

 private:
  void plan_repetitions() {
    int index = 0;
    for (std::size_t block = 0; block < plan_.order.size(); ++block) {
      for (const std::size_t arm : plan_.order[block]) {
        const int block_number = static_cast<int>(block) + 1;
        places_.push_back({++index, block_number, plan_.arms[arm]});
        PlannedRepetition planned;
        planned.index = index;
        planned.block = block_number;
        planned.arm = plan_.arms[arm].name;
        report_.repetitions.push_back(std::move(planned));
      }
    }
  }

  // The budget was settled before anything was measured, so the blocks that it left room for are
  // the whole plan, and the run is complete with them.
  void leave_out_from(std::size_t first) {
    const int blocks = static_cast<int>(first / plan_.arms.size());
    report_.plan.blocks = blocks;
    report_.plan.order.resize(static_cast<std::size_t>(blocks));
    report_.repetitions.resize(first);
    report_.warnings.push_back(
        {"budget", fmt::format("the budget of {} had room for {} of {} blocks; for more raise "
                               "--budget, or make the load smaller",
                               format_duration(*plan_.budget), blocks, plan_.blocks)});
    progress_.note("warning: " + report_.warnings.back().message);
  }

  // Without it the figures of the servers are as good as ever.
  void start_idle_process() {
    try {
      idle_process_.emplace(folder_.path() / "logs" / "idle-process.log", cores_.server_cores);
    } catch (const Error& error) {
      progress_.note(fmt::format("warning: no pauses of an idle process beside the servers: {}",
                                 error.what()));
    }
  }

  void run_repetition(std::size_t i) {
    const Repetition::Place& place = places_[i];
    PlannedRepetition& planned = report_.repetitions[i];
    planned.status = RepetitionStatus::kRunning;
    folder_.write(report_);
    progress_.begin_repetition(place.index, place.arm.name, plan_.load.connections,
                               plan_.load.requests);
    Repetition repetition(plan_, place, folder_, cores_, idle_process_ ? &*idle_process_ : nullptr,
                          progress_, ctx_);
    try {
      repetition.run();
      progress_.end_repetition(describe_repetition(repetition.report()));
    } catch (const Interrupted&) {
      planned.error = "interrupted";
      progress_.end_repetition("interrupted");
    } catch (const Error& error) {
      planned.error = error.what();
      failure_ = error;
      progress_.end_repetition("failed");
    }
    const RepetitionReport& report = repetition.report();
    planned.status = report.status;
    planned.file = RunFolder::repetition_file(place.index, place.arm.name);
    folder_.write(report);
    folder_.write(report_);
    finished_.push_back(report);
  }

  void take_profile(ProfileReport& report, const Arm& arm) {
    report.status = RepetitionStatus::kRunning;
    folder_.write(report_);
    progress_.begin_repetition(report.index, arm.name, plan_.load.connections, plan_.load.requests);
    ProfileRepetition repetition(plan_, arm, profile_window(plan_, finished_, arm.name), folder_,
                                 cores_, progress_, ctx_, report);
    try {
      repetition.run();
      progress_.end_repetition(fmt::format("{} profile taken", profile_kind_name(report.kind)));
    } catch (const Interrupted&) {
      progress_.end_repetition("interrupted");
    } catch (const Error& error) {
      failure_ = error;
      progress_.end_repetition("failed");
    }
    report = repetition.report();
    folder_.write(report_);
  }

  // Only a server knows which options it takes, and it starts when the folder is there already.
  bool options_were_refused() const {
    return failure_ && failure_->exit_code() == ExitCode::kUsage &&
           std::all_of(finished_.begin(), finished_.end(),
                       [](const RepetitionReport& report) { return report.rounds.empty(); });
  }

  RunOutcome finish() {
    report_.status = failure_         ? RunStatus::kFailed
                     : ctx_.is_done() ? RunStatus::kInterrupted
                                      : RunStatus::kComplete;
    report_.finished_utc = format_utc(std::chrono::system_clock::now());
    folder_.write(report_);
    Summary summary = summarise(
        report_, finished_, render_headline(plan_.manifest, plan_.load, plan_.options), published_);
    summary.control_failures = control_failures(plan_, summary);
    if (!summary.control_failures.empty()) summary.as_expected = false;
    folder_.write(summary);
    return {folder_.path(), summary, report_.profiles, failure_};
  }

  const RunPlan& plan_;
  const Context ctx_;
  const std::vector<PublishedComparison> published_;
  const CorePlan cores_;
  const std::chrono::system_clock::time_point started_;
  const RunFolder folder_;
  Progress progress_;
  std::optional<IdleProcess> idle_process_;
  RunReport report_;
  std::vector<Repetition::Place> places_;
  std::vector<RepetitionReport> finished_;
  std::optional<Error> failure_;
};

}  // namespace

RunOutcome run_plan(const RunPlan& plan, const RunSettings& settings, const Context& ctx) {
  check_programs(plan);
  check_descriptor_limit(plan.load.connections);
  check_ports(plan);
  return Run(plan, settings, ctx).run();
}

}  // namespace leakbench
