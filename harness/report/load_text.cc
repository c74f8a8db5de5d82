#include <fmt/format.h>

#include <utility>

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

std::string generator_text(const GeneratorReport& generator) {
  std::string text = generator.engine;
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
  for (const std::string& line : align_columns({{"Throughput", throughput},
                                                {"Requests", requests_text(report.requests)},
                                                {"Connections", connections_text(report)},
                                                {"Generator", generator_text(report.generator)}},
                                               {Align::kLeft, Align::kLeft})) {
    text += line + "\n";
  }
  for (const std::string& doubt : report.generator.doubts) {
    text += styled("Not valid: " + doubt, kYellow, colour) + "\n";
  }
  return text +
         "A closed loop cannot see coordinated omission: while the server stalls, it is asked "
         "less.\n";
}

}  // namespace leakbench
