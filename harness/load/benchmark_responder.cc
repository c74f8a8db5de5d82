// The fastest server that a load can be measured against: every request head, whatever it asks for,
// gets the same small answer, over one thread and as few system calls as the engine allows, so that
// the client is what limits the two. scripts/bench-load starts it.
//
//   benchmark_responder [--engine epoll|io_uring]
//
// Says its port in a line of its own on stdout, and from then on a line for every million answers
// with how many there were so far. Runs until SIGTERM, or until its parent has gone.
#include <fmt/format.h>
#include <liburing.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "harness/load/engine.h"
#include "harness/load/uring_buffers.h"
#include "runtime/net/file_descriptor.h"
#include "runtime/net/stream.h"

namespace leakbench {
namespace {

// Clients of HTTP/1.0 keep a connection only where they are told that they may.
constexpr std::string_view kAnswer =
    "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok";
constexpr std::size_t kMostAtOnce = 64;  // answers in one system call, to a client that pipelines
constexpr std::uint64_t kAnnouncedEvery = 1'000'000;

[[noreturn]] void fail(const std::string& what, int error) {
  throw std::system_error(error, std::generic_category(), what);
}

// What one connection has asked, and what it has of the answers.
class Conversation {
 public:
  // Returns how many request heads end in `bytes`.
  std::size_t receive(std::string_view bytes) {
    static constexpr std::string_view kEnd = "\r\n\r\n";
    std::size_t heads = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (matched_ == 0) {
        i = bytes.find('\r', i);
        if (i == std::string_view::npos) break;
      }
      if (bytes[i] == kEnd[matched_]) {
        ++matched_;
      } else {
        matched_ = bytes[i] == '\r' ? 1 : 0;
      }
      if (matched_ == kEnd.size()) {
        matched_ = 0;
        ++heads;
      }
    }
    unsent_ += heads * kAnswer.size();
    return heads;
  }

  // As many of the answers' bytes as are due, and fit in one call; none: empty.
  std::string_view unsent() const {
    static const std::string answers = [] {
      std::string repeated;
      for (std::size_t i = 0; i < kMostAtOnce; ++i) repeated += kAnswer;
      return repeated;
    }();
    // They go round from where the last call stopped.
    const std::size_t begun = (kAnswer.size() - unsent_ % kAnswer.size()) % kAnswer.size();
    return std::string_view(answers).substr(begun, unsent_);
  }
  void sent(std::size_t bytes) { unsent_ -= bytes; }

 private:
  std::size_t matched_ = 0;  // of the end of a head, by the last bytes received
  std::size_t unsent_ = 0;   // bytes
};

class Responder {
 public:
  virtual ~Responder() = default;
  virtual void serve_for_ever() = 0;

 protected:
  explicit Responder(FileDescriptor listener) : listener_(std::move(listener)) {}

  int listener() const { return listener_.get(); }
  // By descriptor; a new one is made for one that is not there yet.
  Conversation& conversation(int fd) {
    const auto index = static_cast<std::size_t>(fd);
    if (index >= conversations_.size()) conversations_.resize(std::max(index + 1, 2 * index));
    return conversations_[index];
  }
  void count(std::size_t answers) {
    answers_ += answers;
    if (answers_ < next_announced_) return;
    fmt::print("{}\n", next_announced_);
    std::fflush(stdout);
    next_announced_ += kAnnouncedEvery;
  }

 private:
  FileDescriptor listener_;
  std::vector<Conversation> conversations_;
  std::uint64_t answers_ = 0;
  std::uint64_t next_announced_ = kAnnouncedEvery;
};

// A receive and a send for each request.
class EpollResponder final : public Responder {
 public:
  explicit EpollResponder(FileDescriptor listener)
      : Responder(std::move(listener)), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (!epoll_.is_open()) fail("epoll_create1", errno);
    add(this->listener());
  }

  void serve_for_ever() override {
    std::array<epoll_event, 512> events;
    while (true) {
      const int count =
          ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < count; ++i) {
        const int fd = events[static_cast<std::size_t>(i)].data.fd;
        if (fd == listener()) {
          accept_all();
        } else {
          serve(fd);
        }
      }
    }
  }

 private:
  void add(int fd) {
    epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLET, .data = {.fd = fd}};
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl", errno);
  }

  void accept_all() {
    int fd = 0;
    while ((fd = ::accept4(listener(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
      disable_delay(fd);
      conversation(fd) = {};
      add(fd);
    }
  }

  // Edges of both directions come here; a call too many finds nothing and costs little.
  void serve(int fd) {
    Conversation& with = conversation(fd);
    while (send(fd, with)) {
      const ssize_t received = ::recv(fd, buffer_.data(), buffer_.size(), 0);
      if (received <= 0) {
        if (received == 0 || errno != EAGAIN) ::close(fd);
        return;
      }
      const auto bytes = static_cast<std::size_t>(received);
      count(with.receive({buffer_.data(), bytes}));
      if (bytes < buffer_.size()) break;
    }
    send(fd, with);
  }

  // Whether all is sent.
  bool send(int fd, Conversation& with) {
    while (!with.unsent().empty()) {
      const std::string_view bytes = with.unsent();
      const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0) return false;
      with.sent(static_cast<std::size_t>(sent));
    }
    return true;
  }

  FileDescriptor epoll_;
  std::array<char, 64 * 1024> buffer_;
};

// One system call for all that have asked meanwhile.
class UringResponder final : public Responder {
 public:
  explicit UringResponder(FileDescriptor listener) : Responder(std::move(listener)) {
    io_uring_params parameters{};
    parameters.flags = IORING_SETUP_SUBMIT_ALL | IORING_SETUP_SINGLE_ISSUER |
                       IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE;
    parameters.cq_entries = 32 * 1024;
    const int result = io_uring_queue_init_params(512, &ring_, &parameters);
    if (result != 0) fail("io_uring_queue_init_params", -result);
    const int error = buffers_.lend_to(ring_);
    if (error != 0) fail("io_uring_register_buf_ring", error);
  }

  void serve_for_ever() override {
    accept();
    while (true) {
      io_uring_submit_and_wait(&ring_, 1);
      io_uring_cqe* next = nullptr;
      for (int i = 0; i < 512 && io_uring_peek_cqe(&ring_, &next) == 0; ++i) {
        const io_uring_cqe done = *next;
        io_uring_cqe_seen(&ring_, next);
        const int fd = static_cast<int>(done.user_data >> 8);
        switch (static_cast<Operation>(done.user_data & 255)) {
          case Operation::kAccept:
            on_accepted(done);
            break;
          case Operation::kReceive:
            on_received(fd, done);
            break;
          case Operation::kSend:
            break;
        }
      }
    }
  }

 private:
  enum class Operation : std::uint8_t { kAccept, kReceive, kSend };

  io_uring_sqe* entry(int fd, Operation operation) {
    io_uring_sqe* sqe = nullptr;
    while ((sqe = io_uring_get_sqe(&ring_)) == nullptr) io_uring_submit(&ring_);
    (void)fd;
    (void)operation;
    return sqe;
  }
  void sign(io_uring_sqe* sqe, int fd, Operation operation) {
    io_uring_sqe_set_data64(
        sqe, static_cast<std::uint64_t>(fd) << 8 | static_cast<std::uint64_t>(operation));
  }
  void accept() {
    io_uring_sqe* sqe = entry(listener(), Operation::kAccept);
    io_uring_prep_multishot_accept(sqe, listener(), nullptr, nullptr, SOCK_CLOEXEC);
    sign(sqe, listener(), Operation::kAccept);
  }
  void receive(int fd) {
    io_uring_sqe* sqe = entry(fd, Operation::kReceive);
    io_uring_prep_recv_multishot(sqe, fd, nullptr, 0, 0);
    sqe->flags |= IOSQE_BUFFER_SELECT;
    sqe->buf_group = UringBuffers::kGroup;
    sign(sqe, fd, Operation::kReceive);
  }
  void on_accepted(const io_uring_cqe& done) {
    if (done.res >= 0) {
      disable_delay(done.res);
      conversation(done.res) = {};
      receive(done.res);
    }
    if ((done.flags & IORING_CQE_F_MORE) == 0) accept();
  }
  void on_received(int fd, const io_uring_cqe& done) {
    if (done.res > 0) {
      const std::uint16_t number = UringBuffers::number_in(done.flags);
      Conversation& with = conversation(fd);
      count(with.receive(buffers_.bytes(number, static_cast<std::size_t>(done.res))));
      buffers_.give_back(number);
      const std::string_view bytes = with.unsent();
      if (!bytes.empty()) {
        io_uring_sqe* sqe = entry(fd, Operation::kSend);
        io_uring_prep_send(sqe, fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_WAITALL);
        sqe->flags |= IOSQE_CQE_SKIP_SUCCESS;
        sign(sqe, fd, Operation::kSend);
        with.sent(bytes.size());
      }
    } else if (done.res != -ENOBUFS) {
      ::close(fd);
      return;
    }
    if ((done.flags & IORING_CQE_F_MORE) == 0) receive(fd);
  }

  io_uring ring_{};
  UringBuffers buffers_;
};

FileDescriptor listen_on_loopback(std::uint16_t& port) {
  FileDescriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof(address);
  if (::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), length) != 0 ||
      ::listen(listener.get(), 65'535) != 0 ||
      ::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &length) != 0) {
    fail("cannot listen", errno);
  }
  port = ntohs(address.sin_port);
  return listener;
}

}  // namespace
}  // namespace leakbench

int main(int argc, char** argv) {
  using namespace leakbench;
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  std::uint16_t port = 0;
  FileDescriptor listener = listen_on_loopback(port);
  fmt::print("{}\n", port);
  std::fflush(stdout);
  if (argc > 1 && std::string_view(argv[1]) == "io_uring") {
    UringResponder(std::move(listener)).serve_for_ever();
  } else {
    EpollResponder(std::move(listener)).serve_for_ever();
  }
}
