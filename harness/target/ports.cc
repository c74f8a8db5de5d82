#include "harness/target/ports.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "harness/base/error.h"
#include "harness/target/unique_fd.h"

namespace leakbench {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

UniqueFd tcp_socket() { return UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)); }

bool bind_to(const UniqueFd& socket, std::uint16_t port) {
  const sockaddr_in address = loopback(port);
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

}  // namespace leakbench
