// A report of a load, for tests.
#ifndef LEAKBENCH_HARNESS_REPORT_SAMPLE_LOAD_H_
#define LEAKBENCH_HARNESS_REPORT_SAMPLE_LOAD_H_

#include "harness/report/load_report.h"

namespace leakbench::sample {

inline LoadReport load() {
  LoadReport report;
  report.url = "http://127.0.0.1:8080/";
  report.model = "closed";
  report.warm_up_ns = 1'000'000'000;
  report.duration_ns = 10'000'000'000;
  report.throughput_rps = 98'765;
  report.connections = {100, 100, 99};
  report.reconnects = 10;
  report.answers_per_connection = {0, 0, 10'100};
  report.requests = {.sent = 987'660, .ok = 987'650, .timeout = 10};
  report.response_time = {1'010'000, 900'000, 1'500'000, 2'500'000, 8'100'000, 9'000'000};
  report.service_time = {1'000'000.4, 900'000, 1'500'000, 2'500'000, 8'100'000, 9'000'000};
  report.connect_time = {50'000, 45'000, 80'000, std::nullopt, std::nullopt, 120'000};
  report.generator.cpu_ns_per_request = 8'100;
  report.generator.cpu_percent = 97.5;
  report.generator.memory_peak_bytes = 4'456'448;
  report.generator.doubts = {"the generator is at its limit"};
  return report;
}

}  // namespace leakbench::sample

#endif  // LEAKBENCH_HARNESS_REPORT_SAMPLE_LOAD_H_
