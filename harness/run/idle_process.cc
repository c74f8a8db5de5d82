#include "harness/run/idle_process.h"

#include <chrono>
#include <string>
#include <utility>

#include "harness/target/ports.h"

namespace leakbench {
namespace {

std::vector<std::string> command_with(std::uint16_t port) {
  const auto self = std::filesystem::read_symlink("/proc/self/exe");
  return {self.string(), "heartbeat", "--control-port", std::to_string(port)};
}

}  // namespace

IdleProcess::IdleProcess(std::filesystem::path log_file, std::vector<int> cores)
    : port_(pick_free_port()),
      process_({"idle process", command_with(port_), std::move(log_file), std::move(cores)}),
      source_(make_metrics_source({{.kind = MetricsSourceKind::kLeakbench}}, port_)) {
  process_.wait_until_ready(port_, "/healthz", std::chrono::seconds(10));
}

}  // namespace leakbench
