// A target that somebody else has started: it is measured, and left alone.
#ifndef LEAKBENCH_HARNESS_TARGET_EXTERNAL_SERVER_H_
#define LEAKBENCH_HARNESS_TARGET_EXTERNAL_SERVER_H_

#include "harness/target/manifest.h"
#include "harness/target/target.h"
#include "harness/target/unique_fd.h"

namespace leakbench {

// Its end is noticed where its process is known, and how it ended never: only its parent is told.
class ExternalServer final : public Target {
 public:
  // Throws Error(kUsage) when there is no process with its pid.
  explicit ExternalServer(const ExternalTarget& target);

  std::optional<pid_t> measured_pid() const override;
  std::optional<ExitStatus> exit_status() const override;
  bool wait_for_exit(std::chrono::nanoseconds bound) const override;
  StopReport stop(std::chrono::nanoseconds grace) override;

 private:
  std::string description() const override;
  std::string last_words() const override { return ""; }
  std::uint32_t accepting_address() const override { return target_.address; }

  const ExternalTarget target_;
  UniqueFd pidfd_;  // none where the process is not known
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_EXTERNAL_SERVER_H_
