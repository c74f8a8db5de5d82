#include "harness/target/ports.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "harness/base/error.h"
#include "harness/target/unique_fd.h"

namespace leakbench {
namespace {

sockaddr_in name_of(std::uint32_t address, std::uint16_t port) {
  sockaddr_in name = {};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(address);
  name.sin_port = htons(port);
  return name;
}

UniqueFd tcp_socket() { return UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)); }

bool bind_to(const UniqueFd& socket, std::uint16_t port) {
  const sockaddr_in address = name_of(INADDR_LOOPBACK, port);
  return ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace

std::vector<std::uint16_t> pick_free_ports(std::size_t count) {
  std::vector<UniqueFd> held;  // until all are picked, so that none is picked twice
  std::vector<std::uint16_t> ports;
  for (std::size_t i = 0; i < count; ++i) {
    UniqueFd socket = tcp_socket();
    sockaddr_in address = {};
    socklen_t length = sizeof address;
    if (!socket || !bind_to(socket, 0) ||
        ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &length) != 0) {
      throw Error(
          ExitCode::kEnvironmentUnfit,
          fmt::format("no free TCP port on 127.0.0.1: {}; close connections or wait a minute "
                      "until the closed ones are forgotten",
                      std::strerror(errno)));
    }
    ports.push_back(ntohs(address.sin_port));
    held.push_back(std::move(socket));
  }
  return ports;
}

std::uint16_t pick_free_port() { return pick_free_ports(1).front(); }

bool port_is_free(std::uint16_t port) {
  if (port == 0) return false;
  const UniqueFd socket = tcp_socket();
  const int on = 1;  // as servers do: connections of an earlier server do not count
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  return bind_to(socket, port) && ::listen(socket.get(), 1) == 0;
}

std::string connect_problem(std::uint32_t address, std::uint16_t port,
                            std::chrono::milliseconds time) {
  const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const sockaddr_in name = name_of(address, port);
  if (!socket) return std::strerror(errno);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) == 0)
    return "";
  if (errno != EINPROGRESS) return std::strerror(errno);
  pollfd settled{socket.get(), POLLOUT, 0};
  if (::poll(&settled, 1, static_cast<int>(time.count())) <= 0) {
    return fmt::format("no answer within {} ms", time.count());
  }
  int error = 0;
  socklen_t length = sizeof error;
  ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &length);
  return error == 0 ? "" : std::strerror(error);
}

}  // namespace leakbench
