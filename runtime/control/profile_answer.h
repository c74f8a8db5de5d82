// What a request for a profile of this process gets.
#ifndef LEAKBENCH_RUNTIME_CONTROL_PROFILE_ANSWER_H_
#define LEAKBENCH_RUNTIME_CONTROL_PROFILE_ANSWER_H_

#include <string>

namespace leakbench {

struct ProfileAnswer {
  enum class Kind {
    kTaken,
    kNotNow,      // in the state that this process is in
    kUnavailable  // never in this build
  };
  Kind kind = Kind::kTaken;
  std::string text;  // the profile; otherwise why there is none and what to do, one line
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_CONTROL_PROFILE_ANSWER_H_
