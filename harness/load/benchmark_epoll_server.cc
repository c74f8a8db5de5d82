#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <utility>
#include <vector>

#include "harness/load/benchmark_dialogue.h"
#include "harness/load/benchmark_server.h"
#include "runtime/net/stream.h"

namespace leakbench {
namespace {

// A receive and a send for each request. Those that came together are all received before the first
// is answered, so that the kernel's code for either stays in the cache; they are few, so that the
// sockets do, too.
class EpollServer {
 public:
  explicit EpollServer(FileDescriptor listener)
      : listener_(std::move(listener)), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (!epoll_.is_open()) throw_last_error("epoll_create1");
    add(listener_.get());
  }

  [[noreturn]] void serve_for_ever() {
    std::array<epoll_event, 32> ready;
    while (true) {
      const int count =
          ::epoll_wait(epoll_.get(), ready.data(), static_cast<int>(ready.size()), -1);
      if (count < 0) {
        if (errno != EINTR) throw_last_error("epoll_wait");
        continue;
      }
      for (const epoll_event& event : std::span(ready).first(static_cast<std::size_t>(count))) {
        if (event.data.fd == listener_.get()) {
          accept_all();
        } else {
          receive_all(event.data.fd, (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0);
        }
      }
      for (const int fd : to_send_) send_all(fd);
      to_send_.clear();
    }
  }

 private:
  // All edges, once and for all: one that comes to nothing costs less than asking for each.
  void add(int fd) {
    epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data = {.fd = fd}};
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) throw_last_error("epoll_ctl");
  }

  void accept_all() {
    while (true) {
      const int fd = ::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0) {
        if (errno == EAGAIN) return;
        if (errno == ECONNABORTED || errno == EINTR) continue;
        throw_last_error("accept");
      }
      disable_delay(fd);
      const auto index = static_cast<std::size_t>(fd);
      if (index >= dialogues_.size()) dialogues_.resize(std::max(index + 1, 2 * index));
      dialogues_[index] = {};
      add(fd);
    }
  }

  BenchmarkDialogue& dialogue(int fd) { return dialogues_[static_cast<std::size_t>(fd)]; }

  // `is_ending`: the peer's end has come with this edge, and will not come again.
  void receive_all(int fd, bool is_ending) {
    while (true) {
      const ssize_t received = ::recv(fd, buffer_.data(), buffer_.size(), 0);
      if (received < 0 && errno == EAGAIN) break;
      if (received <= 0) {
        send_all(fd);
        ::close(fd);
        return;
      }
      const auto bytes = static_cast<std::size_t>(received);
      dialogue(fd).receive({buffer_.data(), bytes});
      if (bytes < buffer_.size() && !is_ending) break;
    }
    if (!dialogue(fd).unsent().empty()) to_send_.push_back(fd);
  }

  void send_all(int fd) {
    BenchmarkDialogue& with = dialogue(fd);
    while (!with.unsent().empty()) {
      const ssize_t sent = ::send(fd, with.unsent().data(), with.unsent().size(), MSG_NOSIGNAL);
      if (sent < 0) return;  // no room, which an edge ends; or no connection, which receiving tells
      with.sent(static_cast<std::size_t>(sent));
    }
  }

  const FileDescriptor listener_;
  const FileDescriptor epoll_;
  std::vector<BenchmarkDialogue> dialogues_;  // by descriptor
  std::vector<int> to_send_;
  std::array<char, 64 * 1024> buffer_;
};

}  // namespace

void serve_by_epoll(FileDescriptor listener) { EpollServer(std::move(listener)).serve_for_ever(); }

}  // namespace leakbench
