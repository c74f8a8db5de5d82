// The target: one running server of one arm, whoever started it.
#ifndef LEAKBENCH_HARNESS_TARGET_TARGET_H_
#define LEAKBENCH_HARNESS_TARGET_TARGET_H_

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "harness/base/error.h"
#include "harness/target/exit_status.h"

namespace leakbench {

struct StopReport {
  enum class How {
    kGracefully,  // ended within the grace after SIGTERM
    kByForce,     // needed SIGKILL
    kWasGone,     // had ended by itself before
    kLeftAlone    // was not started here, and runs on
  };
  How how = How::kWasGone;
  ExitStatus status;
  std::chrono::nanoseconds took{0};
};
std::string_view to_string(StopReport::How how);  // "gracefully", "by-force", "was-gone", ...

// Not thread safe. No call blocks longer than the bound that it is given (plus a second or two for
// the kernel).
class Target {
 public:
  virtual ~Target() = default;

  // Whose memory and CPU are measured; nullopt where that is not known.
  virtual std::optional<pid_t> measured_pid() const = 0;

  // Asks GET http://127.0.0.1:port`path` until it answers 200; with an empty `path`, connects to
  // the port until that is accepted. Returns false as soon as `cancelled` (asked several times a
  // second) says so. Throws Error(kIncomplete) when the server ends first, or is not ready within
  // `bound`.
  bool wait_until_ready(
      std::uint16_t port, const std::string& path, std::chrono::nanoseconds bound,
      const std::function<bool()>& cancelled = [] { return false; });

  // How it ended; nullopt while it runs, as far as that is known. Does not block.
  virtual std::optional<ExitStatus> exit_status() const = 0;

  // True when the server is known to have ended within `bound`.
  virtual bool wait_for_exit(std::chrono::nanoseconds bound) const = 0;

  // The error to report when exit_status() has a value where it should not: `when` completes
  // "server for arm A exited with status 3 ...", such as "while requests were in flight".
  Error unexpected_exit(std::string_view when) const;

  // Ends what was started here: SIGTERM, and SIGKILL to what is left of it after `grace`. A second
  // call returns the first one's report.
  virtual StopReport stop(std::chrono::nanoseconds grace) = 0;

 protected:
  Target() = default;
  Target(const Target&) = default;
  Target& operator=(const Target&) = default;

 private:
  virtual std::string description() const = 0;      // "server for arm A"
  virtual std::string last_words() const = 0;       // what its log says; empty: it has none here
  virtual std::uint32_t accepting_address() const;  // in host order

  // Empty when it is ready; else what came instead.
  std::function<std::string()> look(std::uint16_t port, const std::string& path,
                                    std::chrono::nanoseconds bound) const;
  std::string with_last_words(std::string message) const;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_TARGET_H_
