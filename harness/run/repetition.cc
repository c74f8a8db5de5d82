#include "harness/run/repetition.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "harness/base/error.h"
#include "harness/load/load_generator.h"
#include "harness/report/utc_time.h"
#include "harness/run/exit_watch.h"
#include "harness/run/interrupt.h"
#include "harness/run/leak_sites.h"
#include "harness/run/load_counting.h"
#include "harness/target/preflight.h"
#include "harness/verdict/humanise.h"
#include "harness/verdict/judge.h"
#include "runtime/time/duration.h"

namespace leakbench {
namespace {

constexpr auto kStopGrace = std::chrono::seconds(5);
constexpr std::int64_t kWarmUpConnections = 100;

VerdictClass as_verdict(Expectation expectation) {
  switch (expectation) {
    case Expectation::kClean:
      return VerdictClass::kClean;
    case Expectation::kLingering:
      return VerdictClass::kLingering;
    case Expectation::kLeaking:
      return VerdictClass::kLeaking;
  }
  return VerdictClass::kClean;
}

TimePoint now() { return SteadyClock().now(); }

}  // namespace

// Marks a stretch of the timeline, in the samples, the report and the progress line.
class Repetition::PhaseScope {
 public:
  PhaseScope(Repetition& repetition, Phase phase, int round)
      : repetition_(repetition),
        report_{std::string(to_string(phase)), round, repetition.sampler_->now_ns(), 0} {
    repetition_.sampler_->set_phase(phase, round);
    repetition_.progress_.set_phase(report_.name);
  }
  ~PhaseScope() {
    report_.end_ns = repetition_.sampler_->now_ns();
    repetition_.report_.phases.push_back(report_);
    repetition_.sampler_->set_phase(Phase::kIdle, report_.round);
  }
  PhaseScope(const PhaseScope&) = delete;
  PhaseScope& operator=(const PhaseScope&) = delete;

 private:
  Repetition& repetition_;
  PhaseReport report_;
};

Repetition::Repetition(const RunPlan& plan, const Place& place, const RunFolder& folder,
                       const CorePlan& cores, IdleProcess* idle_process, Progress& progress,
                       Context ctx, Companion* companion)
    : plan_(plan),
      place_(place),
      folder_(folder),
      cores_(cores),
      idle_process_(idle_process),
      progress_(progress),
      ctx_(std::move(ctx)),
      companion_(companion),
      baseline_(place.arm.variant.expect == Expectation::kLeaking ? std::nullopt : plan.baseline),
      target_(plan, place_.arm, {folder, place.index}, cores) {
  report_.run_id = folder.id();
  report_.index = place.index;
  report_.block = place.block;
  report_.arm = place.arm.name;
  report_.variant = place.arm.variant.name;
  report_.status = RepetitionStatus::kRunning;
  report_.started_utc = format_utc(std::chrono::system_clock::now());
  report_.verdict.expected = as_verdict(place.arm.variant.expect);
  report_.load.connections.asked = plan.load.connections;
}

void Repetition::run() {
  try {
    start_target();
    warm_up();
    for (int round = 1; round <= plan_.rounds || goes_on(round); ++round) run_round(round);
    report_.status = RepetitionStatus::kComplete;
  } catch (const Interrupted&) {
    report_.status = RepetitionStatus::kInterrupted;
    stop_target();
    finish_report();
    throw;
  } catch (const Error& error) {
    report_.status = RepetitionStatus::kFailed;
    report_.evidence.target_failed = true;
    report_.evidence.failure = error.what();
    stop_target();
    finish_report();
    throw;
  }
  stop_target();
  finish_report();
}

void Repetition::start_target() {
  const bool started = target_.start([this] { return ctx_.is_done(); });
  report_.target = target_.report();
  if (!started) throw Interrupted();
  processes_.emplace(target_.watch(ReadingPace::kEveryTime));
  sampler_.emplace(target_.watch(ReadingPace::kSparing), MachineProbe(cores_.server_cores),
                   [this] { return meter_.read(); });
  progress_.watch(&*sampler_);
}

LoadPlan Repetition::load_plan(int connections, std::int64_t requests) const {
  LoadFigures figures = plan_.load;
  figures.connections = connections;
  figures.requests = requests;
  return make_load_plan(plan_.manifest, figures, target_.address(), plan_.seed);
}

void Repetition::throw_if_interrupted() const {
  if (ctx_.is_done()) throw Interrupted();
}

void Repetition::throw_if_target_died() const {
  // A server that is about to be seen as ended breaks its connections first.
  if (const auto died =
          target_.wait_for_unexpected_exit("under load", std::chrono::milliseconds(200))) {
    throw *died;
  }
}

void Repetition::warn(std::string warning) {
  progress_.note(fmt::format("warning: {}: {}", place_.arm.name, warning));
  report_.warnings.push_back(std::move(warning));
}

void Repetition::check_connections(const ConnectResult& connected) const {
  throw_if_interrupted();
  if (connected.established == connected.asked) return;
  throw_if_target_died();
  throw Error(
      ExitCode::kIncomplete,
      fmt::format("only {} of {} connections to arm {} were established ({}); see its log {}",
                  connected.established, connected.asked, place_.arm.name,
                  list_outcomes(connected.outcomes), target_.log_file().string()));
}

// Requests that fail are part of what a server does, and what they leave behind counts like
// anything else; only a target that is gone, or never answers, cannot be judged.
void Repetition::check_outcomes(const LoadResult& load, std::string_view what) {
  throw_if_interrupted();
  if (const auto died = target_.unexpected_exit("under load")) throw *died;
  const RequestCounts counts = request_counts(load);
  if (counts.errors() == 0 && counts.ok > 0) return;
  throw_if_target_died();
  const std::string outcomes = list_outcomes(load.outcomes);
  if (counts.ok == 0) {
    throw Error(
        ExitCode::kIncomplete,
        fmt::format("arm {}: none of {} {} was answered ({}); see its log {}", place_.arm.name,
                    counts.sent, what, outcomes, target_.log_file().string()));
  }
  warn(fmt::format("{} of {} {} failed ({}); the figures are of a server with errors",
                   counts.errors(), counts.sent, what, outcomes));
}

// Discarded: it brings code and memory to where a server that has run for a while has them.
void Repetition::warm_up() {
  const std::int64_t requests = plan_.load.warmup_requests;
  const PhaseScope phase(*this, Phase::kWarmUp, 0);
  if (requests > 0) {
    const auto most = static_cast<int>(
        std::min<std::int64_t>({kWarmUpConnections, requests, plan_.load.connections}));
    LoadGenerator generator(load_plan(most, requests));
    const ExitWatch watch(ctx_, target_.pids());
    const ConnectResult connected = generator.connect(watch.context());
    check_connections(connected);
    check_outcomes(generator.run(watch.context()), "warm-up requests");
    generator.close();
    (void)drain(now(), 0, std::nullopt);
  }
  processes_->collect_garbage();
  report_.live_tasks_baseline = processes_->read().live_tasks;
  report_.evidence.live_tasks_baseline = report_.live_tasks_baseline;
  profile_baseline_ = processes_->task_profile();
  full_profile_baseline_ = processes_->full_task_profile();
  if (report_.live_tasks_baseline.value_or(0) > 0) {
    SettledSites sites = settled_sites(full_profile_baseline_, baseline_, today_);
    report_.evidence.sites_baseline = std::move(sites.evidence);
    *report_.evidence.live_tasks_baseline -= sites.accepted;
  }
}

// Whether a round beyond those that were planned may tell what they cannot.
bool Repetition::goes_on(int round) const {
  return round <= plan_.most_rounds && wants_another_round(report_.evidence);
}

DrainResult Repetition::drain(TimePoint last_response, std::int64_t baseline,
                              const std::optional<DrainLook>& first) {
  const DrainPlan drain_plan{.baseline = baseline,
                             .linger_after = plan_.manifest.settle.linger_after,
                             .limit = plan_.settle};
  const DrainResult result = wait_for_drain(drain_plan, last_response,
                                            {.read = [this] { return processes_->read(); },
                                             .now = [] { return now(); },
                                             .sleep =
                                                 [this](Duration duration) {
                                                   return sleep_unless_done(ctx_, duration) &&
                                                          !target_.unexpected_exit("");
                                                 }},
                                            first);
  throw_if_interrupted();
  if (const auto died = target_.unexpected_exit("while its tasks were draining")) throw *died;
  return result;
}

PauseSnapshots Repetition::read_pauses() {
  return {processes_->pause(), processes_->os_pause(),
          idle_process_ ? idle_process_->pause() : std::nullopt};
}

SeriesValues Repetition::read_counters() {
  std::vector<std::string> names;
  for (const CounterSpec& counter : plan_.manifest.counters) names.push_back(counter.series);
  return names.empty() ? SeriesValues{} : processes_->series(names);
}

RoundReadings Repetition::measure_load(int round) {
  RoundReadings readings;
  const ProcProbe own(::getpid());
  own.reset_memory_peak();
  processes_->reset_memory_peaks();
  LoadGenerator generator(load_plan(plan_.load.connections, plan_.load.requests));
  progress_.watch(&generator.progress());
  // The progress line must not look at a generator that is gone, however this ends.
  const struct Unwatch {
    Progress& progress;
    ~Unwatch() { progress.watch(static_cast<const LoadProgress*>(nullptr)); }
  } unwatch{progress_};
  const ExitWatch watch(ctx_, target_.pids());
  {
    const PhaseScope phase(*this, Phase::kConnect, round);
    connected_ = generator.connect(watch.context());
    report_.load.connections.established = static_cast<std::int64_t>(connected_.established);
    check_connections(connected_);
  }
  readings.pauses_before = read_pauses();
  readings.inside_at_first_request = processes_->read();
  readings.counters_before = read_counters();
  const ProcReading own_before = own.read();
  readings.kernel_at_first_request = processes_->read_kernel_each();
  {
    const PhaseScope phase(*this, Phase::kLoad, round);
    readings.load = generator.run(watch.context(), &meter_);
    meter_.end_load();
  }
  // In this order: what changes by the microsecond first, the profile of a million tasks last.
  readings.kernel_at_last_response = processes_->read_kernel_each();
  readings.inside_each_at_last_response = processes_->read_each();
  readings.looked_inside = now();
  readings.profile_at_last_response = processes_->task_profile();
  readings.pauses_after_load = read_pauses();
  const ProcReading own_after = own.read();
  if (own_after.cpu_ns && own_before.cpu_ns) {
    report_.load.generator_cpu_ns =
        report_.load.generator_cpu_ns.value_or(0) + *own_after.cpu_ns - *own_before.cpu_ns;
  }
  if (own_after.memory_peak_bytes) {
    report_.load.generator_memory_peak_bytes = std::max(
        report_.load.generator_memory_peak_bytes.value_or(0), *own_after.memory_peak_bytes);
  }
  all_rounds_.merge(readings.load);
  report_.load.connections = connection_counts(all_rounds_);
  report_.load.requests = request_counts(all_rounds_);
  report_.load.connect_times = connect_times(all_rounds_);
  check_outcomes(readings.load, "requests");
  if (companion_ != nullptr) companion_->at_last_response();
  return readings;
}

void Repetition::run_round(int round) {
  if (companion_ != nullptr) companion_->before_round({target_.pid(), target_.control_port()});
  RoundReadings readings = measure_load(round);
  readings.answer_within = plan_.manifest.answer_within;
  readings.baseline = report_.live_tasks_baseline.value_or(0);
  if (!report_.rounds.empty()) {
    // What earlier rounds have left over is not this one's.
    const auto left_over = report_.rounds.back().metrics[Metric::kLiveTasksSettled];
    readings.baseline =
        std::max(readings.baseline, static_cast<std::int64_t>(left_over.value_or(0)));
  }
  const TimePoint last_response = readings.load.last_response.value();
  {
    const PhaseScope phase(*this, Phase::kDrain, round);
    // A profile of many tasks, and the closing of thousands of connections, came after that look.
    readings.drain = drain(last_response, readings.baseline,
                           DrainLook{readings.inside_at_last_response(), readings.looked_inside});
  }
  if (readings.drain.drained && !readings.drain.live_at_linger_check) {
    const auto linger_after = static_cast<double>(plan_.manifest.settle.linger_after.count());
    warn(
        fmt::format("round {}: live tasks were to be counted {} after the last response, and were "
                    "counted too late to tell whether any lingered",
                    round, humanise_ns(linger_after, 2)));
  }
  {
    // The same length for every arm, so that what a round costs can be compared; longer only where
    // the drain waited for tasks that were still ending.
    const PhaseScope phase(*this, Phase::kSettle, round);
    const TimePoint end = last_response + plan_.settle;
    while (now() < end) {
      if (const auto died = target_.unexpected_exit("while it settled")) throw *died;
      const Duration most = std::chrono::milliseconds(200);
      if (!sleep_unless_done(ctx_, std::min<Duration>(most, end - now()))) throw Interrupted();
    }
    // What collecting garbage costs is not the round's.
    readings.kernel_settled = processes_->read_kernel_each();
    readings.counters_after = read_counters();
    processes_->collect_garbage();
    readings.inside_each_settled = processes_->read_each();
    readings.rss_after_collection = processes_->read_kernel().rss_bytes;
    if (readings.settled().live_tasks.value_or(0) > 0) {
      readings.profile_settled = processes_->full_task_profile();
    }
  }
  add_round(round, readings);
  for (std::string& problem : processes_->take_problems()) warn(std::move(problem));
  if (companion_ != nullptr) companion_->after_round();
}

void Repetition::add_round(int round, const RoundReadings& readings) {
  report_.rounds.push_back({round, round_metrics(readings), readings.drain.drained,
                            round_pauses(readings),
                            round_counters(readings, plan_.manifest.counters)});
  SettledSites sites = settled_sites(readings.profile_settled, baseline_, today_);
  RoundEvidence evidence = round_evidence(readings, sites.accepted);
  evidence.sites = std::move(sites.evidence);
  report_.evidence.rounds.push_back(std::move(evidence));
  report_.leak_sites =
      leak_sites_of(above_baseline(readings.profile_at_last_response, profile_baseline_),
                    above_baseline(readings.profile_settled, full_profile_baseline_));
  if (baseline_) {
    add_reasons(*baseline_, sites.acceptance, readings.profile_settled, report_.leak_sites);
    acceptances_.push_back(std::move(sites.acceptance));
  }
  report_.processes = target_.process_reports();
  fill_processes(readings, report_.processes);
}

void Repetition::stop_target() {
  progress_.watch(static_cast<const Sampler*>(nullptr));
  if (sampler_) {
    sampler_->stop();
  }
  if (sampler_ && companion_ == nullptr) {
    std::vector<std::string> names;
    for (const ProcessReport& process : target_.process_reports()) names.push_back(process.name);
    folder_.write_samples(place_.index, place_.arm.name,
                          samples_to_csv(sampler_->samples(), names));
    report_.samples_file = RunFolder::samples_file(place_.index, place_.arm.name);
  }
  // A server that shuts down waits for whoever keeps a connection to its control port.
  sampler_.reset();
  processes_.reset();
  target_.stop(kStopGrace);
  report_.target = target_.report();
}

void Repetition::finish_report() {
  std::vector<MetricSet> rounds;
  for (const RoundReport& round : report_.rounds) rounds.push_back(round.metrics);
  report_.metrics = median_of(rounds);
  report_.counters = median_counters(report_.rounds);
  const Histogram& times = all_rounds_.response_time.of(Outcome::kOk);
  report_.response_time.count = static_cast<std::int64_t>(times.count());
  report_.response_time.percentiles = percentile_curve(times);
  report_.verdict.verdict =
      judge({plan_.manifest.settle.linger_after, plan_.settle, {report_.evidence}});
  add_growth(report_.verdict.verdict, report_.leak_sites);
  if (baseline_) {
    for (std::string& remark : allowlist_remarks(*baseline_, acceptances_, today_)) {
      warn(std::move(remark));
    }
  }
  report_.duration_ns = (now() - began_).count();
}

}  // namespace leakbench
