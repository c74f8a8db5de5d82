// Has a target profile itself while a round goes on.
#ifndef LEAKBENCH_HARNESS_RUN_PROFILE_TAKER_H_
#define LEAKBENCH_HARNESS_RUN_PROFILE_TAKER_H_

#include <chrono>
#include <filesystem>
#include <future>
#include <optional>
#include <string>
#include <vector>

#include "harness/report/profile_report.h"
#include "harness/run/companion.h"
#include "harness/run/profile_source.h"
#include "harness/target/control_client.h"
#include "runtime/context/context.h"

namespace leakbench {

struct RawProfile {
  ProfileMoment moment = ProfileMoment::kRound;
  std::string content;  // as the target sent it
};

// Throws Error(kIncomplete), which names the arm and the request, when the target gives no profile,
// and Interrupted under a done `ctx`.
class ProfileTaker final : public Companion {
 public:
  // `window` is for CPU profiles: they last so long, and after_round() waits for their end.
  ProfileTaker(std::string arm, ProfileSource source, ProfileKind kind, std::chrono::seconds window,
               Context ctx);
  // Gives up a profile that is under way.
  ~ProfileTaker() override;

  void before_round(const CompanionTarget& target) override;
  void at_last_response() override;
  void after_round() override;

  const std::vector<RawProfile>& profiles() const { return profiles_; }
  // The file of the program that was profiled.
  const std::filesystem::path& program() const { return program_; }

 private:
  void add(ProfileMoment moment, const std::string& path, ControlReply reply);

  const std::string arm_;
  const ProfileSource source_;
  const ProfileKind kind_;
  const std::chrono::seconds window_;
  const Context ctx_;
  std::uint16_t port_ = 0;
  std::filesystem::path program_;
  std::vector<RawProfile> profiles_;
  std::optional<ControlClient> client_;
  std::future<ControlReply> cpu_profile_;  // the last: it uses the client
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_PROFILE_TAKER_H_
