#include "runtime/control/control_server.h"

#include <fmt/format.h>
#include <httplib.h>

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "runtime/control/metrics.h"
#include "runtime/control/pause_json.h"
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
    : scheduler_(scheduler), pauses_(scheduler) {
  httplib::Server& http = http_.http();
  http.Get("/metrics", [&](const httplib::Request&, httplib::Response& response) {
    response.set_content(metrics_text(scheduler_, server), "text/plain; version=0.0.4");
  });
  http.Get("/debug/tasks", [&](const httplib::Request& request, httplib::Response& response) {
    answer_tasks(scheduler_, request, response);
  });
  http.Get("/debug/pause", [&](const httplib::Request&, httplib::Response& response) {
    response.set_content(pause_json(pauses_.snapshot(), os_pauses_.snapshot()).dump(2) + "\n",
                         "application/json");
  });
  port_ = http_.start(port);
}

}  // namespace leakbench
