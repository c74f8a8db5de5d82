#include "harness/run/repetition.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "harness/base/error.h"
#include "harness/load/load_generator.h"
#include "harness/report/utc_time.h"
#include "harness/run/interrupt.h"
#include "harness/run/load_counting.h"
#include "harness/target/exit_status.h"
#include "harness/target/log_tail.h"
#include "harness/target/options.h"
#include "harness/target/ports.h"
#include "harness/target/preflight.h"
#include "harness/target/wording.h"
#include "harness/verdict/judge.h"
#include "runtime/time/duration.h"

namespace leakbench {
namespace {

constexpr auto kStopGrace = std::chrono::seconds(5);
constexpr std::size_t kWarmUpConnections = 100;
// What a program exits with that refuses its command line.
constexpr int kExitUsage = 2;

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

// Relative where that leads down from the working folder, so that a report reads the same wherever
// the project lies.
std::filesystem::path own_folder() {
  const auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  const auto relative = folder.lexically_proximate(std::filesystem::current_path());
  return *relative.begin() == ".." ? folder : relative;
}

std::map<std::string, std::string> environment_of(const Manifest& manifest,
                                                  const VariantSpec& variant) {
  auto environment = variant.environment;
  environment.insert(manifest.environment.begin(), manifest.environment.end());
  return environment;
}

TimePoint now() { return SteadyClock().now(); }

void fill_counts(const LoadResult& load, LoadSummary& summary) {
  summary.connections = connection_counts(load);
  summary.requests = request_counts(load);
  const Histogram& times = load.connect.connect_time.of(Outcome::kOk);
  if (times.count() > 0) {
    summary.connect_times =
        ConnectTimes{static_cast<double>(*times.percentile(50)),
                     static_cast<double>(*times.percentile(99)), static_cast<double>(*times.max())};
  }
}

// "--set job-duration=abc --set step=1s"
std::string list_given(const Options& options) {
  std::string text;
  for (const auto& [name, value] : options) {
    text += fmt::format("{}--set {}={}", text.empty() ? "" : " ", name, value);
  }
  return one_line(text);
}

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
      companion_(companion) {
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
    for (int round = 1; round <= plan_.rounds; ++round) run_round(round);
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
  const auto ports = pick_free_ports(2);
  port_ = plan_.port.value_or(ports[0]);
  control_port_ = plan_.control_port.value_or(ports[1]);
  const auto bin_dir = place_.arm.bin_dir.empty() ? own_folder() : place_.arm.bin_dir;
  const auto command = expand_command(plan_.manifest, {.bin_dir = bin_dir,
                                                       .variant = place_.arm.variant.name,
                                                       .port = port_,
                                                       .control_port = control_port_,
                                                       .options = plan_.options});
  report_.target.command = command;
  report_.target.cores = cores_.server_cores;
  report_.target.generator_cores = cores_.generator_cores;
  report_.target.options.assign(plan_.options.begin(), plan_.options.end());

  const auto log = folder_.path() / RunFolder::log_file(place_.index, place_.arm.name);
  server_.emplace(ServerSpec{place_.arm.name, command, log, cores_.server_cores,
                             environment_of(plan_.manifest, place_.arm.variant)});
  report_.target.pid = server_->pid();
  const auto cancelled = [this] { return ctx_.is_done(); };
  try {
    if (!server_->wait_until_ready(control_port_, plan_.manifest.ready.path,
                                   plan_.manifest.ready.timeout, cancelled)) {
      throw Interrupted();
    }
  } catch (const Error&) {
    const auto status = server_->exit_status();
    if (plan_.given_options.empty() || !status || status->code != kExitUsage) throw;
    const auto last_words = log_tail(server_->spec().log_file, 1);
    throw Error(ExitCode::kUsage,
                fmt::format("the server does not take {}: {}", list_given(plan_.given_options),
                            last_words.empty() ? "it " + describe(*status) : last_words.front()));
  }
  probe_.emplace(server_->pid());
  source_ = make_metrics_source(plan_.manifest.runtimes.front().metrics_sources, control_port_);
  sampler_.emplace(
      ProcProbe(server_->pid()), MachineProbe(cores_.server_cores),
      make_metrics_source(plan_.manifest.runtimes.front().metrics_sources, control_port_));
  progress_.watch(&*sampler_);
}

LoadPlan Repetition::load_plan(std::size_t connections, std::size_t requests) const {
  LoadPlan load;
  load.port = port_;
  load.method = plan_.manifest.requests.front().method;
  load.target = plan_.manifest.requests.front().path;
  load.connections = connections;
  load.source_addresses = source_addresses_for(static_cast<int>(connections));
  load.requests = requests;
  return load;
}

void Repetition::throw_if_interrupted() const {
  if (ctx_.is_done()) throw Interrupted();
}

void Repetition::throw_if_target_died(const Error& otherwise) const {
  // A server that is about to be seen as ended breaks its connections first.
  if (server_->wait_for_exit(std::chrono::milliseconds(200))) {
    throw server_->unexpected_exit("under load");
  }
  throw otherwise;
}

void Repetition::check_connections(const ConnectResult& connected) const {
  throw_if_interrupted();
  if (connected.established == connected.asked) return;
  throw_if_target_died(
      Error(ExitCode::kIncomplete,
            fmt::format("only {} of {} connections to arm {} were established ({}); see its log {}",
                        connected.established, connected.asked, place_.arm.name,
                        list_outcomes(connected.outcomes), server_->spec().log_file.string())));
}

void Repetition::check_outcomes(const LoadResult& load) const {
  throw_if_interrupted();
  if (load.outcomes.of(Outcome::kOk) == static_cast<std::uint64_t>(plan_.load.requests)) return;
  throw_if_target_died(
      Error(ExitCode::kIncomplete,
            fmt::format("arm {} answered {} of {} requests ({}); see its log {}", place_.arm.name,
                        load.outcomes.of(Outcome::kOk), plan_.load.requests,
                        list_outcomes(load.outcomes), server_->spec().log_file.string())));
}

// Discarded: it brings code and memory to where a server that has run for a while has them.
void Repetition::warm_up() {
  const auto requests = static_cast<std::size_t>(plan_.load.warmup_requests);
  const PhaseScope phase(*this, Phase::kWarmUp, 0);
  if (requests > 0) {
    const std::size_t most = std::min<std::size_t>(
        {kWarmUpConnections, requests, static_cast<std::size_t>(plan_.load.connections)});
    LoadGenerator generator(load_plan(most, requests));
    const ConnectResult connected = generator.connect(ctx_);
    check_connections(connected);
    const LoadResult load = generator.run(ctx_);
    throw_if_interrupted();
    if (load.outcomes.of(Outcome::kOk) != requests) {
      throw_if_target_died(
          Error(ExitCode::kIncomplete,
                fmt::format("arm {} answered {} of {} warm-up requests ({}); see its log {}",
                            place_.arm.name, load.outcomes.of(Outcome::kOk), requests,
                            list_outcomes(load.outcomes), server_->spec().log_file.string())));
    }
    generator.close();
    (void)drain(now());
  }
  report_.live_tasks_baseline = source_->read().live_tasks;
  report_.evidence.live_tasks_baseline = report_.live_tasks_baseline;
}

DrainResult Repetition::drain(TimePoint last_response) {
  const DrainPlan drain_plan{.baseline = report_.live_tasks_baseline.value_or(0),
                             .linger_after = plan_.manifest.settle.linger_after,
                             .limit = plan_.settle};
  const DrainResult result =
      wait_for_drain(drain_plan, last_response,
                     {.read = [this] { return source_->read(); },
                      .now = [] { return now(); },
                      .sleep =
                          [this](Duration duration) {
                            return sleep_unless_done(ctx_, duration) && !server_->exit_status();
                          }});
  throw_if_interrupted();
  if (server_->exit_status()) throw server_->unexpected_exit("while its tasks were draining");
  return result;
}

PauseSnapshots Repetition::read_pauses() const {
  return {source_->pause(), source_->os_pause(),
          idle_process_ ? idle_process_->pause() : std::nullopt};
}

RoundReadings Repetition::measure_load(int round) {
  RoundReadings readings;
  const ProcProbe own(::getpid());
  own.reset_memory_peak();
  probe_->reset_memory_peak();
  LoadGenerator generator(load_plan(static_cast<std::size_t>(plan_.load.connections),
                                    static_cast<std::size_t>(plan_.load.requests)));
  progress_.watch(&generator.progress());
  // The progress line must not look at a generator that is gone, however this ends.
  const struct Unwatch {
    Progress& progress;
    ~Unwatch() { progress.watch(static_cast<const LoadProgress*>(nullptr)); }
  } unwatch{progress_};
  {
    const PhaseScope phase(*this, Phase::kConnect, round);
    connected_ = generator.connect(ctx_);
    report_.load.connections.established = static_cast<std::int64_t>(connected_.established);
    check_connections(connected_);
  }
  readings.pauses_before = read_pauses();
  const ProcReading own_before = own.read();
  readings.at_first_request = probe_->read();
  {
    const PhaseScope phase(*this, Phase::kLoad, round);
    readings.load = generator.run(ctx_);
  }
  // In this order: the two that change by the microsecond first.
  readings.at_last_response = probe_->read();
  readings.profile_at_last_response = source_->task_profile();
  readings.profile_taken = now();
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
  fill_counts(all_rounds_, report_.load);
  check_outcomes(readings.load);
  if (companion_ != nullptr) companion_->at_last_response();
  return readings;
}

void Repetition::run_round(int round) {
  if (companion_ != nullptr) companion_->before_round({server_->pid(), control_port_});
  RoundReadings readings = measure_load(round);
  readings.baseline = report_.live_tasks_baseline.value_or(0);
  const TimePoint last_response = *readings.load.last_response;
  {
    const PhaseScope phase(*this, Phase::kDrain, round);
    readings.drain = drain(last_response);
  }
  // The look at the last response was the first of the drain; closing thousands of connections
  // came in between.
  const auto& profile = readings.profile_at_last_response;
  if (readings.drain.drained == true && profile && profile->live_tasks &&
      *profile->live_tasks <= readings.baseline) {
    readings.drain.drain_time = readings.profile_taken - last_response;
  }
  {
    // The same length for every arm, so that what a round costs can be compared.
    const PhaseScope phase(*this, Phase::kSettle, round);
    const TimePoint end = last_response + plan_.settle;
    while (now() < end) {
      if (server_->exit_status()) throw server_->unexpected_exit("while it settled");
      const Duration most = std::chrono::milliseconds(200);
      if (!sleep_unless_done(ctx_, std::min<Duration>(most, end - now()))) throw Interrupted();
    }
    readings.settled = source_->read();
    readings.at_settled = probe_->read();
  }
  add_round(round, readings);
  if (companion_ != nullptr) companion_->after_round();
}

void Repetition::add_round(int round, const RoundReadings& readings) {
  report_.rounds.push_back(
      {round, round_metrics(readings), readings.drain.drained, round_pauses(readings)});
  RoundEvidence evidence;
  if (readings.profile_at_last_response) {
    evidence.live_tasks_at_last_response = readings.profile_at_last_response->live_tasks;
    add_leak_sites(*readings.profile_at_last_response);
  }
  evidence.live_tasks_at_linger_check = readings.drain.live_at_linger_check;
  evidence.live_tasks_settled = readings.settled.live_tasks;
  evidence.drained = readings.drain.drained;
  evidence.drain_time = readings.drain.drain_time;
  evidence.requests_sent = static_cast<std::int64_t>(readings.load.sent);
  evidence.requests_answered = static_cast<std::int64_t>(readings.load.outcomes.of(Outcome::kOk));
  evidence.unhandled_exceptions = readings.settled.unhandled_exceptions_total;
  report_.evidence.rounds.push_back(evidence);
}

void Repetition::add_leak_sites(const TaskProfile& profile) {
  report_.leak_sites.clear();
  for (const TaskSite& site : profile.sites) {
    if (site.system || site.live <= 0) continue;
    report_.leak_sites.push_back(
        {site.name, site.file, static_cast<int>(site.line), site.function, site.live, site.waits});
  }
}

void Repetition::stop_target() {
  progress_.watch(static_cast<const Sampler*>(nullptr));
  if (sampler_) {
    sampler_->stop();
  }
  if (sampler_ && companion_ == nullptr) {
    const std::string file = RunFolder::samples_file(place_.index, place_.arm.name);
    folder_.write_samples(place_.index, place_.arm.name, samples_to_csv(sampler_->samples()));
    report_.samples_file = file;
  }
  // A server that shuts down waits for whoever keeps a connection to its control port.
  sampler_.reset();
  source_.reset();
  if (!server_) return;
  const StopReport stopped = server_->stop(kStopGrace);
  if (stopped.how != StopReport::How::kWasGone) {
    report_.target.stopped =
        stopped.how == StopReport::How::kGracefully ? StopKind::kGracefully : StopKind::kByForce;
  }
  report_.target.exit_code = stopped.status.code;
  report_.target.exit_signal = stopped.status.signal;
}

void Repetition::finish_report() {
  std::vector<MetricSet> rounds;
  for (const RoundReport& round : report_.rounds) rounds.push_back(round.metrics);
  report_.metrics = median_of(rounds);
  const Histogram& times = all_rounds_.response_time.of(Outcome::kOk);
  report_.response_time.count = static_cast<std::int64_t>(times.count());
  report_.response_time.percentiles = percentile_curve(times);
  report_.verdict.verdict =
      judge({plan_.manifest.settle.linger_after, plan_.settle, {report_.evidence}});
  report_.duration_ns = (now() - began_).count();
}

}  // namespace leakbench
