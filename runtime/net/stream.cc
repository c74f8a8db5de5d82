#include "runtime/net/stream.h"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace leakbench {
namespace {

std::error_code last_error() { return {errno, std::generic_category()}; }

}  // namespace

void disable_delay(int fd) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

void reset_on_close(int fd) {
  const linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

bool would_block(const std::error_code& error) {
  return error == std::errc::operation_would_block ||
         error == std::errc::resource_unavailable_try_again;
}

Stream::Stream(FileDescriptor fd) : Socket(std::move(fd)) { disable_delay(this->fd()); }

Stream::IoResult Stream::try_read(std::span<char> into) {
  const ssize_t count = ::recv(fd(), into.data(), into.size(), 0);
  if (count > 0) {
    if (static_cast<std::size_t>(count) < into.size()) found_empty();
    return {static_cast<std::size_t>(count), {}, false};
  }
  if (count == 0) return {0, {}, true};
  const std::error_code error = last_error();
  if (would_block(error)) found_empty();
  return {0, error, false};
}

Stream::IoResult Stream::try_write(std::string_view bytes) {
  const ssize_t count = ::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (count >= 0) {
    if (static_cast<std::size_t>(count) < bytes.size()) found_full();
    return {static_cast<std::size_t>(count), {}, false};
  }
  const std::error_code error = last_error();
  if (would_block(error)) found_full();
  return {0, error, false};
}

task<std::error_code> Stream::write_all(Context ctx, std::string_view bytes) {
  while (true) {
    const IoResult result = try_write(bytes);
    bytes.remove_prefix(result.bytes);
    if (bytes.empty()) co_return std::error_code();
    if (result.error && !would_block(result.error)) co_return result.error;
    if (co_await writable(ctx)) {
      co_return std::make_error_code(std::errc::operation_canceled);
    }
  }
}

std::error_code Stream::connect_error() const {
  int error = 0;
  socklen_t length = sizeof(error);
  if (::getsockopt(fd(), SOL_SOCKET, SO_ERROR, &error, &length) != 0) return last_error();
  return {error, std::generic_category()};
}

void Stream::reset_on_close() { leakbench::reset_on_close(fd()); }

Connecting start_connect(const sockaddr_in& target, const sockaddr_in* source) {
  Connecting result;
  result.fd = FileDescriptor(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int fd = result.fd.get();
  if (fd < 0) {
    result.error = last_error();
    return result;
  }
  if (source != nullptr) {
    // The port is chosen at connect(), when the kernel knows the whole pair: it may then be shared.
    const int on = 1;
    ::setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
    if (::bind(fd, reinterpret_cast<const sockaddr*>(source), sizeof(*source)) != 0) {
      result.error = last_error();
      return result;
    }
  }
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&target), sizeof(target)) != 0 &&
      errno != EINPROGRESS) {
    result.error = last_error();
  }
  return result;
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

}  // namespace leakbench
