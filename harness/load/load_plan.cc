#include "harness/load/load_plan.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <array>

#include "harness/base/error.h"

namespace leakbench {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

// RFC 9110 5.6.2.
bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

bool is_visible(char c) { return c > ' ' && c != '\x7f'; }

[[noreturn]] void refuse(const std::string& message) { throw Error(ExitCode::kUsage, message); }

void check_header(const std::string& name, const std::string& value) {
  if (!is_token(name)) refuse(fmt::format("the header name {:?} is not a token", name));
  if (same_name(name, "Content-Length") || same_name(name, "Transfer-Encoding")) {
    refuse(fmt::format("the header {} can't be given: the body decides it", name));
  }
  const bool is_line = std::none_of(value.begin(), value.end(), [](unsigned char c) {
    return (c < ' ' && c != '\t') || c == 0x7f;
  });
  if (!is_line) refuse(fmt::format("the header {} has control characters in its value", name));
}

bool sends_length(const LoadRequest& request) {
  return !request.body.empty() || request.method == "POST" || request.method == "PUT" ||
         request.method == "PATCH";
}

}  // namespace

std::string_view to_string(ClosedModel model) {
  return model == ClosedModel::kBurst ? "burst" : "closed";
}

std::string_view model_name(const LoadPlan& plan) {
  return plan.arrivals ? to_string(plan.arrivals->model) : to_string(plan.model);
}

sockaddr_in address_of(const LoadPlan& plan) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(plan.port);
  address.sin_addr.s_addr = htonl(plan.address);
  return address;
}

std::optional<sockaddr_in> source_of(const LoadPlan& plan, std::size_t connection) {
  if (plan.source_addresses < 2) return std::nullopt;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  const auto turn = static_cast<in_addr_t>(connection % plan.source_addresses);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + turn);
  return address;
}

std::string address_text(const LoadPlan& plan) {
  const in_addr address{htonl(plan.address)};
  std::array<char, INET_ADDRSTRLEN> text{};
  ::inet_ntop(AF_INET, &address, text.data(), text.size());
  return fmt::format("{}:{}", text.data(), plan.port);
}

void check_plan(const LoadPlan& plan) {
  if (plan.address >> IN_CLASSA_NSHIFT != IN_LOOPBACKNET) {
    refuse(fmt::format("the load goes to this machine only, 127.0.0.0/8, and not to {}",
                       address_text(plan)));
  }
  if (plan.port == 0) refuse("the load needs a port from 1 to 65535, and got 0");
  if (plan.duration && *plan.duration <= Duration::zero()) {
    refuse("the load needs a duration longer than 0");
  }
  if (plan.connections == 0) refuse("the load needs at least 1 connection, and got 0");
  if (plan.arrivals) check_plan(*plan.arrivals);
  if (!(plan.connect_rate >= 0)) {
    refuse(fmt::format("the rate of connecting can't be {}", plan.connect_rate));
  }
  if (plan.connects_in_flight == 0) refuse("connects in flight: needs at least 1, and got 0");
  if (plan.connect_timeout <= Duration::zero() || plan.request_timeout <= Duration::zero()) {
    refuse("the timeouts of connecting and of requests must be longer than 0");
  }
  if (!std::all_of(plan.host.begin(), plan.host.end(), is_visible)) {
    refuse(fmt::format("the host {:?} has blanks", plan.host));
  }
  if (plan.mix.empty()) refuse("the load needs at least 1 request to send, and got none");
  for (const LoadRequest& request : plan.mix) check_request(request);
  for (const int status : plan.accepted_statuses) {
    if (status >= 300 && status <= 599) continue;
    refuse(fmt::format("the status {} can't be accepted: give one from 300 to 599", status));
  }
}

void check_request(const LoadRequest& request) {
  const std::string& target = request.target;
  if (!is_token(request.method) || request.method == "CONNECT") {
    refuse(
        fmt::format("the request method '{}' can't be sent: give one such as GET", request.method));
  }
  if (target.empty() || !std::all_of(target.begin(), target.end(), is_visible)) {
    refuse(fmt::format(
        "the request target '{}' is empty or has blanks: give a path such as /, percent-encoded",
        target));
  }
  for (const auto& [name, value] : request.headers) check_header(name, value);
  if (request.weight == 0) refuse("the weight of a request must be at least 1, and is 0");
}

std::string render_request(const LoadPlan& plan, const LoadRequest& request) {
  std::string bytes = fmt::format("{} {} HTTP/1.1\r\n", request.method, request.target);
  const bool names_host = std::any_of(request.headers.begin(), request.headers.end(),
                                      [](const auto& h) { return same_name(h.first, "Host"); });
  if (!names_host) {
    bytes += fmt::format("Host: {}\r\n", plan.host.empty() ? address_text(plan) : plan.host);
  }
  for (const auto& [name, value] : request.headers) bytes += fmt::format("{}: {}\r\n", name, value);
  if (!plan.keep_alive) bytes += "Connection: close\r\n";
  if (sends_length(request)) bytes += fmt::format("Content-Length: {}\r\n", request.body.size());
  return bytes + "\r\n" + request.body;
}

}  // namespace leakbench
