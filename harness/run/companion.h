// What goes on beside the round of a repetition that is not timed.
#ifndef LEAKBENCH_HARNESS_RUN_COMPANION_H_
#define LEAKBENCH_HARNESS_RUN_COMPANION_H_

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace leakbench {

struct CompanionTarget {
  std::optional<pid_t> pid;  // nullopt: not known
  std::uint16_t control_port = 0;
};

// Called on the thread of the repetition, in this order, once a round. What it throws ends the
// repetition as anything else that goes wrong in it does.
class Companion {
 public:
  virtual ~Companion() = default;

  // The target is warm; the connections of the round are about to be opened.
  virtual void before_round(const CompanionTarget& target) = 0;
  // The last response has come and everything has been read; the connections are still open.
  virtual void at_last_response() = 0;
  // The settle window has passed, and the target still runs.
  virtual void after_round() = 0;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_COMPANION_H_
