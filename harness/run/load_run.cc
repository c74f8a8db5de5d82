#include "harness/run/load_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "harness/base/error.h"
#include "harness/load/load_generator.h"
#include "harness/report/atomic_file.h"
#include "harness/report/hdr_histogram.h"
#include "harness/run/generator_watch.h"
#include "harness/run/load_counting.h"
#include "harness/run/load_observers.h"
#include "harness/run/load_status.h"
#include "harness/run/time_summary.h"
#include "harness/target/preflight.h"
#include "harness/verdict/humanise.h"

namespace leakbench {
namespace {

constexpr Duration kLatestOnSchedule = std::chrono::milliseconds(1);  // p99
constexpr double kLeastOfSchedule = 0.99;

// A run that was cut short has measured for less than it was asked.
Duration measured(const LoadResult& result, const LoadPlan& plan) {
  if (plan.duration) {
    if (!result.released || !result.ended) return Duration::zero();
    return std::min<Duration>(*plan.duration, *result.ended - *result.released);
  }
  if (!result.first_sent || !result.last_response) return Duration::zero();
  return *result.last_response - *result.first_sent;
}

// What this machine has for it.
GeneratorSetup fit_machine(const LoadRun& run, LoadPlan& plan) {
  const auto connections = static_cast<int>(plan.connections);
  const GeneratorThreads threads = plan_threads(connections, run.threads);
  plan.source_addresses = source_addresses_for(connections);
  plan.connects_in_flight =
      std::min(plan.connects_in_flight, largest_backlog(plan.connects_in_flight));
  return {.threads = threads.threads,
          .engine = run.engine.value_or(preferred_engine(plan)),
          .own_descriptors = threads.own_descriptors};
}

void check_connected(const ConnectResult& connected, const LoadPlan& plan, const Context& ctx) {
  if (connected.established > 0 || ctx.is_done()) return;
  throw Error(
      ExitCode::kIncomplete,
      fmt::format("none of {} connections to {} could be opened ({}): is the server running?",
                  connected.asked, address_text(plan), list_outcomes(connected.outcomes)));
}

void add_outcomes(const LoadResult& result, LoadReport& report) {
  for (const Outcome outcome : kAllOutcomes) {
    const std::string name(to_string(outcome));
    if (result.outcomes.of(outcome) > 0) {
      report.outcomes.push_back(
          {.outcome = name,
           .response_time = summary_of(result.response_time.of(outcome)),
           .service_time = summary_of(result.service_time.of(outcome)),
           .first_byte_time = summary_of(result.first_byte_time.of(outcome))});
    }
    if (result.connect.outcomes.of(outcome) > 0) {
      report.connections_by_outcome.push_back(
          {name, summary_of(result.connect.connect_time.of(outcome))});
    }
  }
  OutcomeErrors errors = result.errors;
  for (const auto& [reason, count] : result.connect.errors) errors[reason] += count;
  for (const auto& [reason, count] : errors) {
    report.errors.push_back(
        {std::string(to_string(reason.first)), reason.second, static_cast<std::int64_t>(count)});
  }
}

void add_schedule(const LoadResult& result, const LoadPlan& plan, LoadReport& report) {
  if (!plan.arrivals) return;
  report.schedule = {.rates_rps = plan.arrivals->rates,
                     .due = static_cast<std::int64_t>(result.sent + result.unsent),
                     .unsent = static_cast<std::int64_t>(result.unsent),
                     .lag = summary_of(result.schedule_lag)};
}

void doubt_schedule(const LoadResult& result, LoadReport& report) {
  if (!report.schedule) return;
  std::vector<std::string>& doubts = report.generator.doubts;
  const auto lag = result.schedule_lag.percentile(99);
  if (lag && *lag > kLatestOnSchedule.count()) {
    doubts.push_back(
        fmt::format("the generator was late: 1 % of the requests were sent {} or more "
                    "after they were due, with a connection free",
                    humanise_ns(static_cast<double>(*lag))));
  }
  const auto due = static_cast<double>(report.schedule->due);
  if (static_cast<double>(report.requests.sent) < kLeastOfSchedule * due) {
    doubts.push_back(fmt::format(
        "{} of {} requests that were due were never sent, for want of a free connection, and are "
        "missing from the times: use more connections or a lower rate",
        humanise_count(static_cast<double>(report.schedule->unsent)), humanise_count(due)));
  }
}

}  // namespace

void add_result(const LoadResult& result, const LoadPlan& plan, LoadReport& report) {
  const Duration time = measured(result, plan);
  report.duration_ns = time.count();
  if (time > Duration::zero()) {
    const double seconds = std::chrono::duration<double>(time).count();
    report.throughput_rps = static_cast<double>(result.ok_in_time) / seconds;
  }
  report.connections = connection_counts(result);
  report.reconnects = static_cast<std::int64_t>(result.reconnects);
  const Histogram& answers = result.answers_per_connection;
  if (answers.count() > 0) {
    report.answers_per_connection = {*answers.min(), *answers.percentile(1), *answers.max()};
  }
  report.requests = request_counts(result);
  report.seed = plan.seed;
  report.aborts = plan.fates.options();
  add_outcomes(result, report);
  add_schedule(result, plan, report);
  report.connect_time = summary_of(result.connect.connect_time.of(Outcome::kOk));
  report.response_time = summary_of(result.response_time.of(Outcome::kOk));
  report.service_time = summary_of(result.service_time.of(Outcome::kOk));
  report.first_byte_time = summary_of(result.first_byte_time.of(Outcome::kOk));
}

EngineKind preferred_engine(const LoadPlan& plan) {
  // With so many, io_uring took a tenth less CPU time a request; with a hundred it took the same.
  constexpr std::size_t kManyConnections = 1'000;
  const bool many = plan.connections >= kManyConnections;
  return many && io_uring_is_available() ? EngineKind::kIoUring : EngineKind::kEpoll;
}

LoadReport run_load(const LoadRun& run, Context ctx) {
  LoadReport report;
  report.url = run.url;
  report.model = model_name(run.plan);
  report.warm_up_ns = run.warm_up.count();

  LoadPlan plan = run.plan;
  const GeneratorSetup setup = fit_machine(run, plan);
  LoadGenerator generator(plan, setup);
  LoadObservers observers(run, generator.progress());
  LoadStatus status(run.progress, stderr, generator.progress());
  status.begin("connect", plan.connections, std::nullopt);
  const ConnectResult connected = generator.connect(ctx);
  status.end();
  check_connected(connected, plan, ctx);
  if (run.warm_up > Duration::zero()) {
    status.begin("warm-up", std::nullopt, run.warm_up);
    generator.warm_up(ctx, run.warm_up);
    status.end();
  }
  status.begin("measure",
               plan.duration ? std::nullopt : std::optional<std::uint64_t>(plan.requests),
               plan.duration);
  const GeneratorWatch watch(setup.threads);
  const LoadResult result = generator.run(ctx, observers.any());
  report.generator = report_of(watch.use(), result.sent);
  report.generator.engine = to_string(setup.engine);
  status.end();
  observers.close();
  report.interrupted = ctx.is_done();
  add_result(result, plan, report);
  doubt_schedule(result, report);
  if (run.hgrm) {
    write_file_atomically(*run.hgrm, hgrm(result.response_time.of(Outcome::kOk), 1e-6));
  }
  return report;
}

}  // namespace leakbench
