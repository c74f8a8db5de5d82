// A server for tests of the load generator: answers what its script says, byte for byte.
#ifndef LEAKBENCH_HARNESS_LOAD_TEST_RESPONDER_H_
#define LEAKBENCH_HARNESS_LOAD_TEST_RESPONDER_H_

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runtime/net/listener.h"
#include "runtime/net/stream.h"
#include "runtime/task/scheduler.h"
#include "runtime/task/sleep.h"

namespace leakbench {

struct Reply {
  enum class Then { kKeepOpen, kClose, kReset, kRepeatForEver };

  std::vector<std::string> pieces = {};  // each sent on its own; none: no answer
  Then then = Then::kKeepOpen;
};

inline Reply ok_reply() { return {{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"}}; }

inline Reply status_reply(int status) {
  return {{"HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: 0\r\n\r\n"}};
}

// On a worker of its own. All methods are safe from any thread.
class TestResponder {
 public:
  // Says what answers request `request` of connection `connection`, both from 0; called on the
  // responder's worker when the request is whole.
  using Script = std::function<Reply(std::size_t connection, std::size_t request)>;

  explicit TestResponder(Script script) : script_(std::move(script)) {
    Listener listener(0);
    port_ = listener.port();
    scheduler_.go(accept_all(std::move(listener)), "test acceptor");
  }

  std::uint16_t port() const { return port_; }
  std::size_t accepted() const { return accepted_; }
  std::size_t open() const { return open_; }
  std::size_t requests() const { return requests_; }
  // Addresses that connections came from.
  std::size_t clients() const {
    std::lock_guard guard(mutex_);
    return clients_.size();
  }
  // Connections that clients broke off (RST) while the responder waited for a request.
  std::size_t resets() const { return resets_; }
  std::string last_request() const {
    std::lock_guard guard(mutex_);
    return last_request_;
  }

 private:
  task<> accept_all(Listener listener) {
    Acceptor acceptor(std::move(listener));
    while (true) {
      Acceptor::Accepted accepted = co_await acceptor.accept(background());
      if (!accepted.fd.is_open()) {
        // Out of descriptors, which some tests are about: until there are some again.
        (void)co_await sleep_for(background(), std::chrono::milliseconds(1));
        continue;
      }
      note_client(accepted.fd.get());
      ++open_;
      go(serve(std::move(accepted.fd), accepted_++), "test connection");
    }
  }

  void note_client(int fd) {
    sockaddr_in client{};
    socklen_t length = sizeof(client);
    ::getpeername(fd, reinterpret_cast<sockaddr*>(&client), &length);
    std::lock_guard guard(mutex_);
    clients_.insert(client.sin_addr.s_addr);
  }

  task<> serve(FileDescriptor fd, std::size_t connection) {
    Stream stream(std::move(fd));
    std::string input;
    for (std::size_t request = 0;; ++request) {
      if (!co_await read_request(&stream, &input)) break;
      ++requests_;
      const Reply reply = script_(connection, request);
      if (!co_await send(&stream, &reply)) break;
      if (reply.then == Reply::Then::kReset) stream.reset_on_close();
      if (reply.then != Reply::Then::kKeepOpen) break;
    }
    --open_;
  }

  task<bool> send(Stream* stream, const Reply* reply) {
    bool first = true;
    do {
      for (const std::string& piece : reply->pieces) {
        // So that the pieces are not read as one.
        if (!first) (void)co_await sleep_for(background(), std::chrono::microseconds(300));
        first = false;
        if (co_await stream->write_all(background(), piece)) co_return false;
      }
    } while (reply->then == Reply::Then::kRepeatForEver);
    co_return true;
  }

  // One request with its body; false when the client has gone. Leaves what is behind it in `input`.
  task<bool> read_request(Stream* stream, std::string* input) {
    std::array<char, 4096> buffer;
    while (true) {
      const std::size_t size = size_of_request(*input);
      if (size > 0) {
        std::lock_guard guard(mutex_);
        last_request_ = input->substr(0, size);
        input->erase(0, size);
        co_return true;
      }
      const Stream::IoResult result = stream->try_read(buffer);
      input->append(buffer.data(), result.bytes);
      if (result.is_end) co_return false;
      if (result.error) {
        if (!would_block(result.error)) {
          ++resets_;
          co_return false;
        }
        (void)co_await stream->readable(background());
      }
    }
  }

  // 0 while it is not whole.
  static std::size_t size_of_request(const std::string& input) {
    const std::size_t header_end = input.find("\r\n\r\n");
    if (header_end == std::string::npos) return 0;
    const std::string kLength = "Content-Length: ";
    const std::size_t length_at = input.find(kLength);
    std::size_t size = header_end + 4;
    if (length_at < header_end) {
      size += std::strtoul(input.c_str() + length_at + kLength.size(), nullptr, 10);
    }
    return input.size() < size ? 0 : size;
  }

  const Script script_;
  std::uint16_t port_ = 0;
  std::atomic<std::size_t> accepted_{0};
  std::atomic<std::size_t> open_{0};
  std::atomic<std::size_t> requests_{0};
  std::atomic<std::size_t> resets_{0};
  mutable std::mutex mutex_;
  std::string last_request_;
  std::set<in_addr_t> clients_;
  // Last, so that it goes first: its tasks use all of the above.
  Scheduler scheduler_{{.workers = 1, .make_poller = make_epoll_poller}};
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_TEST_RESPONDER_H_
