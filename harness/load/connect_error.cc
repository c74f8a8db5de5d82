#include "harness/load/connect_error.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

namespace leakbench {
namespace {

const char* remedy_for(int error) {
  switch (error) {
    case EMFILE:
      return "raise the limit with 'ulimit -n' or use fewer connections";
    case EADDRNOTAVAIL:
      return "widen net.ipv4.ip_local_port_range or use fewer connections";
    default:
      return "close other programs or use fewer connections";
  }
}

}  // namespace

std::optional<Outcome> outcome_of_connect(int error) {
  switch (error) {
    case 0:
      return Outcome::kOk;
    case ECONNREFUSED:
      return Outcome::kRefused;
    case ECONNRESET:
      return Outcome::kReset;
    case ETIMEDOUT:
      return Outcome::kConnectTimeout;
    default:
      return std::nullopt;
  }
}

Error cannot_open(const LoadPlan& plan, std::uint64_t opened, int error) {
  return Error(
      ExitCode::kEnvironmentUnfit,
      fmt::format("opened {} of {} connections to {}, then: {}; {}", opened, plan.connections,
                  address_text(plan), std::strerror(error), remedy_for(error)));
}

}  // namespace leakbench
