// A server to measure clients with: it gives every request the same few bytes, as fast as it can,
// so that the client is what limits the load. scripts/bench-load starts it.
//
// benchmark_responder epoll|io_uring: says its port in a line on stdout. Runs until SIGTERM, or
// until its parent has gone.
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <string_view>
#include <utility>

#include "harness/load/benchmark_server.h"
#include "runtime/net/file_descriptor.h"
#include "runtime/net/stream.h"

namespace leakbench {
namespace {

// On loopback, on a port that is free.
FileDescriptor listen() {
  FileDescriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!listener.is_open()) throw_last_error("socket");
  const sockaddr_in address = loopback(0);
  if (::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    throw_last_error("bind");
  }
  if (::listen(listener.get(), 65'535) != 0) throw_last_error("listen");
  return listener;
}

std::uint16_t port_of(const FileDescriptor& listener) {
  sockaddr_in address{};
  socklen_t length = sizeof(address);
  if (::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    throw_last_error("getsockname");
  }
  return ntohs(address.sin_port);
}

}  // namespace
}  // namespace leakbench

int main(int argc, char** argv) {
  using namespace leakbench;
  const std::string_view way = argc == 2 ? argv[1] : "";
  if (way != "epoll" && way != "io_uring") {
    fmt::print(stderr, "benchmark_responder: how is it to serve? epoll or io_uring\n");
    return 2;
  }
  // Whoever has gone before this has closed the other end of stdout, too, and the port ends it all.
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  try {
    FileDescriptor listener = listen();
    fmt::print("{}\n", port_of(listener));
    std::fflush(stdout);
    if (way == "epoll") serve_by_epoll(std::move(listener));
    serve_by_io_uring(std::move(listener));
  } catch (const std::exception& error) {
    fmt::print(stderr, "benchmark_responder: {}\n", error.what());
    return 1;
  }
}
