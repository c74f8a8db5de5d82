// The goroutines of a Go server by what a person can act on: started where, waiting where, for
// what, how many. One form for the three answers that a server can give, which do not say the same:
//
//                  debug=0    debug=1                       debug=2
//   created_by     -          -                             yes
//   waits_for      yes        not for channels and selects  yes
//   longest wait   -          -                             as the collector has stamped it
//   grows with     different stacks and labels              goroutines, up to 64 MiB
#ifndef LEAKBENCH_HARNESS_PROBE_GOROUTINE_PROFILE_H_
#define LEAKBENCH_HARNESS_PROBE_GOROUTINE_PROFILE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/probe/go_frame.h"
#include "harness/probe/goroutine_dump.h"
#include "harness/probe/goroutine_text.h"
#include "harness/probe/parsed.h"
#include "harness/probe/pprof_profile.h"

namespace leakbench {

// All goroutines that are alike in everything but `longest_wait_minutes`, `status` and `example`.
// The frames belong to the profile.
struct GoroutineGroup {
  std::int64_t count = 0;  // never 0; below 0 for those that are gone, in a difference of profiles
  // The `go` statement: the function that it stands in, file and line. nullptr when not known.
  const GoFrame* created_by = nullptr;
  // The function that was started: the outermost one of the application's, so a handler rather than
  // the connection that calls it; the outermost one where no other takes part. Compare functions,
  // for `line` is where it is now. nullptr when the stack is too deep to be known whole, or empty.
  const GoFrame* entry = nullptr;
  // The innermost call of the application's, and what it calls blocks. Where none takes part: of
  // Go's library, without what every wait goes through. nullptr for an empty stack.
  const GoFrame* waits_at = nullptr;
  std::string waits_for;    // a word of goroutine_wait.h
  std::string status;       // what Go calls it: "select (no cases)"; empty when not known
  bool leaked = false;      // proven by Go: nothing can ever wake it
  std::string_view system;  // what the server needs it for: "accept loop"; empty: the application's
  std::optional<std::int64_t> longest_wait_minutes;  // a lower bound
  std::vector<const GoFrame*> example;               // the stack of one, the innermost call first
};

struct GoroutineProfile {
  std::int64_t total = 0;  // as the server says; of a dump, which does not say, those that it shows
  std::int64_t application = 0;
  std::int64_t system = 0;
  bool truncated = false;              // all other counts are lower bounds, a dump's total too
  std::vector<GoroutineGroup> groups;  // the largest first
  // What the groups point to; copies of a profile share it.
  std::shared_ptr<const std::vector<GoFrame>> frames;
};

// Of what the parsers give. An error for a profile of something else, such as the heap.
Parsed<GoroutineProfile> goroutine_profile(PprofProfile profile);
Parsed<GoroutineProfile> goroutine_profile(GoroutineText text);
GoroutineProfile goroutine_profile(GoroutineDump dump);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_GOROUTINE_PROFILE_H_
