#include <liburing.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "harness/load/benchmark_dialogue.h"
#include "harness/load/benchmark_server.h"
#include "harness/load/uring_buffers.h"
#include "harness/load/uring_ring.h"
#include "runtime/net/stream.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

// More than that wait for the kernel to have room.
constexpr std::size_t kMostPeers = 32'768;

// One operation receives from a connection for as long as it lasts. Sends are gathered and
// submitted together, and only those that fail are told of.
class UringServer {
 public:
  explicit UringServer(FileDescriptor listener)
      : listener_(std::move(listener)), ring_(kMostPeers) {
    const int error = buffers_.lend_to(ring_.raw());
    if (error != 0) throw std::system_error(error, std::generic_category(), "io_uring's buffers");
    accept();
  }

  [[noreturn]] void serve_for_ever() {
    while (true) {
      ring_.wait(1h, [this](const UringRing::Completion& completion) { on(completion); });
    }
  }

 private:
  enum class Operation : std::uint8_t { kAccept, kReceive, kSend, kClose };

  struct Peer {
    bool is_open = false;
    BenchmarkDialogue dialogue;
  };

  static void sign(io_uring_sqe* entry, int fd, Operation operation) {
    io_uring_sqe_set_data64(
        entry, static_cast<std::uint64_t>(fd) << 8 | static_cast<std::uint64_t>(operation));
  }

  void accept() {
    io_uring_sqe* const entry = ring_.next_entry();
    io_uring_prep_multishot_accept(entry, listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
    sign(entry, listener_.get(), Operation::kAccept);
  }

  void receive(int fd) {
    io_uring_sqe* const entry = ring_.next_entry();
    io_uring_prep_recv_multishot(entry, fd, nullptr, 0, 0);
    entry->flags |= IOSQE_BUFFER_SELECT;
    entry->buf_group = UringBuffers::kGroup;
    sign(entry, fd, Operation::kReceive);
  }

  // All or nothing, and at once: several sends that waited for room would go on in any order.
  void send(int fd, std::string_view bytes) {
    io_uring_sqe* const entry = ring_.next_entry();
    io_uring_prep_send(entry, fd, bytes.data(), bytes.size(),
                       MSG_NOSIGNAL | MSG_WAITALL | MSG_DONTWAIT);
    entry->flags |= IOSQE_CQE_SKIP_SUCCESS;
    sign(entry, fd, Operation::kSend);
  }

  // Behind what has been given to the ring to send.
  void close(int fd) {
    peer(fd).is_open = false;
    io_uring_sqe* const entry = ring_.next_entry();
    io_uring_prep_close(entry, fd);
    entry->flags |= IOSQE_CQE_SKIP_SUCCESS;
    sign(entry, fd, Operation::kClose);
  }

  Peer& peer(int fd) { return peers_[static_cast<std::size_t>(fd)]; }

  void on(const UringRing::Completion& completion) {
    const auto fd = static_cast<int>(completion.of >> 8);
    const bool goes_on = (completion.flags & IORING_CQE_F_MORE) != 0;
    switch (static_cast<Operation>(completion.of & 0xff)) {
      case Operation::kAccept:
        on_accepted(completion.result);
        if (!goes_on) accept();
        break;
      case Operation::kReceive:
        on_received(fd, completion, goes_on);
        break;
      case Operation::kSend:  // has failed; receiving tells of the end
        if (peer(fd).is_open) ::shutdown(fd, SHUT_RDWR);
        break;
      case Operation::kClose:
        break;
    }
  }

  void on_accepted(int fd) {
    if (fd == -ECONNABORTED || fd == -EINTR || fd == -EAGAIN) return;
    if (fd < 0) throw std::system_error(-fd, std::generic_category(), "accept");
    disable_delay(fd);
    const auto index = static_cast<std::size_t>(fd);
    if (index >= peers_.size()) peers_.resize(std::max(index + 1, 2 * index));
    peers_[index] = {.is_open = true, .dialogue = {}};
    receive(fd);
  }

  void on_received(int fd, const UringRing::Completion& completion, bool goes_on) {
    if (completion.result <= 0 && completion.result != -ENOBUFS) return close(fd);
    if (completion.result > 0) {
      const std::uint16_t buffer = UringBuffers::number_in(completion.flags);
      const auto size = static_cast<std::size_t>(completion.result);
      BenchmarkDialogue& dialogue = peer(fd).dialogue;
      dialogue.receive(buffers_.bytes(buffer, size));
      buffers_.give_back(buffer);
      while (!dialogue.unsent().empty()) {
        send(fd, dialogue.unsent());
        dialogue.sent(dialogue.unsent().size());
      }
    }
    if (!goes_on) receive(fd);
  }

  const FileDescriptor listener_;
  std::vector<Peer> peers_;  // by descriptor
  // Before the ring, as it is to outlive it: until the ring has gone the kernel writes to them.
  UringBuffers buffers_;
  UringRing ring_;
};

}  // namespace

void serve_by_io_uring(FileDescriptor listener) {
  UringServer(std::move(listener)).serve_for_ever();
}

}  // namespace leakbench
