// An HTTP server inside the test process, and one that speaks no HTTP.
#ifndef LEAKBENCH_HARNESS_TARGET_TEST_SERVER_H_
#define LEAKBENCH_HARNESS_TARGET_TEST_SERVER_H_

#include <arpa/inet.h>
#include <httplib.h>
#include <sys/socket.h>

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "harness/target/unique_fd.h"

namespace leakbench {

// Serves what `add_routes` adds, on a free port of 127.0.0.1, until it is destroyed.
class TestHttpServer {
 public:
  explicit TestHttpServer(const std::function<void(httplib::Server&)>& add_routes) {
    // The default pool has one thread per core and keeps it while a connection is kept alive.
    server_.new_task_queue = [] { return new httplib::ThreadPool(8); };
    add_routes(server_);
    port_ = static_cast<std::uint16_t>(server_.bind_to_any_port("127.0.0.1"));
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~TestHttpServer() {
    server_.stop();
    thread_.join();
  }

  std::uint16_t port() const { return port_; }

 private:
  httplib::Server server_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

// Accepts one connection after the other and lets `talk` do with each what it likes; it must return
// soon after sending fails.
class TestRawServer {
 public:
  explicit TestRawServer(std::function<void(int socket)> talk)
      : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), talk_(std::move(talk)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const name = reinterpret_cast<sockaddr*>(&address);
    ::bind(listener_.get(), name, length);
    ::listen(listener_.get(), 16);
    ::getsockname(listener_.get(), name, &length);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] {
      while (true) {
        const UniqueFd connection(::accept(listener_.get(), nullptr, nullptr));
        if (!connection) return;
        {
          const std::lock_guard lock(mutex_);
          current_ = connection.get();
        }
        talk_(connection.get());
        const std::lock_guard lock(mutex_);
        current_ = -1;
      }
    });
  }
  ~TestRawServer() {
    ::shutdown(listener_.get(), SHUT_RDWR);
    {
      // A peer that closed with its window shut leaves send() waiting for minutes.
      const std::lock_guard lock(mutex_);
      if (current_ >= 0) ::shutdown(current_, SHUT_RDWR);
    }
    thread_.join();
  }

  std::uint16_t port() const { return port_; }

 private:
  UniqueFd listener_;
  std::function<void(int)> talk_;
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  int current_ = -1;  // the socket being talked on
  std::thread thread_;
};

inline bool send_text(int socket, const std::string& text) {
  return ::send(socket, text.data(), text.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(text.size());
}

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_TEST_SERVER_H_
