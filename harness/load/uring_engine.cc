#include "harness/load/uring_engine.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "harness/base/error.h"
#include "runtime/net/stream.h"

namespace leakbench {
namespace {

// A longer message is sent in pieces: so none holds up the other connections for long, and none has
// to wait for room so often that the kernel would give it a thread to do so.
constexpr std::size_t kLongestPiece = 64 * 1024;

// user_data: whose an operation is.
constexpr unsigned kOperationBits = 3;
constexpr unsigned kSlotBits = 29;

// Not close() with SO_LINGER, which does nothing for as long as an operation holds the socket.
void reset_now(int fd) {
  const sockaddr nobody{.sa_family = AF_UNSPEC, .sa_data = {}};
  (void)::connect(fd, &nobody, sizeof(nobody));
}

}  // namespace

UringEngine::UringEngine(std::size_t slots) : sockets_(slots), ring_(slots) {
  const int error = buffers_.lend_to(ring_.raw());
  if (error == 0) return;
  throw Error(ExitCode::kEnvironmentUnfit,
              fmt::format("cannot give an io_uring its buffers: {}; choose the engine epoll",
                          std::strerror(error)));
}

// The ring, which holds the sockets too, goes a little later than its descriptor.
UringEngine::~UringEngine() {
  for (const Socket& socket : sockets_) {
    if (socket.fd.is_open()) ::shutdown(socket.fd.get(), SHUT_RDWR);
  }
}

int UringEngine::connect(Slot slot, const sockaddr_in& to, const sockaddr_in* from) {
  Connecting connecting = start_connect(to, from);
  if (connecting.error) return connecting.error.value();
  disable_delay(connecting.fd.get());
  Socket& socket = sockets_[slot];
  socket = Socket{
      .fd = std::move(connecting.fd), .generation = socket.generation + 1, .connecting = true};
  io_uring_sqe* const entry = ring_.next_entry();
  io_uring_prep_poll_add(entry, socket.fd.get(), POLLOUT);
  sign(entry, slot, Operation::kConnect);
  return 0;
}

void UringEngine::send(Slot slot, std::string_view bytes, bool tell) {
  Socket& socket = sockets_[slot];
  socket.unsent = bytes;
  socket.tell_sent = tell;
  send_rest(slot);
}

void UringEngine::send_rest(Slot slot) {
  const Socket& socket = sockets_[slot];
  const std::size_t size = std::min(socket.unsent.size(), kLongestPiece);
  io_uring_sqe* const entry = ring_.next_entry();
  // The kernel waits for room by itself: less than all is sent only where the connection breaks.
  io_uring_prep_send(entry, socket.fd.get(), socket.unsent.data(), size,
                     MSG_NOSIGNAL | MSG_WAITALL);
  const bool is_last = size == socket.unsent.size();
  if (is_last && !socket.tell_sent) entry->flags |= IOSQE_CQE_SKIP_SUCCESS;
  sign(entry, slot, Operation::kSend);
}

void UringEngine::set_receiving(Slot slot, Receiving receiving) {
  sockets_[slot].wanted = receiving == Receiving::kAll ? kAllBytes : kNone;
  receive_as_wanted(slot);
}

void UringEngine::receive_some(Slot slot, std::size_t most) {
  sockets_[slot].wanted = static_cast<Amount>(std::min(most, UringBuffers::kBufferBytes));
  receive_as_wanted(slot);
}

// One receive operation at a time, so that the bytes keep their order.
void UringEngine::receive_as_wanted(Slot slot) {
  const Socket& socket = sockets_[slot];
  if (socket.connecting || socket.ended != Ended::kNot) return;
  if (socket.under_way != kNone) {
    if (socket.wanted != kAllBytes && socket.wanted != socket.under_way) cancel_receiving(slot);
  } else if (socket.wanted != kNone) {
    start_receiving(slot);
  } else {
    watch(slot);
  }
}

void UringEngine::start_receiving(Slot slot) {
  Socket& socket = sockets_[slot];
  socket.under_way = socket.wanted;
  socket.cancelling = false;
  io_uring_sqe* const entry = ring_.next_entry();
  if (socket.wanted == kAllBytes) {
    io_uring_prep_recv_multishot(entry, socket.fd.get(), nullptr, 0, 0);
  } else {
    io_uring_prep_recv(entry, socket.fd.get(), nullptr, socket.wanted, 0);
  }
  entry->flags |= IOSQE_BUFFER_SELECT;
  entry->buf_group = UringBuffers::kGroup;
  sign(entry, slot, Operation::kReceive);
}

void UringEngine::cancel_receiving(Slot slot) {
  Socket& socket = sockets_[slot];
  if (std::exchange(socket.cancelling, true)) return;
  io_uring_sqe* const entry = ring_.next_entry();
  io_uring_prep_cancel64(entry, user_data(socket.generation, slot, Operation::kReceive), 0);
  entry->flags |= IOSQE_CQE_SKIP_SUCCESS;
  sign(entry, slot, Operation::kCancel);
}

// A poll for nothing is one for errors.
void UringEngine::watch(Slot slot) {
  Socket& socket = sockets_[slot];
  if (std::exchange(socket.watched, true)) return;
  io_uring_sqe* const entry = ring_.next_entry();
  io_uring_prep_poll_add(entry, socket.fd.get(), 0);
  sign(entry, slot, Operation::kWatch);
}

void UringEngine::close(Slot slot, Farewell farewell) {
  Socket& socket = sockets_[slot];
  if (!socket.fd.is_open()) return;
  // What is under way holds the socket, so that closing the descriptor alone would tell the peer
  // nothing. After either of these the kernel ends it, and looks at no bytes that it was to send.
  // What it has not been told of yet would find the descriptor's number gone, or another's.
  while (has_unsubmitted(socket)) ring_.submit();
  if (farewell == Farewell::kReset) {
    reset_now(socket.fd.get());
  } else {
    // First, so that bytes which nobody wants are not received, but make the end a reset.
    if (socket.under_way != kNone) cancel_receiving(slot);
    ::shutdown(socket.fd.get(), SHUT_RDWR);
  }
  // What is told of this connection from now on is known by its generation.
  socket = Socket{.generation = socket.generation};
}

void UringEngine::wait(Duration at_most, EngineEvents& events) {
  ring_.wait(at_most, [&](const Completion& completion) { on_completion(completion, events); });
}

void UringEngine::on_completion(const Completion& completion, EngineEvents& events) {
  const auto slot = static_cast<Slot>(completion.of >> kOperationBits & ((1U << kSlotBits) - 1));
  const auto operation = static_cast<Operation>(completion.of & ((1U << kOperationBits) - 1));
  if (is_open(slot, static_cast<std::uint32_t>(completion.of >> 32))) {
    switch (operation) {
      case Operation::kConnect:
        on_connected(slot, completion.result, events);
        break;
      case Operation::kSend:
        on_sent(slot, completion.result, events);
        break;
      case Operation::kReceive:
        on_received(slot, completion, events);
        break;
      case Operation::kWatch:
        on_watched(slot, events);
        break;
      case Operation::kCancel:
        on_not_cancelled(slot);
        break;
    }
  }
  if ((completion.flags & IORING_CQE_F_BUFFER) != 0) {
    buffers_.give_back(UringBuffers::number_in(completion.flags));
  }
}

void UringEngine::on_connected(Slot slot, int ready, EngineEvents& events) {
  Socket& socket = sockets_[slot];
  const std::uint32_t generation = socket.generation;
  socket.connecting = false;
  int error = 0;
  if (ready < 0) {
    error = -ready;
  } else if ((ready & (POLLERR | POLLHUP)) != 0) {
    error = take_socket_error(socket.fd.get());
  }
  if (error != 0) socket.ended = Ended::kBroken;
  events.on_connected(slot, error);
  if (is_open(slot, generation)) receive_as_wanted(slot);
}

void UringEngine::on_sent(Slot slot, int result, EngineEvents& events) {
  Socket& socket = sockets_[slot];
  if (result < 0) {
    tell_end(slot, -result, events);
    return;
  }
  socket.unsent.remove_prefix(std::min(static_cast<std::size_t>(result), socket.unsent.size()));
  if (!socket.unsent.empty()) {
    send_rest(slot);
  } else if (std::exchange(socket.tell_sent, false)) {
    events.on_sent(slot);
  }
}

void UringEngine::on_received(Slot slot, const Completion& completion, EngineEvents& events) {
  Socket& socket = sockets_[slot];
  const std::uint32_t generation = socket.generation;
  const bool goes_on = (completion.flags & IORING_CQE_F_MORE) != 0;
  const Amount given = goes_on ? kAllBytes : std::exchange(socket.under_way, kNone);
  if (completion.result > 0) {
    if (given != kAllBytes && socket.wanted != kAllBytes) socket.wanted = kNone;
    events.on_received(slot, buffers_.bytes(UringBuffers::number_in(completion.flags),
                                            static_cast<std::size_t>(completion.result)));
  } else if (completion.result != -ENOBUFS && completion.result != -ECANCELED) {
    tell_end(slot, -completion.result, events);
  }
  // Also where the buffers ran out: those told of before are free again by now.
  if (!goes_on && is_open(slot, generation)) receive_as_wanted(slot);
}

void UringEngine::on_watched(Slot slot, EngineEvents& events) {
  const int error = take_socket_error(sockets_[slot].fd.get());
  if (error != 0) tell_end(slot, error, events);
}

// The operation was ending by itself, or it was just then at work and goes on.
void UringEngine::on_not_cancelled(Slot slot) {
  sockets_[slot].cancelling = false;
  receive_as_wanted(slot);
}

void UringEngine::tell_end(Slot slot, int error, EngineEvents& events) {
  if (note_end(sockets_[slot].ended, error)) events.on_ended(slot, error);
}

std::uint64_t UringEngine::user_data(std::uint32_t generation, Slot slot, Operation operation) {
  static_assert(kSlotBits + kOperationBits == 32);
  return std::uint64_t{generation} << 32 | std::uint64_t{slot} << kOperationBits |
         static_cast<std::uint64_t>(operation);
}

bool UringEngine::is_open(Slot slot, std::uint32_t generation) const {
  const Socket& socket = sockets_[slot];
  return socket.fd.is_open() && socket.generation == generation;
}

void UringEngine::sign(io_uring_sqe* entry, Slot slot, Operation operation) {
  Socket& socket = sockets_[slot];
  io_uring_sqe_set_data64(entry, user_data(socket.generation, slot, operation));
  socket.last_entry = ring_.raw().sq.sqe_tail - 1;
}

bool UringEngine::has_unsubmitted(const Socket& socket) {
  const std::uint32_t entries_since = ring_.raw().sq.sqe_tail - 1 - socket.last_entry;
  return entries_since < io_uring_sq_ready(&ring_.raw());
}

}  // namespace leakbench
