// A report of a load, for tests.
#ifndef LEAKBENCH_HARNESS_REPORT_SAMPLE_LOAD_H_
#define LEAKBENCH_HARNESS_REPORT_SAMPLE_LOAD_H_

#include "harness/report/load_report.h"

namespace leakbench::sample {

inline LoadReport load() {
  LoadReport report;
  report.url = "http://127.0.0.1:8080/";
  report.model = "poisson";
  report.seed = 7;
  report.aborts = {"20%@200ms:rst"};
  report.schedule = {.rates_rps = {100'000},
                     .due = 987'665,
                     .unsent = 5,
                     .lag = {2'000, 1'000, 4'000, 20'000, 90'000, 1'100'000}};
  report.warm_up_ns = 1'000'000'000;
  report.duration_ns = 10'000'000'000;
  report.throughput_rps = 98'765;
  report.connections = {100, 100, 99};
  report.reconnects = 10;
  report.answers_per_connection = {0, 0, 10'100};
  report.requests = {
      .sent = 987'660, .ok = 987'640, .reset = 8, .timeout = 10, .aborted_by_plan = 2};
  report.response_time = {1'010'000, 900'000, 1'500'000, 2'500'000, 8'100'000, 9'000'000};
  report.service_time = {1'000'000.4, 900'000, 1'500'000, 2'500'000, 8'100'000, 9'000'000};
  report.connect_time = {50'000, 45'000, 80'000, std::nullopt, std::nullopt, 120'000};
  report.first_byte_time = {900'000, 800'000, 1'400'000, 2'400'000, 8'000'000, 8'900'000};
  report.outcomes = {{"reset", {5'000, 5'000, 6'000, 7'000, 8'000, 9'000, 8, "AAAA"}, {}, {}}};
  report.connections_by_outcome = {{"ok", {50'000, 45'000, 80'000, {}, {}, 120'000, 100, "BBBB"}}};
  report.errors = {{"reset", 104, 8}};
  report.generator.engine = "io_uring";
  report.generator.threads = 2;
  report.generator.foreign_cpu_percent = 12.5;
  report.generator.stolen_percent = 0.5;
  report.generator.waited_percent = 1.25;
  report.generator.involuntary_switches = 42;
  report.generator.cpu_ns_per_request = 8'100;
  report.generator.cpu_percent = 97.5;
  report.generator.memory_peak_bytes = 4'456'448;
  report.generator.doubts = {"the generator is at its limit"};
  return report;
}

}  // namespace leakbench::sample

#endif  // LEAKBENCH_HARNESS_REPORT_SAMPLE_LOAD_H_
