#include "harness/report/warnings.h"

#include <fmt/format.h>

#include "harness/verdict/humanise.h"

namespace leakbench {

std::vector<Warning> environment_warnings(const Environment& environment,
                                          const WarningInputs& inputs) {
  std::vector<Warning> warnings;
  if (environment.load_average_1m && environment.cores_online) {
    const double limit = 0.5 * *environment.cores_online;
    if (*environment.load_average_1m > limit) {
      warnings.push_back(
          {"load-average",
           fmt::format("other work is running: the 1-minute load average is {:.2f} on {} cores and "
                       "disturbs times and CPU; wait until it is below {:.2f}",
                       *environment.load_average_1m, *environment.cores_online, limit)});
    }
  }
  const BuildInfo& build = environment.build;
  if (!build.sanitizers.empty()) {
    warnings.push_back(
        {"sanitizer-build",
         fmt::format("this build has sanitizers ({}) and is several times slower and larger; "
                     "measure with cmake --preset release",
                     build.sanitizers)});
  }
  if (build.build_type != "Release") {
    warnings.push_back(
        {"build-type", fmt::format("the build type is {}, not Release, and its times do not count; "
                                   "measure with cmake --preset release",
                                   build.build_type.empty() ? "not set" : build.build_type)});
  }
  if (inputs.cores_are_shared) {
    warnings.push_back({"shared-core",
                        "the server and the load generator share a core, so that each slows the "
                        "other; give leakbench at least two cores"});
  }
  if (environment.somaxconn && *environment.somaxconn < inputs.connects_in_flight) {
    warnings.push_back(
        {"somaxconn",
         fmt::format(
             "net.core.somaxconn is {}, below the {} handshakes that are under way at once, so "
             "that they can overflow the server's queue; raise it with sysctl -w "
             "net.core.somaxconn={}",
             humanise_count(*environment.somaxconn),
             humanise_count(static_cast<double>(inputs.connects_in_flight)),
             inputs.connects_in_flight)});
  }
  return warnings;
}

}  // namespace leakbench
