// task<T>: a coroutine that runs when it is awaited, or when go() starts it on its own.
//
// Calls and returns go through the worker's loop (the trampoline) instead of symmetric transfer:
// g++ 12 makes that a tail call only when it optimises, and a long chain of awaits would overflow
// the stack in debug and sanitizer builds.
#ifndef LEAKBENCH_RUNTIME_TASK_TASK_H_
#define LEAKBENCH_RUNTIME_TASK_TASK_H_

#include <coroutine>
#include <cstddef>
#include <exception>
#include <new>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "runtime/task/frame_pool.h"
#include "runtime/task/task_record.h"

namespace leakbench {

template <typename T = void>
class task;

namespace internal {

class PromiseBase {
 public:
  PromiseBase() : frame_bytes_(trampoline.new_frame_bytes) {}

  static void* operator new(std::size_t bytes) {
    trampoline.new_frame_bytes = static_cast<std::uint32_t>(bytes);
    return FramePool::allocate(bytes);
  }
  static void operator delete(void* frame, std::size_t bytes) { FramePool::free(frame, bytes); }

  std::suspend_always initial_suspend() noexcept { return {}; }

  struct FinalAwaiter {
    bool await_ready() noexcept { return false; }
    template <typename Promise>
    void await_suspend(std::coroutine_handle<Promise> handle) noexcept {
      PromiseBase& promise = handle.promise();
      if (promise.continuation_) {
        trampoline.current->frame_bytes -= promise.frame_bytes_;
        trampoline.next = promise.continuation_;
      } else {
        trampoline.root_finished = true;
      }
    }
    void await_resume() noexcept {}
  };
  FinalAwaiter final_suspend() noexcept { return {}; }

  void unhandled_exception() noexcept { exception_ = std::current_exception(); }
  const std::exception_ptr& exception() const { return exception_; }

  void continue_with(std::coroutine_handle<> continuation) { continuation_ = continuation; }
  std::uint32_t frame_bytes() const { return frame_bytes_; }

 protected:
  void rethrow_if_failed() {
    if (exception_) std::rethrow_exception(std::exchange(exception_, nullptr));
  }

 private:
  std::coroutine_handle<> continuation_;
  std::exception_ptr exception_;
  const std::uint32_t frame_bytes_;
};

template <typename T>
class Promise final : public PromiseBase {
 public:
  task<T> get_return_object() noexcept;
  template <typename V>
  void return_value(V&& value) {
    result_.emplace(std::forward<V>(value));
  }
  T take() {
    rethrow_if_failed();
    return std::move(*result_);
  }

 private:
  std::optional<T> result_;
};

template <>
class Promise<void> final : public PromiseBase {
 public:
  task<void> get_return_object() noexcept;
  void return_void() noexcept {}
  void take() { rethrow_if_failed(); }

  // Makes the coroutine the root of a task of its own. Here and not on its own, since starting a
  // task is then one allocation; an awaited task<void> leaves the space unused.
  TaskRecord& begin_record() { return *new (record_) TaskRecord; }

 private:
  static_assert(std::is_trivially_destructible_v<TaskRecord>);
  alignas(TaskRecord) std::byte record_[sizeof(TaskRecord)];
};

}  // namespace internal

// Owns its coroutine: destroying a task that is parked destroys its frame and those it awaits.
// Awaited at most once. What the coroutine takes by reference must outlive it: parameters by value
// are the rule, and a lambda coroutine must not capture.
template <typename T>
class [[nodiscard]] task {
 public:
  using promise_type = internal::Promise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  explicit task(Handle handle) : handle_(handle) {}
  task(task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  task& operator=(task&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~task() {
    if (handle_) handle_.destroy();
  }

  // std::logic_error for a task that was moved from or has been awaited.
  auto operator co_await() && {
    if (!handle_ || handle_.done()) throw std::logic_error("task: awaited twice, or moved from");
    struct Awaiter {
      Handle handle;
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<> caller) const noexcept {
        handle.promise().continue_with(caller);
        trampoline.current->frame_bytes += handle.promise().frame_bytes();
        trampoline.next = handle;
      }
      T await_resume() const { return handle.promise().take(); }
    };
    return Awaiter{handle_};
  }

  // Gives up ownership, to the registry.
  Handle release() && { return std::exchange(handle_, nullptr); }

 private:
  Handle handle_;
};

namespace internal {

template <typename T>
task<T> Promise<T>::get_return_object() noexcept {
  return task<T>(std::coroutine_handle<Promise>::from_promise(*this));
}

inline task<void> Promise<void>::get_return_object() noexcept {
  return task<void>(std::coroutine_handle<Promise>::from_promise(*this));
}

}  // namespace internal
}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_TASK_TASK_H_
