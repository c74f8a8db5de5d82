// What a client means to do to a request: to wait for the answer, or one of the ways in which
// clients leave. Aborts are load and no errors, and so they are planned.
#ifndef LEAKBENCH_HARNESS_LOAD_FATE_H_
#define LEAKBENCH_HARNESS_LOAD_FATE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/time/clock.h"

namespace leakbench {

enum class FateKind : std::uint8_t {
  kComplete,      // waits for the whole answer
  kGiveUp,        // closes some time after sending if the answer is not whole by then
  kHalfSent,      // closes when half of the request's bytes are sent
  kHalfReceived,  // closes after the first half of the answer's body
  kSlowRead,      // reads no more than so many bytes a second
  kNeverRead,     // reads nothing until the request's time limit
};

struct Fate {
  FateKind kind = FateKind::kComplete;
  Duration after{};                    // of kGiveUp, from sending
  bool reset = false;                  // closes with RST, not FIN; of those that close
  std::uint64_t bytes_per_second = 0;  // of kSlowRead, at least 1

  friend bool operator==(const Fate&, const Fate&) = default;
};

// As an option has it behind its @, with all that it may leave out: "200ms:fin", "half-sent:rst",
// "slow:1000B/s", "never-read". "complete" for kComplete, which no option asks for.
std::string to_text(const Fate& fate);

// Which share of the requests has which fate. Immutable but for assignment; safe to read from any
// thread.
class FatePlan {
 public:
  // All complete.
  FatePlan() = default;

  // Each option is SHARE@WHEN[:HOW]:
  //   20%@200ms:rst       gives up after 200 ms; HOW is fin (if left out) or rst
  //   0.5%@half-sent      closes amid the request
  //   5%@half-received    closes amid the answer's body
  //   5%@slow:1000B/s     reads 1000 bytes a second; has no HOW
  //   5%@never-read       reads nothing; has no HOW
  // Requests that no option takes are complete. Throws Error(kUsage) for an option that can't be,
  // and for shares of more than 100 % together.
  static FatePlan parse(const std::vector<std::string>& options);

  // The fate of request number `request`: a pure function, whatever was asked before. Requests and
  // seeds are independent of each other, and of the gaps of a Schedule with the same seed. Lives as
  // long as the plan does.
  const Fate& of(std::uint64_t seed, std::uint64_t request) const {
    return shares_.empty() ? kComplete : draw(seed, request);
  }

  // The options in full, as parse() takes them, in its order.
  std::vector<std::string> options() const;

  friend bool operator==(const FatePlan&, const FatePlan&) = default;

 private:
  struct Share {
    double percent;
    double until;  // sum of the shares up to this one, of 1
    Fate fate;

    friend bool operator==(const Share&, const Share&) = default;
  };

  static constexpr Fate kComplete{};

  const Fate& draw(std::uint64_t seed, std::uint64_t request) const;

  std::vector<Share> shares_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_FATE_H_
