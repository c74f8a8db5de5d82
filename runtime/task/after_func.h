// Go's context.AfterFunc: a function to run once a context is done.
#ifndef LEAKBENCH_RUNTIME_TASK_AFTER_FUNC_H_
#define LEAKBENCH_RUNTIME_TASK_AFTER_FUNC_H_

#include <functional>
#include <memory>
#include <source_location>
#include <type_traits>
#include <utility>

#include "runtime/context/context.h"
#include "runtime/task/worker.h"

namespace leakbench {

// Calls off one after_func(). Copies are the same registration; dropping them all keeps it.
class StopFunc {
 public:
  // True if this call kept the function from being started, and it then never is. False if it was
  // started or stopped before; does not wait for one that runs. Safe from any thread.
  bool operator()() const;

 private:
  friend StopFunc after_func(const Context&, std::function<void()>, Worker*, std::source_location);
  class Registration;
  explicit StopFunc(std::shared_ptr<Registration> registration)
      : registration_(std::move(registration)) {}

  std::shared_ptr<Registration> registration_;
};

// Runs `function` in a task of its own once `ctx` is done, at once if it is done already. The task
// runs on `worker`, by default the calling one; its scheduler must outlive the registration.
StopFunc after_func(const Context& ctx, std::function<void()> function, Worker* worker = nullptr,
                    std::source_location location = std::source_location::current());

// A coroutine would be made and never run: let the function start one with go().
template <typename F>
requires(!std::is_void_v<std::invoke_result_t<F&>>) StopFunc
    after_func(const Context&, F, Worker* = nullptr)
= delete;

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_TASK_AFTER_FUNC_H_
