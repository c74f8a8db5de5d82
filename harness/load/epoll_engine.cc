#include "harness/load/epoll_engine.h"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "harness/base/error.h"
#include "runtime/net/stream.h"

namespace leakbench {
namespace {

constexpr std::size_t kBufferBytes = 64 * 1024;
// Few: what the kernel touches of a socket to tell of it is still in the cache when it is read.
constexpr std::size_t kEventsPerWait = 32;
// A peer that never stops sending must not hold up the other connections.
constexpr int kReadsPerTurn = 16;

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

timespec to_timespec(Duration duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  return {.tv_sec = seconds.count(), .tv_nsec = (duration - seconds).count()};
}

}  // namespace

EpollEngine::EpollEngine(std::size_t slots)
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      sockets_(slots),
      ready_(kEventsPerWait),
      buffer_(kBufferBytes) {
  if (epoll_.is_open()) return;
  throw Error(ExitCode::kEnvironmentUnfit,
              fmt::format("cannot make an epoll instance for the load: {}", std::strerror(errno)));
}

int EpollEngine::connect(Slot slot, const sockaddr_in& to, const sockaddr_in* from) {
  Socket& socket = sockets_[slot];
  Connecting connecting = start_connect(to, from);
  if (connecting.error) return connecting.error.value();
  disable_delay(connecting.fd.get());
  const std::uint32_t generation = socket.generation + 1;
  epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
                    .data = {.u64 = std::uint64_t{generation} << 32 | slot}};
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, connecting.fd.get(), &event) != 0) return errno;
  socket = Socket{.fd = std::move(connecting.fd),
                  .generation = generation,
                  .connecting = true,
                  .listed = socket.listed};
  return 0;
}

void EpollEngine::send(Slot slot, std::string_view bytes, bool tell) {
  Socket& socket = sockets_[slot];
  socket.unsent = bytes;
  socket.tell_sent = tell;
  try_send(socket);
  if (socket.send_error != 0 || (tell && socket.unsent.empty())) look_again(slot);
}

void EpollEngine::try_send(Socket& socket) {
  const ssize_t count =
      ::send(socket.fd.get(), socket.unsent.data(), socket.unsent.size(), MSG_NOSIGNAL);
  if (count >= 0) {
    socket.unsent.remove_prefix(static_cast<std::size_t>(count));
  } else if (!would_block(errno)) {
    socket.send_error = errno;
  }
}

void EpollEngine::set_receiving(Slot slot, Receiving receiving) {
  Socket& socket = sockets_[slot];
  socket.wanted = receiving == Receiving::kAll ? kEndless : 0;
  if (socket.readable) look_again(slot);
}

void EpollEngine::receive_some(Slot slot, std::size_t most) {
  Socket& socket = sockets_[slot];
  socket.wanted = most;
  if (socket.readable) look_again(slot);
}

void EpollEngine::close(Slot slot, Farewell farewell) {
  Socket& socket = sockets_[slot];
  if (!socket.fd.is_open()) return;
  if (farewell == Farewell::kReset) reset_on_close(socket.fd.get());
  // Events of this connection that were already fetched are known by its generation.
  socket = Socket{.generation = socket.generation, .listed = socket.listed};
}

void EpollEngine::wait(Duration at_most, EngineEvents& events) {
  const timespec timeout =
      to_timespec(again_.empty() ? std::max(at_most, Duration::zero()) : Duration::zero());
  const int count = ::epoll_pwait2(epoll_.get(), ready_.data(), static_cast<int>(ready_.size()),
                                   &timeout, nullptr);
  look_at_listed(events);
  for (int i = 0; i < count; ++i) on_epoll(ready_[static_cast<std::size_t>(i)], events);
}

void EpollEngine::on_epoll(const epoll_event& event, EngineEvents& events) {
  const auto slot = static_cast<Slot>(event.data.u64);
  Socket& socket = sockets_[slot];
  const auto generation = static_cast<std::uint32_t>(event.data.u64 >> 32);
  const auto is_gone = [&] { return !socket.fd.is_open() || socket.generation != generation; };
  if (is_gone()) return;
  if ((event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) socket.ending = true;
  if ((event.events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) socket.readable = true;
  if (socket.connecting) {
    if ((event.events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) == 0) return;
    socket.connecting = false;
    const bool failed = (event.events & (EPOLLHUP | EPOLLERR)) != 0;
    const int error = failed ? take_socket_error(socket.fd.get()) : 0;
    if (error != 0) socket.ended = Ended::kBroken;
    events.on_connected(slot, error);
  } else if ((event.events & EPOLLOUT) != 0 && !socket.unsent.empty()) {
    on_writable(slot, events);
  }
  if (is_gone()) return;
  if ((event.events & EPOLLERR) != 0 && socket.wanted == 0) {
    const int error = take_socket_error(socket.fd.get());
    if (error != 0) tell_end(slot, error, events);
  } else if (socket.readable) {
    read(slot, events);
  }
}

void EpollEngine::on_writable(Slot slot, EngineEvents& events) {
  Socket& socket = sockets_[slot];
  try_send(socket);
  tell_sent(slot, events);
}

void EpollEngine::tell_sent(Slot slot, EngineEvents& events) {
  Socket& socket = sockets_[slot];
  if (socket.send_error != 0) {
    tell_end(slot, socket.send_error, events);
  } else if (socket.unsent.empty() && std::exchange(socket.tell_sent, false)) {
    events.on_sent(slot);
  }
}

void EpollEngine::tell_end(Slot slot, int error, EngineEvents& events) {
  if (note_end(sockets_[slot].ended, error)) events.on_ended(slot, error);
}

void EpollEngine::read(Slot slot, EngineEvents& events) {
  Socket& socket = sockets_[slot];
  const std::uint32_t generation = socket.generation;
  for (int i = 0; i < kReadsPerTurn; ++i) {
    if (socket.ended != Ended::kNot) return;
    const std::size_t most = std::min(socket.wanted, buffer_.size());
    if (most == 0) return;
    const ssize_t count = ::recv(socket.fd.get(), buffer_.data(), most, 0);
    if (count <= 0) {
      socket.readable = false;
      if (count == 0 || !would_block(errno)) tell_end(slot, count == 0 ? 0 : errno, events);
      return;
    }
    const auto bytes = static_cast<std::size_t>(count);
    // Less than there was room for is all that there is, but the edge of the peer's end may have
    // come with it, and would not come again.
    socket.readable = bytes == most || socket.ending;
    if (socket.wanted != kEndless) socket.wanted = 0;
    events.on_received(slot, {buffer_.data(), bytes});
    if (!socket.fd.is_open() || socket.generation != generation || !socket.readable) return;
  }
  look_again(slot);
}

void EpollEngine::look_again(Slot slot) {
  if (std::exchange(sockets_[slot].listed, true)) return;
  again_.push_back(slot);
}

void EpollEngine::look_at_listed(EngineEvents& events) {
  looking_.clear();
  std::swap(looking_, again_);
  for (const Slot slot : looking_) {
    Socket& socket = sockets_[slot];
    socket.listed = false;
    if (!socket.fd.is_open() || socket.connecting) continue;
    const std::uint32_t generation = socket.generation;
    tell_sent(slot, events);
    if (!socket.fd.is_open() || socket.generation != generation) continue;
    if (socket.readable) read(slot, events);
  }
}

}  // namespace leakbench
