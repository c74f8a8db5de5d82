#include "harness/target/exit_status.h"

#include <cstring>

namespace leakbench {

std::string describe(const ExitStatus& status) {
  if (status.code) return "exited with status " + std::to_string(*status.code);
  if (!status.signal) return "is gone";
  const char* name = sigabbrev_np(*status.signal);
  return "was killed by " +
         (name ? std::string("SIG") + name : "signal " + std::to_string(*status.signal));
}

}  // namespace leakbench
