#include "harness/target/control_client.h"

#include <fmt/format.h>
#include <httplib.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/socket.h>

#include <csignal>
#include <ctime>

namespace leakbench {
namespace {

// cpp-httplib sends without MSG_NOSIGNAL: writing to a server that has just died would end the
// harness. Keeps SIGPIPE from this thread for one call, whatever the process does with it.
class SigpipeBlocked {
 public:
  SigpipeBlocked() {
    sigemptyset(&sigpipe_);
    sigaddset(&sigpipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &sigpipe_, &before_);
  }
  ~SigpipeBlocked() {
    const timespec no_wait = {};
    // SIGPIPE is raised on the thread that wrote, so one that appeared meanwhile is ours to drop.
    if (!was_pending_) sigtimedwait(&sigpipe_, nullptr, &no_wait);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  SigpipeBlocked(const SigpipeBlocked&) = delete;
  SigpipeBlocked& operator=(const SigpipeBlocked&) = delete;

 private:
  sigset_t sigpipe_;
  sigset_t before_;
  bool was_pending_ = false;
};

}  // namespace

ControlClient::ControlClient(std::uint16_t port, Limits limits)
    : limits_(limits), client_(std::make_unique<httplib::Client>("127.0.0.1", port)) {
  client_->set_keep_alive(true);
  client_->set_url_encode(false);
  watchdog_ = std::thread([this] { watch_deadline(); });
}

ControlClient::~ControlClient() {
  {
    const std::lock_guard lock(watch_mutex_);
    closing_ = true;
  }
  watch_changed_.notify_one();
  watchdog_.join();
}

ControlReply ControlClient::get(const std::string& path, Limits limits) {
  const std::lock_guard one_request(request_mutex_);
  client_->set_connection_timeout(limits.time);
  client_->set_read_timeout(limits.time);
  client_->set_write_timeout(limits.time);
  const SigpipeBlocked no_sigpipe;
  {
    const std::lock_guard lock(watch_mutex_);
    if (cancelled_) return {0, "", "cancelled"};
    deadline_ = Clock::now() + limits.time;
    request_running_ = true;
  }
  watch_changed_.notify_one();

  const bool reused = client_->is_socket_open() != 0;
  ControlReply reply = get_once(path, limits);
  if (reply.status == 0 && reused && in_time()) reply = get_once(path, limits);

  const std::lock_guard lock(watch_mutex_);
  request_running_ = false;
  if (reply.status == 0 && cancelled_) {
    reply.problem = "cancelled";
  } else if (reply.status == 0 && Clock::now() >= deadline_) {
    reply.problem = fmt::format("no complete answer within {} ms", limits.time.count());
  }
  return reply;
}

bool ControlClient::in_time() {
  const std::lock_guard lock(watch_mutex_);
  return !cancelled_ && Clock::now() < deadline_;
}

void ControlClient::cancel() {
  {
    const std::lock_guard lock(watch_mutex_);
    cancelled_ = true;
  }
  watch_changed_.notify_one();
}

ControlReply ControlClient::get_once(const std::string& path, const Limits& limits) {
  ControlReply reply;
  bool too_large = false;
  // A server that sends head and body apart without TCP_NODELAY holds the body back until the head
  // is acknowledged, which the kernel delays by 40 ms on a kept-alive connection.
  const auto acknowledge_head = [&](const httplib::Response&) {
    const int on = 1;
    ::setsockopt(client_->socket(), IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
    return true;
  };
  const auto append = [&](const char* data, std::size_t length) {
    too_large = length > limits.body_bytes - reply.body.size();
    if (!too_large) reply.body.append(data, length);
    return !too_large;
  };
  const httplib::Result result = client_->Get(path, acknowledge_head, append);
  if (result) {
    reply.status = result->status;
    return reply;
  }
  reply.body.clear();
  reply.problem = too_large ? fmt::format("an answer of more than {} bytes", limits.body_bytes)
                  : result.error() == httplib::Error::Connection
                      ? "nobody accepts connections"
                      : "no complete answer (" + httplib::to_string(result.error()) + ")";
  return reply;
}

void ControlClient::watch_deadline() {
  std::unique_lock lock(watch_mutex_);
  while (!closing_) {
    if (!request_running_) {
      watch_changed_.wait(lock);
    } else if (!cancelled_ && Clock::now() < deadline_) {
      watch_changed_.wait_until(lock, deadline_);
    } else {
      // Under the lock, so that it never hits the connection of a later request. Repeated, because
      // the request may have been between two connections.
      client_->stop();
      watch_changed_.wait_for(lock, std::chrono::milliseconds(10));
    }
  }
}

}  // namespace leakbench
