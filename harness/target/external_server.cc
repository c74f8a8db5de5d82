#include "harness/target/external_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "harness/target/pidfd.h"

namespace leakbench {
ExternalServer::ExternalServer(const ExternalTarget& target) : target_(target) {
  if (!target_.pid) return;
  pidfd_ = open_pidfd(static_cast<pid_t>(*target_.pid));
  if (pidfd_) return;
  throw Error(ExitCode::kUsage,
              fmt::format("{}: cannot watch its process, pid {}: {}; give the pid of the server "
                          "that runs now, or none",
                          description(), *target_.pid, std::strerror(errno)));
}

std::string ExternalServer::description() const {
  const in_addr address{htonl(target_.address)};
  std::array<char, INET_ADDRSTRLEN> text{};
  ::inet_ntop(AF_INET, &address, text.data(), text.size());
  return fmt::format("server at http://{}:{}", text.data(), target_.port);
}

std::optional<pid_t> ExternalServer::measured_pid() const {
  if (!target_.pid) return std::nullopt;
  return static_cast<pid_t>(*target_.pid);
}

std::optional<ExitStatus> ExternalServer::exit_status() const {
  if (!pidfd_ || !wait_for_exit(std::chrono::nanoseconds::zero())) return std::nullopt;
  return ExitStatus{};
}

bool ExternalServer::wait_for_exit(std::chrono::nanoseconds bound) const {
  return ends_within(pidfd_, bound);
}

StopReport ExternalServer::stop(std::chrono::nanoseconds) {
  if (exit_status()) return {};
  return {.how = StopReport::How::kLeftAlone, .status = {}, .took = {}};
}

}  // namespace leakbench
