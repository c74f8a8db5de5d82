// Why something stopped: Go's `error` as a value. Empty means that nothing failed.
#ifndef LEAKBENCH_RUNTIME_CONTEXT_FAILURE_H_
#define LEAKBENCH_RUNTIME_CONTEXT_FAILURE_H_

#include <atomic>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <cstdint>
#include <string>

namespace leakbench {

// One word, cheap to copy; two failures are equal when they are the same one (as Go compares the
// pointers of errors.New), not when their messages agree. Immutable, so safe from any thread.
class Failure {
 public:
  // Nothing failed.
  constexpr Failure() = default;

  // A new failure, equal only to its copies.
  explicit Failure(std::string message);

  explicit operator bool() const { return state_ != nullptr; }
  friend bool operator==(const Failure& a, const Failure& b) { return a.state_ == b.state_; }

  // Empty for the empty failure. Valid as long as any copy of the failure lives.
  const std::string& message() const;

  // Whether time ran out, as opposed to somebody cancelling (Go: error with Timeout() true).
  bool is_timeout() const { return state_ != nullptr && state_->kind == Kind::kTimeout; }

 private:
  enum class Kind : std::uint8_t { kMade, kCanceled, kTimeout };

  // Those that are not kMade are never destroyed and not counted: there is no count to contend for,
  // and a task may still look at one while static objects go.
  struct State {
    mutable std::atomic<std::uint32_t> references{0};
    Kind kind = Kind::kMade;
    std::string message;
  };
  friend void intrusive_ptr_add_ref(const State* state) {
    if (state->kind == Kind::kMade) state->references.fetch_add(1, std::memory_order_relaxed);
  }
  friend void intrusive_ptr_release(const State* state) {
    if (state->kind != Kind::kMade) return;
    if (state->references.fetch_sub(1, std::memory_order_acq_rel) == 1) delete state;
  }

  static const Failure& immortal(Kind kind, std::string message);

  friend const Failure& canceled();
  friend const Failure& deadline_exceeded();

  boost::intrusive_ptr<const State> state_;
};

namespace internal {

// Without a destructor, so that it can be looked at while static objects go.
union Immortal {
  constexpr Immortal() : failure() {}
  ~Immortal() {}
  Failure failure;
};
inline constinit const Immortal no_failure;

}  // namespace internal

// The empty failure.
inline const Failure& no_failure() { return internal::no_failure.failure; }

// "context canceled": somebody called the cancel handle of the context or of an ancestor.
const Failure& canceled();

// "context deadline exceeded": the deadline of the context or of an ancestor passed.
const Failure& deadline_exceeded();

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_CONTEXT_FAILURE_H_
