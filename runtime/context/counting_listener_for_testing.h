// For tests of what hears of a cancellation.
#ifndef LEAKBENCH_RUNTIME_CONTEXT_COUNTING_LISTENER_FOR_TESTING_H_
#define LEAKBENCH_RUNTIME_CONTEXT_COUNTING_LISTENER_FOR_TESTING_H_

#include "runtime/context/node.h"

namespace leakbench {

struct CountingListener : CancelListener {
  CountingListener() : CancelListener(&CountingListener::on_cancel) {}
  static void on_cancel(CancelListener& listener) {
    ++static_cast<CountingListener&>(listener).calls;
  }
  int calls = 0;
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_CONTEXT_COUNTING_LISTENER_FOR_TESTING_H_
