#include "runtime/control/control_port.h"

#include <fmt/format.h>
#include <httplib.h>

#include <cerrno>
#include <system_error>

#include "runtime/control/onlooker.h"

namespace leakbench {

ControlPort::ControlPort() : http_(std::make_unique<httplib::Server>()) {
  // A kept-alive connection holds a thread: one each for whoever samples, for whoever waits for
  // tasks to drain, for whoever has a profile taken, and for whoever looks.
  http_->new_task_queue = [] { return new httplib::ThreadPool(4); };
  // A sampler keeps its connection; the default would close it every five requests.
  http_->set_keep_alive_max_count(1'000'000'000);
  http_->set_keep_alive_timeout(1);  // s; what a stop may have to wait for an idle client
  http_->set_tcp_nodelay(true);
  // cpp-httplib sets SO_REUSEPORT by default, with which a port in use would be taken all the same.
  http_->set_socket_options([](socket_t socket) {
    const int on = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  });
  http_->set_pre_routing_handler([](const httplib::Request&, httplib::Response&) {
    this_thread_looks_on = true;
    return httplib::Server::HandlerResponse::Unhandled;
  });
  http_->Get("/healthz", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("ok\n", "text/plain");
  });
}

ControlPort::~ControlPort() {
  http_->stop();
  if (thread_.joinable()) thread_.join();
}

std::uint16_t ControlPort::start(std::uint16_t port) {
  errno = 0;
  const std::uint16_t asked = port;
  if (port == 0) {
    const int bound = http_->bind_to_any_port("127.0.0.1");
    port = bound > 0 ? static_cast<std::uint16_t>(bound) : 0;
  } else if (!http_->bind_to_port("127.0.0.1", port)) {
    port = 0;
  }
  if (port == 0) {
    throw std::system_error(errno != 0 ? errno : EADDRINUSE, std::generic_category(),
                            fmt::format("cannot bind control port 127.0.0.1:{}", asked));
  }
  thread_ = std::thread([this] {
    this_thread_looks_on = true;
    http_->listen_after_bind();
  });
  // A stop() that comes before the loop runs would be lost.
  while (!http_->is_running()) std::this_thread::yield();
  return port;
}

}  // namespace leakbench
