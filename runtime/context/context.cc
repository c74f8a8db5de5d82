#include "runtime/context/context.h"

#include <fmt/format.h>

#include <stdexcept>
#include <vector>

namespace leakbench {
namespace {

// A node that carries nothing of its own: todo and without_cancel.
class PlainNode final : public ContextNode {
 public:
  PlainNode(Kind kind, ContextNode* parent)
      : ContextNode(kind, parent, nullptr, values_of(parent)) {}
};

TimerQueue& timers_or_current(TimerQueue* timers) {
  if (timers == nullptr) timers = TimerQueue::current();
  if (timers == nullptr) {
    throw std::logic_error(
        "with_deadline outside a task needs a TimerQueue: pass one as the last argument");
  }
  return *timers;
}

// Takes over both references that a cancellable node is born with.
template <typename Handle>
Derived<Handle> share(CancelNode* node) {
  return {Context::adopt(node), Handle(Context::adopt(node))};
}

template <typename Handle>
Derived<Handle> derive_cancel(const Context& parent) {
  auto* node = new CancelNode(ContextNode::Kind::kCancel, parent.node());
  node->attach();
  return share<Handle>(node);
}

// Whether the deadline that `parent` has makes one at `deadline` pointless.
bool is_due_before(const Context& parent, TimePoint deadline) {
  const auto inherited = parent.deadline();
  return inherited && *inherited < deadline;
}

Cancellable derive_deadline(const Context& parent, TimePoint now, TimePoint deadline, Failure cause,
                            TimerQueue& queue) {
  auto* node = new DeadlineNode(parent.node(), deadline, std::move(cause));
  const bool live = !parent.is_done();
  if (live && deadline <= now) {
    node->expire();
  } else {
    if (live) node->arm(queue);
    node->attach();
  }
  return share<CancelHandle>(node);
}

}  // namespace

Failure Context::cause() const {
  const CancelNode* canceller = this->canceller();
  return canceller == nullptr || !canceller->is_done() ? Failure() : canceller->cause();
}

std::optional<TimePoint> Context::deadline() const {
  for (const ContextNode* node = node_; node != nullptr; node = node->parent()) {
    // The nearest deadline is the earliest: with_deadline never makes one later than its parent's.
    if (node->kind() == ContextNode::Kind::kDeadline) {
      return static_cast<const DeadlineNode*>(node)->deadline();
    }
    if (node->kind() == ContextNode::Kind::kWithoutCancel) return std::nullopt;
  }
  return std::nullopt;
}

const void* Context::find_value(const void* key) const {
  const ValueNode* found = ValueNode::find(ContextNode::values_of(node_), key);
  return found == nullptr ? nullptr : found->value();
}

std::string Context::to_string() const {
  std::vector<const ContextNode*> path;
  for (const ContextNode* node = node_; node != nullptr; node = node->parent()) {
    path.push_back(node);
  }
  std::string text = "context.Background";
  for (auto it = path.rbegin(); it != path.rend(); ++it) {
    switch ((*it)->kind()) {
      case ContextNode::Kind::kTodo:
        text = "context.TODO";
        break;
      case ContextNode::Kind::kCancel:
        text += ".WithCancel";
        break;
      case ContextNode::Kind::kDeadline:
        text += ".WithDeadline";
        break;
      case ContextNode::Kind::kValue:
        text += fmt::format(".WithValue({})", static_cast<const ValueNode*>(*it)->name());
        break;
      case ContextNode::Kind::kWithoutCancel:
        text += ".WithoutCancel";
        break;
    }
  }
  return text;
}

Context todo() {
  // One node for the whole process, kept by the reference it is born with.
  static auto* const node = new PlainNode(ContextNode::Kind::kTodo, nullptr);
  node->add_reference();
  return Context::adopt(node);
}

CancelHandle& CancelHandle::operator=(CancelHandle&& other) noexcept {
  if (this != &other) {
    cancel({});
    context_ = std::move(other.context_);
  }
  return *this;
}

void CancelHandle::cancel(const Failure& cause) const {
  CancelNode* canceller = context_.canceller();
  if (canceller != nullptr) canceller->cancel(canceled(), cause);
}

Cancellable with_cancel(const Context& parent) { return derive_cancel<CancelHandle>(parent); }

CauseCancellable with_cancel_cause(const Context& parent) {
  return derive_cancel<CancelCauseHandle>(parent);
}

Cancellable with_deadline_cause(const Context& parent, TimePoint deadline, Failure cause,
                                TimerQueue* timers) {
  if (is_due_before(parent, deadline)) return with_cancel(parent);
  TimerQueue& queue = timers_or_current(timers);
  return derive_deadline(parent, queue.now(), deadline, std::move(cause), queue);
}

Cancellable with_deadline(const Context& parent, TimePoint deadline, TimerQueue* timers) {
  return with_deadline_cause(parent, deadline, {}, timers);
}

Cancellable with_timeout_cause(const Context& parent, Duration timeout, Failure cause,
                               TimerQueue* timers) {
  TimerQueue& queue = timers_or_current(timers);
  const TimePoint now = queue.now();
  const TimePoint deadline = saturating_add(now, timeout);
  if (is_due_before(parent, deadline)) return with_cancel(parent);
  return derive_deadline(parent, now, deadline, std::move(cause), queue);
}

Cancellable with_timeout(const Context& parent, Duration timeout, TimerQueue* timers) {
  return with_timeout_cause(parent, timeout, {}, timers);
}

Context without_cancel(const Context& parent) {
  return Context::adopt(new PlainNode(ContextNode::Kind::kWithoutCancel, parent.node()));
}

}  // namespace leakbench
