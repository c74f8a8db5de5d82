// Go's context.Context: a tree of deadlines, cancellation signals and values, passed down call
// chains by value and as the first argument.
//
// A Context is a counted handle, one pointer wide, and every method is safe from any thread.
// Cancelling a context cancels all that were derived from it, before the call returns. Sources:
// Go's package context, and the names used there.
#ifndef LEAKBENCH_RUNTIME_CONTEXT_CONTEXT_H_
#define LEAKBENCH_RUNTIME_CONTEXT_CONTEXT_H_

#include <optional>
#include <string>
#include <utility>

#include "runtime/context/failure.h"
#include "runtime/context/node.h"
#include "runtime/time/clock.h"

namespace leakbench {

// Names one value a context may carry. Two keys are the same only if they are the same object, so
// define each once, with static storage, and share it: `inline constexpr ContextKey<std::string>
// kRequestId{"request-id"};`
template <typename T>
class ContextKey {
 public:
  explicit constexpr ContextKey(const char* name) : name_(name) {}
  ContextKey(const ContextKey&) = delete;
  ContextKey& operator=(const ContextKey&) = delete;

  const char* name() const { return name_; }

 private:
  const char* name_;
};

class Context {
 public:
  // The background: never cancelled, no deadline, no values.
  Context() = default;
  Context(const Context& other) : node_(other.node_) {
    if (node_ != nullptr) node_->add_reference();
  }
  Context(Context&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
  Context& operator=(Context other) noexcept {
    std::swap(node_, other.node_);
    return *this;
  }
  ~Context() {
    if (node_ != nullptr) ContextNode::release(node_);
  }

  // Empty while live; then canceled() or deadline_exceeded(), for ever (Go: Err). One atomic load.
  // The reference is good for ever.
  const Failure& err() const {
    const CancelNode* canceller = this->canceller();
    return canceller == nullptr || !canceller->is_done() ? no_failure() : canceller->err();
  }

  // Whether the context is done. Never false once err() has been seen non-empty (Go: Done closed).
  bool is_done() const {
    const CancelNode* canceller = this->canceller();
    return canceller != nullptr && canceller->is_done();
  }

  // Whether it can ever be done: false for the background and below without_cancel()
  // (Go: Done() == nil).
  bool can_be_done() const { return canceller() != nullptr; }

  // Why it was cancelled: what the first cancellation gave as its cause, or else err() (Go: Cause).
  Failure cause() const;

  // The earliest deadline of the context and its ancestors (Go: Deadline).
  std::optional<TimePoint> deadline() const;

  // The nearest value under `key`, or nullptr, which is a normal answer. The pointer is valid as
  // long as this context lives.
  template <typename T>
  const T* value(const ContextKey<T>& key) const {
    return static_cast<const T*>(find_value(&key));
  }

  // For people, in Go's form: "context.Background.WithCancel.WithValue(request-id)".
  std::string to_string() const;

  // Same node: what one does the other does.
  friend bool operator==(const Context& a, const Context& b) { return a.node_ == b.node_; }

  // For the runtime's wait points; see node.h.
  CancelNode* canceller() const { return ContextNode::canceller_of(node_); }
  ContextNode* node() const { return node_; }
  // Takes over one reference.
  static Context adopt(ContextNode* node) {
    Context context;
    context.node_ = node;
    return context;
  }

 private:
  const void* find_value(const void* key) const;

  ContextNode* node_ = nullptr;
};

// The root for main(), start-up and tests.
inline Context background() { return Context(); }

// A root for code that does not yet know which context it should use; it only reads differently.
Context todo();

// Cancels its context when called, or when it goes out of scope: the call is Go's cancel function
// and the scope its `defer cancel()`. Safe from any thread, any number of times; the first wins.
class [[nodiscard]] CancelHandle {
 public:
  CancelHandle() = default;
  explicit CancelHandle(Context context) : context_(std::move(context)) {}
  CancelHandle(CancelHandle&&) = default;
  CancelHandle& operator=(CancelHandle&& other) noexcept;
  ~CancelHandle() { cancel({}); }

  // err() becomes canceled(), and so does cause().
  void operator()() const { cancel({}); }

  // Gives up the right to cancel: from now on only a parent or the deadline ends the context.
  void detach() && { context_ = Context(); }

 protected:
  void cancel(const Failure& cause) const;

 private:
  Context context_;
};

// The same, and may say why (Go: CancelCauseFunc).
class [[nodiscard]] CancelCauseHandle : public CancelHandle {
 public:
  using CancelHandle::CancelHandle;
  using CancelHandle::operator();
  void operator()(const Failure& cause) const { cancel(cause); }
};

template <typename Handle>
struct [[nodiscard]] Derived {
  Context context;
  Handle cancel;
};
using Cancellable = Derived<CancelHandle>;
using CauseCancellable = Derived<CancelCauseHandle>;

// `auto [ctx, cancel] = with_cancel(parent);`
Cancellable with_cancel(const Context& parent);
CauseCancellable with_cancel_cause(const Context& parent);

// Done with deadline_exceeded() at `deadline`; never later than the parent's own deadline. One in
// the past makes a context that is done from the start. The timer runs on `timers`, by default the
// worker's this is called on; elsewhere one must be given (std::logic_error). When the queue goes
// first, the deadline never comes.
Cancellable with_deadline(const Context& parent, TimePoint deadline, TimerQueue* timers = nullptr);
Cancellable with_deadline_cause(const Context& parent, TimePoint deadline, Failure cause,
                                TimerQueue* timers = nullptr);
Cancellable with_timeout(const Context& parent, Duration timeout, TimerQueue* timers = nullptr);
Cancellable with_timeout_cause(const Context& parent, Duration timeout, Failure cause,
                               TimerQueue* timers = nullptr);

// The parent's values without its deadline and cancellation.
Context without_cancel(const Context& parent);

template <typename T, typename V>
Context with_value(const Context& parent, const ContextKey<T>& key, V&& value) {
  return Context::adopt(
      new TypedValueNode<T>(parent.node(), &key, key.name(), T(std::forward<V>(value))));
}
// A temporary key would be gone before anybody can look under it.
template <typename T, typename V>
Context with_value(const Context& parent, const ContextKey<T>&& key, V&& value) = delete;

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_CONTEXT_CONTEXT_H_
