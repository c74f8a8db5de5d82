// The nodes behind Context. Not for users of contexts: include context.h.
//
// Ownership: a node holds its parent; parents do not hold children. A cancellable node is linked
// into its nearest cancellable ancestor, and unlinks itself when it is cancelled or destroyed.
// Locks are taken from parent to child or one at a time, never from child to parent.
#ifndef LEAKBENCH_RUNTIME_CONTEXT_NODE_H_
#define LEAKBENCH_RUNTIME_CONTEXT_NODE_H_

#include <atomic>
#include <cstdint>

#include "runtime/base/intrusive_list.h"
#include "runtime/base/spin_lock.h"
#include "runtime/context/failure.h"
#include "runtime/time/timer_queue.h"

namespace leakbench {

class CancelNode;
class ValueNode;

class ContextNode {
 public:
  enum class Kind : std::uint8_t { kTodo, kCancel, kDeadline, kValue, kWithoutCancel };

  // `parent` may be nullptr (the background). `canceller` and `values` are the nearest cancellable
  // node and the nearest with a value, self included; the parent chain keeps both alive.
  ContextNode(Kind kind, ContextNode* parent, CancelNode* canceller, ValueNode* values,
              std::uint32_t references = 1);
  ContextNode(const ContextNode&) = delete;
  ContextNode& operator=(const ContextNode&) = delete;

  Kind kind() const { return kind_; }
  ContextNode* parent() const { return parent_; }
  CancelNode* canceller() const { return canceller_; }
  ValueNode* values() const { return values_; }
  // The same for a node that may be nullptr: the background has neither.
  static CancelNode* canceller_of(const ContextNode* node) {
    return node == nullptr ? nullptr : node->canceller_;
  }
  static ValueNode* values_of(const ContextNode* node) {
    return node == nullptr ? nullptr : node->values_;
  }

  void add_reference() { references_.fetch_add(1, std::memory_order_relaxed); }
  // False if the last reference is gone and the node about to be destroyed.
  bool add_reference_unless_dying();
  // Destroys the node with its last reference, and then as many ancestors as that frees; iterative,
  // so that a chain of any depth goes without using up the stack.
  static void release(ContextNode* node);

 protected:
  virtual ~ContextNode();

 private:
  std::atomic<std::uint32_t> references_;
  const Kind kind_;
  ContextNode* const parent_;
  CancelNode* const canceller_;
  ValueNode* const values_;
};

struct ListenerTag;

// Something that must hear of a cancellation at once. Embedded in a parked task's wait, say; it
// must stay in place until stop_listening() has returned or on_cancel has been called.
class CancelListener : public ListHook<ListenerTag> {
 public:
  // Called once, on the cancelling thread, with the locks of the node and of its ancestors held: it
  // may mark and enqueue, and must not touch any context, call user code, or throw.
  using OnCancel = void (*)(CancelListener&);
  explicit CancelListener(OnCancel on_cancel) : on_cancel_(on_cancel) {}

 private:
  friend class CancelNode;
  const OnCancel on_cancel_;
};

struct ChildTag;

class CancelNode : public ContextNode, public ListHook<ChildTag> {
 public:
  // Born with two references: one for its context, one for the cancel handle.
  static constexpr std::uint32_t kReferencesAtBirth = 2;
  CancelNode(Kind kind, ContextNode* parent);

  // Links the node under its nearest cancellable ancestor, or cancels it at once with that
  // ancestor's failure and cause if it is cancelled already.
  void attach();

  // The reason, or empty while live. Lock-free; once set it never changes.
  const Failure& err() const;
  bool is_done() const { return state_.load(std::memory_order_acquire) != State::kLive; }
  // Valid only once is_done().
  const Failure& cause() const { return cause_; }

  // Cancels this node and every descendant; on return all of them are done, whoever was first: a
  // call that comes second waits for the one that goes through the tree. The first call's failure
  // and cause stay. `failure` is canceled() or deadline_exceeded(); an empty cause means `failure`
  // itself.
  void cancel(const Failure& failure, const Failure& cause);

  // True if `listener` will hear of the cancellation; false if the node is done already.
  bool listen(CancelListener& listener);
  // True if `listener` was waiting: it will not be called. On return it is not being called either.
  bool stop_listening(CancelListener& listener);

  // Live children, for tests of what a finished child leaves behind.
  std::size_t children_for_testing();

 protected:
  ~CancelNode() override;

 private:
  enum class State : std::uint8_t { kLive, kCanceled, kDeadlineExceeded };

  // Marks a live node done, tells its listeners and returns true with lock_ held: nobody who comes
  // to cancel this node gets past it before its descendants are done too (Go: cancelCtx.cancel
  // holds its mutex over the children).
  bool begin_cancel(const Failure& failure, const Failure& cause);
  // Whether every descendant is done as well: nothing is left to cancel or to wait for.
  bool is_settled() const { return settled_.load(std::memory_order_acquire); }
  // Called with no lock held once the node is done, by each cancellation that came to it.
  virtual void on_done() {}
  void detach();

  std::atomic<State> state_{State::kLive};
  std::atomic<bool> settled_{false};
  SpinLock lock_;                    // guards what follows, and the hooks of children and listeners
  CancelNode* next_told_ = nullptr;  // only during the cancellation of an ancestor
  Failure cause_;
  IntrusiveList<CancelNode, ChildTag> children_;
  IntrusiveList<CancelListener, ListenerTag> listeners_;
};

// A cancellable node that time cancels. It holds a reference to itself while its timer is armed.
class DeadlineNode final : public CancelNode {
 public:
  DeadlineNode(ContextNode* parent, TimePoint deadline, Failure timeout_cause);

  TimePoint deadline() const { return deadline_; }
  // Before attach(): from then on any thread may cancel the node and look for the timer's queue.
  void arm(TimerQueue& queue);
  void expire() { cancel(deadline_exceeded(), timeout_cause_); }

 private:
  struct DeadlineTimer : Timer {
    explicit DeadlineTimer(DeadlineNode& n) : Timer(&DeadlineTimer::on_event), node(n) {}
    static void on_event(Timer& timer, Event event);
    DeadlineNode& node;
  };

  void on_done() override;

  const TimePoint deadline_;
  const Failure timeout_cause_;
  DeadlineTimer timer_;
};

class ValueNode : public ContextNode {
 public:
  ValueNode(ContextNode* parent, const void* key, const char* name);

  const char* name() const { return name_; }
  virtual const void* value() const = 0;

  // The nearest node under `key` from `node` up, or nullptr. Values lie in groups of eight: a look
  // at the keys of a group says that it can be passed over whole.
  static const ValueNode* find(const ValueNode* node, const void* key) {
    const std::uint64_t bit = bit_of(key);
    while (node != nullptr) {
      if ((node->group_keys_ & bit) == 0) {
        node = node->next_group_;
      } else if (node->key_ == key) {
        return node;
      } else {
        node = node->outer_;
      }
    }
    return nullptr;
  }

 private:
  static constexpr unsigned kGroup = 8;

  // Fibonacci hashing to one of 64 bits (Knuth, vol. 3, 6.4).
  static std::uint64_t bit_of(const void* key) {
    return std::uint64_t{1} << ((reinterpret_cast<std::uintptr_t>(key) * 0x9e3779b97f4a7c15) >> 58);
  }

  const void* const key_;
  const char* const name_;
  const ValueNode* const outer_;       // the next value up
  const unsigned place_;               // in its group, counted from above
  const std::uint64_t group_keys_;     // bits of its key and of those above it in its group
  const ValueNode* const next_group_;  // the lowest of the group above
};

template <typename T>
class TypedValueNode final : public ValueNode {
 public:
  TypedValueNode(ContextNode* parent, const void* key, const char* name, T value)
      : ValueNode(parent, key, name), value_(std::move(value)) {}
  const void* value() const override { return &value_; }

 private:
  const T value_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_CONTEXT_NODE_H_
