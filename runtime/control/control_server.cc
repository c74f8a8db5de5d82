#include "runtime/control/control_server.h"

#include <fmt/format.h>
#include <httplib.h>

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "runtime/control/allocator.h"
#include "runtime/control/metrics.h"
#include "runtime/control/pause_json.h"
#include "runtime/control/release_json.h"
#include "runtime/control/task_json.h"

namespace leakbench {
namespace {

constexpr std::size_t kDefaultTaskLimit = 1'000;
constexpr std::size_t kLargestTaskLimit = 1'000'000;
constexpr std::size_t kMostProfileSeconds = 600;

std::optional<std::size_t> parse_count(const std::string& text) {
  std::size_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  return value;
}

void refuse(httplib::Response& response, int status, const std::string& reason) {
  response.status = status;
  response.set_content(reason + "\n", "text/plain");
}

void answer_tasks(Scheduler& scheduler, const httplib::Request& request,
                  httplib::Response& response) {
  std::optional<std::size_t> limit;
  if (request.get_param_value("full") == "1") limit = kDefaultTaskLimit;
  if (request.has_param("limit")) {
    const auto asked = parse_count(request.get_param_value("limit"));
    if (!asked || *asked > kLargestTaskLimit) {
      refuse(response, 400, fmt::format("limit must be a number from 0 to {}", kLargestTaskLimit));
      return;
    }
    if (limit) limit = asked;
  }
  response.set_content(task_json(scheduler, limit).dump(2) + "\n", "application/json");
}

void answer_profile(const ProfileAnswer& profile, httplib::Response& response) {
  switch (profile.kind) {
    case ProfileAnswer::Kind::kTaken:
      return response.set_content(profile.text, "application/octet-stream");
    case ProfileAnswer::Kind::kNotNow:
      return refuse(response, 409, profile.text);
    case ProfileAnswer::Kind::kUnavailable:
      return refuse(response, 501, profile.text);
  }
}

void answer_cpu(CpuProfiler& profiler, const httplib::Request& request,
                httplib::Response& response) {
  const auto seconds = parse_count(request.get_param_value("seconds"));
  if (!seconds || *seconds == 0 || *seconds > kMostProfileSeconds) {
    refuse(response, 400,
           fmt::format("seconds must be a number from 1 to {}, as in /debug/cpu?seconds=10",
                       kMostProfileSeconds));
    return;
  }
  answer_profile(profiler.take(std::chrono::seconds(*seconds)), response);
}

void answer_release(httplib::Response& response) {
  if (const auto release = release_free_memory()) {
    response.set_content(release_json(*release).dump(2) + "\n", "application/json");
  } else {
    refuse(response, 501, "the allocator of a build with a sanitizer keeps its memory");
  }
}

}  // namespace

ControlServer::ControlServer(Scheduler& scheduler, const HttpServer& server, std::uint16_t port,
                             Counters counters)
    : scheduler_(scheduler), counters_(std::move(counters)), pauses_(scheduler) {
  httplib::Server& http = http_.http();
  http.Get("/metrics", [&](const httplib::Request&, httplib::Response& response) {
    response.set_content(metrics_text(scheduler_, server, counters_), "text/plain; version=0.0.4");
  });
  http.Get("/debug/tasks", [&](const httplib::Request& request, httplib::Response& response) {
    answer_tasks(scheduler_, request, response);
  });
  http.Get("/debug/pause", [&](const httplib::Request&, httplib::Response& response) {
    response.set_content(pause_json(pauses_.snapshot(), os_pauses_.snapshot()).dump(2) + "\n",
                         "application/json");
  });
  http.Get("/debug/cpu", [&](const httplib::Request& request, httplib::Response& response) {
    answer_cpu(cpu_profiler_, request, response);
  });
  http.Get("/debug/heap", [](const httplib::Request&, httplib::Response& response) {
    answer_profile(heap_profile(), response);
  });
  http.Get("/debug/release",
           [](const httplib::Request&, httplib::Response& response) { answer_release(response); });
  port_ = http_.start(port);
}

}  // namespace leakbench
