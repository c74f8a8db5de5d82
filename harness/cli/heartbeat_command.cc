#include "harness/cli/heartbeat_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdint>

#include "harness/cli/whole_number.h"
#include "runtime/control/heartbeat_server.h"

namespace leakbench {
namespace {

class HeartbeatCommand final : public Command {
 public:
  explicit HeartbeatCommand(CLI::App& app) {
    CLI::App* heartbeat = app.add_subcommand("heartbeat", "Beats once a millisecond until killed");
    heartbeat->group("");  // CLI11's way to hide it
    constexpr std::uint64_t kLastPort = 65'535;
    heartbeat->add_option("--control-port", port_, "Port that tells how late the beats came")
        ->check(whole_number(1, kLastPort))
        ->required();
  }

  ExitCode run(const std::vector<std::string>&) override {
    const HeartbeatServer server(port_);
    for (;;) ::pause();  // the default action of SIGTERM ends it
  }

 private:
  std::uint16_t port_ = 0;
};

}  // namespace

std::unique_ptr<Command> add_heartbeat_command(CLI::App& app) {
  return std::make_unique<HeartbeatCommand>(app);
}

}  // namespace leakbench
