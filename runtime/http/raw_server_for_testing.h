// A server that does whatever a test wants with each connection, on plain sockets and threads, so
// that the client is tested against something else than this runtime.
#ifndef LEAKBENCH_RUNTIME_HTTP_RAW_SERVER_FOR_TESTING_H_
#define LEAKBENCH_RUNTIME_HTTP_RAW_SERVER_FOR_TESTING_H_

#include <sys/socket.h>

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "runtime/net/file_descriptor.h"
#include "runtime/net/stream.h"

namespace leakbench {

// One connection that was accepted; closed when the test's function returns.
class RawConnection {
 public:
  RawConnection(FileDescriptor fd, int number) : fd_(std::move(fd)), number_(number) {
    const timeval limit{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  }

  int number() const { return number_; }  // in the order of their coming, from 0

  // The next request's head; empty when the client has closed.
  std::string read_head() {
    while (received_.find("\r\n\r\n") == received_.npos) {
      if (!receive()) return "";
    }
    const std::size_t end = received_.find("\r\n\r\n") + 4;
    std::string head = received_.substr(0, end);
    received_.erase(0, end);
    return head;
  }
  // True once the client has closed, in order or not; false when it has not for 20 s.
  bool read_to_end() {
    while (receive()) {
    }
    return ended_;
  }
  void send(std::string_view bytes) {
    (void)!::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  void send_ok(std::string_view body) {
    send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body));
  }
  void reset_on_close() { leakbench::reset_on_close(fd_.get()); }
  void shut_down() { ::shutdown(fd_.get(), SHUT_RDWR); }

 private:
  bool receive() {
    char buffer[4096];
    const ssize_t count = ::recv(fd_.get(), buffer, sizeof(buffer), 0);
    if (count > 0) received_.append(buffer, static_cast<std::size_t>(count));
    ended_ = count == 0 || (count < 0 && !would_block({errno, std::generic_category()}));
    return count > 0;
  }

  FileDescriptor fd_;
  const int number_;
  std::string received_;
  bool ended_ = false;
};

// Each connection has a thread of its own. The destructor waits until all their functions are
// through: whatever they wait for must have come, or be the client's end.
class RawServer {
 public:
  using Serve = std::function<void(RawConnection&)>;

  explicit RawServer(Serve serve) : serve_(std::move(serve)), listener_(open()) {
    acceptor_ = std::thread([this] { accept_all(); });
  }
  ~RawServer() {
    ::shutdown(listener_.get(), SHUT_RDWR);
    acceptor_.join();
    for (std::thread& thread : threads_) thread.join();
  }

  int connections() const { return connections_.load(); }
  std::string url(std::string_view target = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string(target);
  }

 private:
  FileDescriptor open() {
    FileDescriptor fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address = loopback(0);
    socklen_t length = sizeof(address);
    if (::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), length) != 0 ||
        ::listen(fd.get(), 1'000) != 0 ||
        ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &length) != 0) {
      throw std::system_error(errno, std::generic_category(), "no socket to listen on");
    }
    port_ = ntohs(address.sin_port);
    return fd;
  }

  void accept_all() {
    while (true) {
      FileDescriptor fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!fd.is_open()) return;
      threads_.emplace_back(
          [this, fd = std::move(fd), number = connections_.fetch_add(1)]() mutable {
            RawConnection connection(std::move(fd), number);
            serve_(connection);
          });
    }
  }

  const Serve serve_;
  std::uint16_t port_ = 0;
  const FileDescriptor listener_;
  std::atomic<int> connections_{0};
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_HTTP_RAW_SERVER_FOR_TESTING_H_
