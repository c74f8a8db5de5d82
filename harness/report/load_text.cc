#include <fmt/format.h>

#include <utility>

#include "harness/report/error_name.h"
#include "harness/report/load_report.h"
#include "harness/report/text_columns.h"
#include "harness/verdict/humanise.h"

namespace leakbench {
namespace {

std::string count(std::int64_t value) { return humanise_count(static_cast<double>(value)); }

std::string time(const std::optional<double>& ns) { return ns ? humanise_ns(*ns) : "n/a"; }

std::vector<std::string> times_row(const std::string& name, const TimeSummary& times) {
  return {name,
          time(times.mean),
          time(times.p50),
          time(times.p90),
          time(times.p99),
          time(times.p999),
          time(times.max)};
}

std::string times_table(const LoadReport& report, Colour colour) {
  const auto lines = align_columns({{"", "mean", "p50", "p90", "p99", "p99.9", "max"},
                                    times_row("Response time", report.response_time),
                                    times_row("Service time", report.service_time),
                                    times_row("First byte", report.first_byte_time),
                                    times_row("Connect time", report.connect_time)},
                                   {Align::kLeft, Align::kRight, Align::kRight, Align::kRight,
                                    Align::kRight, Align::kRight, Align::kRight});
  std::string text = styled(lines.front(), kBold, colour) + "\n";
  for (std::size_t i = 1; i < lines.size(); ++i) text += lines[i] + "\n";
  return text;
}

// "100,000 sent: 99,990 ok, 10 timeout"
std::string requests_text(const RequestCounts& r) {
  std::string text = fmt::format("{} sent", count(r.sent));
  const char* separator = ": ";
  for (const RequestOutcome& outcome : kRequestOutcomes) {
    const std::int64_t number = r.*outcome.count;
    if (number == 0) continue;
    text += fmt::format("{}{} {}", std::exchange(separator, ", "), count(number), outcome.name);
  }
  return text;
}

std::string connections_text(const LoadReport& report) {
  const ConnectionCounts& c = report.connections;
  const AnswersPerConnection& answers = report.answers_per_connection;
  return fmt::format(
      "{} asked, {} established, {} served, {} reconnects; answers each: least {}, p1 {}, most {}",
      count(c.asked), count(c.established), count(c.served), count(report.reconnects),
      count(answers.least), count(answers.p1), count(answers.most));
}

// "reset ECONNRESET 3, refused ECONNREFUSED 1"
std::string errors_text(const LoadReport& report) {
  std::string text;
  for (const OutcomeError& error : report.errors) {
    text += fmt::format("{}{} {} {}", text.empty() ? "" : ", ", error.outcome,
                        error_name(error.error), count(error.count));
  }
  return text;
}

// "20%@200ms:fin; seed 1"
std::string aborts_text(const LoadReport& report) {
  return fmt::format("{}; seed {}", fmt::join(report.aborts, ", "), report.seed);
}

// "5,000 due, 3 never sent, generator late: p99 20 us, max 1.1 ms; seed 1"
std::string schedule_text(const LoadReport& report) {
  const ScheduleReport& schedule = *report.schedule;
  std::string text = fmt::format("{} due", count(schedule.due));
  if (schedule.unsent > 0) text += fmt::format(", {} never sent", count(schedule.unsent));
  return text + fmt::format(", generator late: p99 {}, max {}; seed {}", time(schedule.lag.p99),
                            time(schedule.lag.max), report.seed);
}

std::string generator_text(const GeneratorReport& generator) {
  std::string text = generator.engine;
  if (generator.threads > 1) text += fmt::format(", {} threads", generator.threads);
  if (generator.cpu_ns_per_request) {
    text += fmt::format(", {} CPU per request", humanise_ns(*generator.cpu_ns_per_request));
  }
  if (generator.cpu_percent) {
    text += fmt::format(", {} % of a core", humanise_number(*generator.cpu_percent));
  }
  if (generator.memory_peak_bytes) {
    text += fmt::format(", at most {}",
                        humanise_bytes(static_cast<double>(*generator.memory_peak_bytes)));
  }
  return text;
}

}  // namespace

std::string load_text(const LoadReport& report, Colour colour) {
  const std::string head = fmt::format("{} · {}, {} connections, {}{}", report.url, report.model,
                                       count(report.connections.asked),
                                       humanise_ns(static_cast<double>(report.duration_ns)),
                                       report.interrupted ? ", interrupted" : "");
  std::string text = styled(head, kBold, colour) + "\n" + times_table(report, colour);
  const std::string throughput =
      report.throughput_rps ? fmt::format("{} ok/s", humanise_number(*report.throughput_rps))
                            : "n/a";
  std::vector<std::vector<std::string>> rows = {{"Throughput", throughput},
                                                {"Requests", requests_text(report.requests)}};
  if (!report.errors.empty()) rows.push_back({"Errors", errors_text(report)});
  if (!report.aborts.empty()) rows.push_back({"Aborts", aborts_text(report)});
  if (report.schedule) rows.push_back({"Schedule", schedule_text(report)});
  rows.push_back({"Connections", connections_text(report)});
  rows.push_back({"Generator", generator_text(report.generator)});
  for (const std::string& line : align_columns(rows, {Align::kLeft, Align::kLeft})) {
    text += line + "\n";
  }
  for (const std::string& doubt : report.generator.doubts) {
    text += styled("Not valid: " + doubt, kYellow, colour) + "\n";
  }
  if (report.schedule) return text;
  return text +
         "A closed loop cannot see coordinated omission: while the server stalls, it is asked "
         "less.\n";
}

}  // namespace leakbench
