#include "harness/load/load_result.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace leakbench {
namespace {

// The one of two optional times that `better` prefers; any time before none.
template <typename Better>
std::optional<TimePoint> pick(std::optional<TimePoint> a, std::optional<TimePoint> b,
                              Better better) {
  if (!a || !b) return a ? a : b;
  return better(*a, *b);
}

TimePoint earlier(TimePoint a, TimePoint b) { return std::min(a, b); }
TimePoint later(TimePoint a, TimePoint b) { return std::max(a, b); }

void merge_errors(OutcomeErrors& errors, const OutcomeErrors& other) {
  for (const auto& [reason, count] : other) errors[reason] += count;
}

}  // namespace

void ConnectResult::merge(const ConnectResult& other) {
  asked += other.asked;
  established += other.established;
  outcomes.merge(other.outcomes);
  merge_errors(errors, other.errors);
  connect_time.merge(other.connect_time);
}

void LoadResult::merge(const LoadResult& other) {
  connect.merge(other.connect);
  served += other.served;
  sent += other.sent;
  unsent += other.unsent;
  outcomes.merge(other.outcomes);
  if (by_request.size() < other.by_request.size()) by_request.resize(other.by_request.size());
  for (std::size_t i = 0; i < other.by_request.size(); ++i)
    by_request[i].merge(other.by_request[i]);
  merge_errors(errors, other.errors);
  accepted += other.accepted;
  ok_in_time += other.ok_in_time;
  reconnects += other.reconnects;
  answers_per_connection.merge(other.answers_per_connection);
  response_time.merge(other.response_time);
  service_time.merge(other.service_time);
  first_byte_time.merge(other.first_byte_time);
  schedule_lag.merge(other.schedule_lag);
  released = pick(released, other.released, earlier);
  first_sent = pick(first_sent, other.first_sent, earlier);
  last_response = pick(last_response, other.last_response, later);
  ended = pick(ended, other.ended, later);
}

void LoadResult::check() const {
  if (outcomes.total() == sent) return;
  throw std::logic_error(
      fmt::format("load: {} requests were sent, and {} outcomes recorded", sent, outcomes.total()));
}

}  // namespace leakbench
