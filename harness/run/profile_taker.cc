#include "harness/run/profile_taker.h"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "harness/base/error.h"
#include "harness/run/repetition.h"
#include "harness/target/wording.h"

namespace leakbench {
namespace {

// What a server may take to write down a profile, beside the time that it samples.
constexpr std::chrono::seconds kAnswerBound{15};
constexpr std::size_t kMostBytes = 256 << 20;

}  // namespace

ProfileTaker::ProfileTaker(std::string arm, ProfileSource source, ProfileKind kind,
                           std::chrono::seconds window, Context ctx)
    : arm_(std::move(arm)),
      source_(std::move(source)),
      kind_(kind),
      window_(window),
      ctx_(std::move(ctx)) {}

ProfileTaker::~ProfileTaker() {
  if (client_) client_->cancel();
}

void ProfileTaker::before_round(const CompanionTarget& target) {
  port_ = target.control_port;
  if (target.pid) {
    std::error_code gone;  // then the request finds it out
    program_ = std::filesystem::read_symlink(fmt::format("/proc/{}/exe", *target.pid), gone);
  }
  client_.emplace(port_, ControlClient::Limits{window_ + kAnswerBound, kMostBytes});
  if (kind_ != ProfileKind::kCpu) return;
  cpu_profile_ = std::async(std::launch::async, [this] {
    return client_->get(source_.cpu_path + std::to_string(window_.count()));
  });
}

void ProfileTaker::at_last_response() {
  if (kind_ != ProfileKind::kHeap) return;
  add(ProfileMoment::kLastResponse, source_.heap_path, client_->get(source_.heap_path));
}

void ProfileTaker::after_round() {
  if (kind_ == ProfileKind::kHeap) {
    add(ProfileMoment::kSettled, source_.heap_path, client_->get(source_.heap_path));
    return;
  }
  while (cpu_profile_.wait_for(std::chrono::milliseconds(50)) != std::future_status::ready) {
    if (ctx_.is_done()) throw Interrupted();
  }
  add(ProfileMoment::kRound, source_.cpu_path + std::to_string(window_.count()),
      cpu_profile_.get());
}

void ProfileTaker::add(ProfileMoment moment, const std::string& path, ControlReply reply) {
  if (ctx_.is_done()) throw Interrupted();
  if (reply.status == 200 && !reply.body.empty()) {
    profiles_.push_back({moment, std::move(reply.body)});
    return;
  }
  std::string reason = reply.problem;
  if (reply.status == 200) reason = "an empty answer";
  if (reply.status != 0 && reply.status != 200) {
    const std::string first_line = one_line(reply.body.substr(0, reply.body.find('\n')));
    reason = fmt::format("status {}{}{}", reply.status, first_line.empty() ? "" : ": ", first_line);
  }
  throw Error(ExitCode::kIncomplete,
              fmt::format("arm {} gives no {} profile: GET http://127.0.0.1:{}{}: {}", arm_,
                          profile_kind_name(kind_), port_, path, reason));
}

}  // namespace leakbench
