#include "runtime/net/listener.h"

#include <sys/socket.h>

#include <cerrno>
#include <string>

#include "runtime/net/stream.h"

namespace leakbench {
namespace {

[[noreturn]] void throw_last_error(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

Listener::Listener(std::uint16_t port, int backlog)
    : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
  const std::string place = "127.0.0.1:" + std::to_string(port);
  if (!fd_.is_open()) throw_last_error("socket for " + place);
  const int on = 1;
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  sockaddr_in address = loopback(port);
  if (::bind(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    throw_last_error("cannot bind " + place);
  }
  if (::listen(fd_.get(), backlog) != 0) throw_last_error("cannot listen on " + place);
  socklen_t length = sizeof(address);
  if (::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    throw_last_error("getsockname for " + place);
  }
  port_ = ntohs(address.sin_port);
}

task<Acceptor::Accepted> Acceptor::accept(Context ctx) {
  while (!ctx.is_done()) {
    FileDescriptor fd(::accept4(socket_.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (fd.is_open()) co_return Accepted{std::move(fd), {}};
    switch (errno) {
      case EAGAIN:
        socket_.found_empty();
        (void)co_await socket_.readable(ctx);
        break;
      case EINTR:
      case ECONNABORTED:
      case EPROTO:
        break;  // that connection is gone; the next one may be fine
      default:
        co_return Accepted{FileDescriptor(), {errno, std::generic_category()}};
    }
  }
  co_return Accepted{FileDescriptor(), std::make_error_code(std::errc::operation_canceled)};
}

}  // namespace leakbench
