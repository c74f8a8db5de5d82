// What a verdict is judged on. Filled by the runner from its readings; nullopt means not measured,
// and a verdict never takes "not measured" for zero.
//
// The instants of a round, all counted from its last response:
//   0              live_tasks_at_last_response
//   linger_after   live_tasks_at_linger_check: whatever lives now has outlived its request
//   settle_window  live_tasks_settled: the longest legitimate task and a margin have passed
#ifndef LEAKBENCH_HARNESS_VERDICT_EVIDENCE_H_
#define LEAKBENCH_HARNESS_VERDICT_EVIDENCE_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace leakbench {

// Live tasks of one site when the settle window closed. Sites are told apart by `key`, which means
// nothing here; those that an allowlist accepts are not among them.
struct SiteEvidence {
  std::string key;
  std::int64_t live = 0;
  bool proven = false;  // the target has proven that nothing can ever wake them
};

struct RoundEvidence {
  std::optional<std::int64_t> live_tasks_at_last_response;
  std::optional<std::int64_t> live_tasks_at_linger_check;
  std::optional<std::int64_t> live_tasks_settled;
  // Tasks left over that an allowlist accepts; they are in none of the three counts above.
  std::int64_t accepted = 0;
  std::optional<bool> drained;                         // back at the baseline within the window
  std::optional<std::chrono::nanoseconds> drain_time;  // from the last response
  std::optional<std::int64_t> requests_sent;
  std::optional<std::int64_t> requests_answered;
  // Tasks that died of an exception since the start of the server: what they would have done, and
  // how long they would have lived, is not known.
  std::optional<std::int64_t> unhandled_exceptions;
  std::optional<std::int64_t> heap_in_use_settled;  // bytes
  std::vector<SiteEvidence> sites;                  // empty where the target does not tell
};

struct RepetitionEvidence {
  std::optional<std::int64_t> live_tasks_baseline;  // after the warm-up had drained
  std::vector<SiteEvidence> sites_baseline;         // at that moment, as in a round
  std::vector<RoundEvidence> rounds;                // in the order they were run
  bool target_failed = false;
  std::string failure;  // how it failed, one line; may be empty
};

struct VariantEvidence {
  std::chrono::nanoseconds linger_after{0};
  std::chrono::nanoseconds settle_window{0};
  std::vector<RepetitionEvidence> repetitions;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_VERDICT_EVIDENCE_H_
