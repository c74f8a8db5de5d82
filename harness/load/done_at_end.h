// Tells a wait group that its task is over.
#ifndef LEAKBENCH_HARNESS_LOAD_DONE_AT_END_H_
#define LEAKBENCH_HARNESS_LOAD_DONE_AT_END_H_

#include "runtime/sync/wait_group.h"

namespace leakbench {

// Also when the task ends with an exception, for which the waiter would wait for ever otherwise.
class DoneAtEnd {
 public:
  explicit DoneAtEnd(wait_group& group) : group_(group) {}
  ~DoneAtEnd() { group_.done(); }
  DoneAtEnd(const DoneAtEnd&) = delete;
  DoneAtEnd& operator=(const DoneAtEnd&) = delete;

 private:
  wait_group& group_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_DONE_AT_END_H_
