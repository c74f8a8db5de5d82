#include "harness/run/load_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "harness/base/error.h"
#include "harness/load/load_generator.h"
#include "harness/run/generator_watch.h"
#include "harness/run/load_counting.h"
#include "harness/run/load_status.h"
#include "harness/run/round.h"
#include "harness/target/preflight.h"

namespace leakbench {
namespace {

TimeSummary summary_of(const Histogram& times) {
  TimeSummary summary;
  summary.mean = times.mean();
  summary.p50 = supported_percentile(times, 50);
  summary.p90 = supported_percentile(times, 90);
  summary.p99 = supported_percentile(times, 99);
  summary.p999 = supported_percentile(times, 99.9);
  if (const auto most = times.max()) summary.max = static_cast<double>(*most);
  return summary;
}

// A run that was cut short has measured for less than it was asked.
Duration measured(const LoadResult& result, const LoadPlan& plan) {
  if (plan.duration) {
    if (!result.released || !result.ended) return Duration::zero();
    return std::min<Duration>(*plan.duration, *result.ended - *result.released);
  }
  if (!result.first_sent || !result.last_response) return Duration::zero();
  return *result.last_response - *result.first_sent;
}

void check_machine(const LoadPlan& plan) {
  constexpr std::string_view kOption = "--connections";
  const auto connections = static_cast<int>(plan.connections);
  check_descriptor_limit(connections, process_descriptor_limits(), kOption);
  check_port_range(connections, "/proc/sys/net/ipv4/ip_local_port_range", kOption);
}

void check_connected(const ConnectResult& connected, const LoadPlan& plan, const Context& ctx) {
  if (connected.established > 0 || ctx.is_done()) return;
  throw Error(
      ExitCode::kIncomplete,
      fmt::format("none of {} connections to {} could be opened ({}): is the server running?",
                  connected.asked, address_text(plan), list_outcomes(connected.outcomes)));
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
  report.connect_time = summary_of(result.connect.connect_time.of(Outcome::kOk));
  report.response_time = summary_of(result.response_time.of(Outcome::kOk));
  report.service_time = summary_of(result.service_time.of(Outcome::kOk));
}

LoadReport run_load(const LoadRun& run, Context ctx) {
  LoadReport report;
  report.url = run.url;
  report.model = model_name(run.plan);
  report.warm_up_ns = run.warm_up.count();

  check_machine(run.plan);
  LoadGenerator generator(run.plan, run.setup);
  LoadStatus status(run.progress, stderr, generator.progress());

  status.begin("connect", run.plan.connections, std::nullopt);
  const ConnectResult connected = generator.connect(ctx);
  status.end();
  check_connected(connected, run.plan, ctx);
  if (run.warm_up > Duration::zero()) {
    status.begin("warm-up", std::nullopt, run.warm_up);
    generator.warm_up(ctx, run.warm_up);
    status.end();
  }
  status.begin("measure",
               run.plan.duration ? std::nullopt : std::optional<std::uint64_t>(run.plan.requests),
               run.plan.duration);
  const GeneratorWatch watch;
  const LoadResult result = generator.run(ctx);
  report.generator = report_of(watch.use(), result.sent);
  status.end();
  report.interrupted = ctx.is_done();
  add_result(result, run.plan, report);
  return report;
}

}  // namespace leakbench
