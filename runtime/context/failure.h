// Why something stopped: Go's `error` as a value. Empty means that nothing failed.
#ifndef LEAKBENCH_RUNTIME_CONTEXT_FAILURE_H_
#define LEAKBENCH_RUNTIME_CONTEXT_FAILURE_H_

#include <memory>
#include <string>
#include <utility>

namespace leakbench {

// Cheap to copy; two failures are equal when they are the same one (as Go compares the pointers of
// errors.New), not when their messages agree. Immutable, so safe from any thread.
class Failure {
 public:
  // Nothing failed.
  Failure() = default;

  // A new failure, equal only to its copies.
  explicit Failure(std::string message);

  explicit operator bool() const { return state_ != nullptr; }
  friend bool operator==(const Failure&, const Failure&) = default;

  // Empty for the empty failure.
  const std::string& message() const;

  // Whether time ran out, as opposed to somebody cancelling (Go: error with Timeout() true).
  bool is_timeout() const { return state_ != nullptr && state_->is_timeout; }

 private:
  struct State {
    std::string message;
    bool is_timeout = false;
  };

  explicit Failure(const State& immortal) : state_(std::shared_ptr<const State>(), &immortal) {}

  friend const Failure& canceled();
  friend const Failure& deadline_exceeded();

  std::shared_ptr<const State> state_;
};

// "context canceled": somebody called the cancel handle of the context or of an ancestor.
const Failure& canceled();

// "context deadline exceeded": the deadline of the context or of an ancestor passed.
const Failure& deadline_exceeded();

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_CONTEXT_FAILURE_H_
