// What is asked of a server, and how often.
#include <algorithm>

#include "harness/base/error.h"
#include "harness/load/fate.h"
#include "harness/load/load_plan.h"
#include "harness/target/manifest_pieces.h"

namespace leakbench {
namespace {

constexpr std::int64_t kMostConnections = 1'000'000;
constexpr std::int64_t kMostRequests = 1'000'000'000;
constexpr std::int64_t kMostRounds = 10'000;
constexpr std::int64_t kMostWeight = 1'000'000;
constexpr std::size_t kMostInMix = 1'000;

void read_headers(const JsonView& view, RequestSpec* request) {
  for (const auto& [name, value] : view.members()) {
    request->headers.emplace_back(name, value.raw_text());
    try {
      check_request({.headers = {request->headers.back()}});
    } catch (const Error& error) {
      value.fail(error.what());
    }
  }
}

RequestSpec read_request(const JsonView& view, const std::vector<std::string>& keys) {
  view.expect_object(keys);
  RequestSpec request;
  if (const auto method = view.find("method")) {
    Choices<std::string> choices;
    for (const char* name : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
      choices.emplace_back(name, name);
    }
    request.method = read_choice(*method, choices);
  }
  if (const auto path = view.find("path")) request.path = read_request_target(*path);
  if (const auto headers = view.find("headers")) read_headers(*headers, &request);
  if (const auto body = view.find("body")) request.body = body->raw_text();
  if (const auto weight = view.find("weight")) {
    request.weight = static_cast<int>(weight->whole_number(1, kMostWeight));
  }
  return request;
}

std::vector<RequestSpec> read_requests(const JsonView& document) {
  const auto one = document.find("request");
  const auto several = document.find("requests");
  if (one && several) several->fail("there is a \"request\" already: put it in here");
  if (one) return {read_request(*one, {"method", "path", "headers", "body"})};
  if (!several) return {RequestSpec()};
  std::vector<RequestSpec> requests;
  for (const JsonView& element : several->elements()) {
    requests.push_back(read_request(element, {"method", "path", "headers", "body", "weight"}));
  }
  if (requests.empty()) several->fail("must have at least one request");
  if (requests.size() > kMostInMix) {
    several->fail(
        fmt::format("must have at most {} requests, has {}", kMostInMix, requests.size()));
  }
  return requests;
}

std::vector<std::string> read_aborts(const JsonView& view) {
  std::vector<std::string> aborts;
  for (const JsonView& element : view.elements()) {
    aborts.push_back(element.line());
    try {
      FatePlan::parse(aborts);
    } catch (const Error& error) {
      element.fail(error.what());
    }
  }
  return aborts;
}

std::vector<int> read_accepted_statuses(const JsonView& view) {
  constexpr std::int64_t kFirst = 300;  // 2xx are accepted anyway
  constexpr std::int64_t kLast = 599;
  std::vector<int> statuses;
  for (const JsonView& element : view.elements()) {
    const int status = static_cast<int>(element.whole_number(kFirst, kLast));
    if (std::find(statuses.begin(), statuses.end(), status) != statuses.end()) {
      element.fail(fmt::format("{} is there already", status));
    }
    statuses.push_back(status);
  }
  return statuses;
}

LoadFigures read_load(const JsonView& view) {
  view.expect_object({"connections", "requests", "warmup_requests", "rounds", "request_timeout",
                      "aborts", "accepted_statuses"});
  LoadFigures load;
  load.connections = static_cast<int>(view.at("connections").whole_number(1, kMostConnections));
  load.requests = view.at("requests").whole_number(1, kMostRequests);
  if (const auto warmup = view.find("warmup_requests")) {
    load.warmup_requests = warmup->whole_number(0, kMostRequests);
  }
  if (const auto rounds = view.find("rounds")) {
    load.rounds = static_cast<int>(rounds->whole_number(1, kMostRounds));
  }
  if (const auto timeout = view.find("request_timeout")) {
    load.request_timeout = timeout->duration();
    if (load.request_timeout.count() == 0) timeout->fail("must be longer than 0s");
  }
  if (const auto aborts = view.find("aborts")) load.aborts = read_aborts(*aborts);
  if (const auto statuses = view.find("accepted_statuses")) {
    load.accepted_statuses = read_accepted_statuses(*statuses);
  }
  return load;
}

}  // namespace

void read_load_parts(const JsonView& document, Manifest* manifest) {
  manifest->requests = read_requests(document);
  manifest->load = read_load(document.at("load"));
}

}  // namespace leakbench
