// What became of one request, or of one attempt to connect: every one ends in exactly one of these.
#ifndef LEAKBENCH_HARNESS_LOAD_OUTCOME_H_
#define LEAKBENCH_HARNESS_LOAD_OUTCOME_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>

namespace leakbench {

enum class Outcome : std::uint8_t {
  kOk,              // a whole answer with a status of 2xx, or one that the plan accepts; connected
  kHttp3xx,         // a whole answer with another status
  kHttp4xx,         //
  kHttp5xx,         //
  kRefused,         // nobody listens
  kConnectTimeout,  // the handshake did not end in time
  kReset,           // the peer broke the connection off (RST)
  kEndOfFile,       // the peer ended the connection (FIN) before the answer was whole
  kParseError,      // what came is not one HTTP/1.x answer
  kTimeout,         // the answer was not whole in time
  kAborted,         // the client left, as was planned: see Fate
  kReadSlowly,      // a whole answer of any status, read slowly, as was planned
  kCutByEnd,        // the run was cancelled meanwhile
};

inline constexpr std::array kAllOutcomes = {
    Outcome::kOk,         Outcome::kHttp3xx,        Outcome::kHttp4xx, Outcome::kHttp5xx,
    Outcome::kRefused,    Outcome::kConnectTimeout, Outcome::kReset,   Outcome::kEndOfFile,
    Outcome::kParseError, Outcome::kTimeout,        Outcome::kAborted, Outcome::kReadSlowly,
    Outcome::kCutByEnd};

// As the reports have it: "ok", "http_3xx", ..., "cut_by_end".
std::string_view to_string(Outcome outcome);

// For a whole answer; `status` from 200 to 599.
Outcome outcome_of_status(int status);

// Whether it is that of a whole answer.
bool is_answer(Outcome outcome);

// Whether somebody or something failed: neither kOk, nor what was planned, nor the run's own end.
bool is_error(Outcome outcome);

// How often each outcome came. Not thread-safe.
class OutcomeCounts {
 public:
  void add(Outcome outcome, std::uint64_t count = 1) {
    counts_[static_cast<std::size_t>(outcome)] += count;
  }
  void merge(const OutcomeCounts& other);

  std::uint64_t of(Outcome outcome) const { return counts_[static_cast<std::size_t>(outcome)]; }
  std::uint64_t total() const;

  friend bool operator==(const OutcomeCounts&, const OutcomeCounts&) = default;

 private:
  std::array<std::uint64_t, kAllOutcomes.size()> counts_{};
};

// How often the system gave which reason (an errno) for which outcome.
using OutcomeErrors = std::map<std::pair<Outcome, int>, std::uint64_t>;

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_OUTCOME_H_
