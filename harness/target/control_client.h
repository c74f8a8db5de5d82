// Asks a server's control port, and always comes back: a server that hangs, trickles its answer or
// sends without end costs its time limit and no more.
#ifndef LEAKBENCH_HARNESS_TARGET_CONTROL_CLIENT_H_
#define LEAKBENCH_HARNESS_TARGET_CONTROL_CLIENT_H_

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace httplib {
class Client;
}

namespace leakbench {

struct ControlReply {
  int status = 0;       // 0: no complete answer
  std::string body;     // of a complete answer
  std::string problem;  // why there is none, as one clause
};

// One kept-alive connection to 127.0.0.1:port. Thread safe: calls from several threads wait for
// each other, so give each thread that must not wait its own client.
class ControlClient {
 public:
  struct Limits {
    std::chrono::milliseconds time = std::chrono::seconds(1);  // for the whole of one get()
    std::size_t body_bytes = 16 << 20;
  };

  ControlClient(std::uint16_t port, Limits limits);
  explicit ControlClient(std::uint16_t port) : ControlClient(port, Limits()) {}
  ControlClient(const ControlClient&) = delete;
  ControlClient& operator=(const ControlClient&) = delete;
  ~ControlClient();

  // GET `path`. Returns within about `limits.time`; throws nothing but std::bad_alloc. A kept-alive
  // connection that turns out to be closed is opened anew once.
  ControlReply get(const std::string& path) { return get(path, limits_); }
  // The same for an answer that takes longer or is larger than others.
  ControlReply get(const std::string& path, Limits limits);

  // Has a get() that is under way on another thread, and every later one, come back at once.
  void cancel();

 private:
  using Clock = std::chrono::steady_clock;

  ControlReply get_once(const std::string& path, const Limits& limits);
  bool in_time();
  void watch_deadline();

  const Limits limits_;
  const std::unique_ptr<httplib::Client> client_;

  std::mutex request_mutex_;  // one request at a time; taken before watch_mutex_

  std::mutex watch_mutex_;
  std::condition_variable watch_changed_;
  bool request_running_ = false;  // the four from here: guarded by watch_mutex_
  bool closing_ = false;
  bool cancelled_ = false;
  Clock::time_point deadline_;

  std::thread watchdog_;  // cuts the connection of a request that is over its time
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_CONTROL_CLIENT_H_
