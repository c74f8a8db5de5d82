#include "runtime/control/control_server.h"

#include <fmt/format.h>
#include <httplib.h>

#include <cerrno>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <system_error>

#include "runtime/control/metrics.h"
#include "runtime/control/task_json.h"

namespace leakbench {
namespace {

constexpr std::size_t kDefaultTaskLimit = 1'000;
constexpr std::size_t kLargestTaskLimit = 1'000'000;

std::optional<std::size_t> parse_count(const std::string& text) {
  std::size_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  return value;
}

void answer_tasks(Scheduler& scheduler, const httplib::Request& request,
                  httplib::Response& response) {
  std::optional<std::size_t> limit;
  if (request.get_param_value("full") == "1") limit = kDefaultTaskLimit;
  if (request.has_param("limit")) {
    const auto asked = parse_count(request.get_param_value("limit"));
    if (!asked || *asked > kLargestTaskLimit) {
      response.status = 400;
      response.set_content(fmt::format("limit must be a number from 0 to {}\n", kLargestTaskLimit),
                           "text/plain");
      return;
    }
    if (limit) limit = asked;
  }
  response.set_content(task_json(scheduler, limit).dump(2) + "\n", "application/json");
}

}  // namespace

ControlServer::ControlServer(Scheduler& scheduler, const HttpServer& server, std::uint16_t port)
    : scheduler_(scheduler), pauses_(scheduler), http_(std::make_unique<httplib::Server>()) {
  // Two threads: one for whoever samples, one for whoever looks.
  http_->new_task_queue = [] { return new httplib::ThreadPool(2); };
  // A sampler keeps its connection; the default would close it every five requests.
  http_->set_keep_alive_max_count(1'000'000'000);
  http_->set_keep_alive_timeout(1);  // s; what a stop may have to wait for an idle client
  http_->set_tcp_nodelay(true);
  // cpp-httplib sets SO_REUSEPORT by default, with which a port in use would be taken all the same.
  http_->set_socket_options([](socket_t socket) {
    const int on = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  });
  http_->Get("/healthz", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("ok\n", "text/plain");
  });
  http_->Get("/metrics", [&](const httplib::Request&, httplib::Response& response) {
    response.set_content(metrics_text(scheduler_, server), "text/plain; version=0.0.4");
  });
  http_->Get("/debug/tasks", [&](const httplib::Request& request, httplib::Response& response) {
    answer_tasks(scheduler_, request, response);
  });
  http_->Get("/debug/pause", [&](const httplib::Request&, httplib::Response& response) {
    response.set_content(pause_json(pauses_.snapshot(), PauseMeter::kInterval).dump(2) + "\n",
                         "application/json");
  });
  errno = 0;
  if (port == 0) {
    const int bound = http_->bind_to_any_port("127.0.0.1");
    port_ = bound > 0 ? static_cast<std::uint16_t>(bound) : 0;
  } else if (http_->bind_to_port("127.0.0.1", port)) {
    port_ = port;
  }
  if (port_ == 0) {
    throw std::system_error(errno != 0 ? errno : EADDRINUSE, std::generic_category(),
                            fmt::format("cannot bind control port 127.0.0.1:{}", port));
  }
  thread_ = std::thread([this] { http_->listen_after_bind(); });
  // A stop() that comes before the loop runs would be lost.
  while (!http_->is_running()) std::this_thread::yield();
}

ControlServer::~ControlServer() {
  http_->stop();
  thread_.join();
}

}  // namespace leakbench
