// For tests of what happens when the descriptors run out.
#ifndef LEAKBENCH_HARNESS_LOAD_DESCRIPTOR_LIMIT_FOR_TESTING_H_
#define LEAKBENCH_HARNESS_LOAD_DESCRIPTOR_LIMIT_FOR_TESTING_H_

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>

#include "harness/base/error.h"

namespace leakbench {

// Sets how many descriptors this process may have open, as far as its hard limit allows.
// UndefinedBehaviorSanitizer looks at the first object of each type through a pipe of its own, and
// would take the lack of descriptors for a broken object: an Error is made and destroyed before
// there are too few.
class DescriptorLimit {
 public:
  explicit DescriptorLimit(rlim_t wanted) {
    EXPECT_EQ(Error(ExitCode::kOk, "").exit_code(), ExitCode::kOk);
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit now = before_;
    now.rlim_cur = std::min(wanted, before_.rlim_max);
    ::setrlimit(RLIMIT_NOFILE, &now);
  }
  ~DescriptorLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  DescriptorLimit(const DescriptorLimit&) = delete;
  DescriptorLimit& operator=(const DescriptorLimit&) = delete;

 private:
  rlimit before_{};
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_DESCRIPTOR_LIMIT_FOR_TESTING_H_
