#include "harness/report/profile_report.h"

namespace leakbench {

std::string_view profile_kind_name(ProfileKind kind) {
  return kind == ProfileKind::kCpu ? "cpu" : "heap";
}

std::optional<ProfileKind> profile_kind_by_name(std::string_view name) {
  for (const ProfileKind kind : {ProfileKind::kCpu, ProfileKind::kHeap}) {
    if (name == profile_kind_name(kind)) return kind;
  }
  return std::nullopt;
}

std::string_view profile_moment_name(ProfileMoment moment) {
  switch (moment) {
    case ProfileMoment::kRound:
      return "round";
    case ProfileMoment::kLastResponse:
      return "after";
    case ProfileMoment::kSettled:
      return "settled";
  }
  return "unknown";
}

std::optional<ProfileMoment> profile_moment_by_name(std::string_view name) {
  for (const auto moment :
       {ProfileMoment::kRound, ProfileMoment::kLastResponse, ProfileMoment::kSettled}) {
    if (name == profile_moment_name(moment)) return moment;
  }
  return std::nullopt;
}

}  // namespace leakbench
