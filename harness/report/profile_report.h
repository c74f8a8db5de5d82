// A profile that a server gave of itself in a repetition of its own, and the functions it names
// first. Plain data that the runner fills.
#ifndef LEAKBENCH_HARNESS_REPORT_PROFILE_REPORT_H_
#define LEAKBENCH_HARNESS_REPORT_PROFILE_REPORT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/report/status.h"

namespace leakbench {

enum class ProfileKind { kCpu, kHeap };
std::string_view profile_kind_name(ProfileKind kind);  // "cpu", "heap"
std::optional<ProfileKind> profile_kind_by_name(std::string_view name);

// Which part of the round a profile shows.
enum class ProfileMoment {
  kRound,         // from before the first connection to the end of the round
  kLastResponse,  // what lives at the last response
  kSettled        // what lives at the end of the round
};
std::string_view profile_moment_name(ProfileMoment moment);  // "round", "after", "settled"
std::optional<ProfileMoment> profile_moment_by_name(std::string_view name);

// Nanoseconds of CPU time, or bytes that live.
struct ProfileFunction {
  std::string name;
  std::int64_t self = 0;
  std::int64_t with_callees = 0;
};

struct FunctionProfile {
  std::int64_t total = 0;
  std::vector<ProfileFunction> functions;
};

struct TakenProfile {
  ProfileMoment moment = ProfileMoment::kRound;
  std::string file;                      // as the server sent it; relative to the run's folder
  std::optional<std::string> text_file;  // all functions, by the tool that read it
  std::optional<FunctionProfile> top;    // nullopt: it could not be read
  std::optional<std::string> problem;    // why, and how to read it; one line
};

struct ProfileReport {
  int index = 1;  // counted on from the repetitions'
  std::string arm;
  ProfileKind kind = ProfileKind::kCpu;
  RepetitionStatus status = RepetitionStatus::kPlanned;
  std::optional<std::string> error;  // one line
  std::vector<TakenProfile> profiles;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_PROFILE_REPORT_H_
