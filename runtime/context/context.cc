#include "runtime/context/context.h"

#include <fmt/format.h>

#include <stdexcept>
#include <vector>

namespace leakbench {
namespace {

// A node that carries nothing of its own: todo and without_cancel.
class PlainNode final : public ContextNode {
 public:
  PlainNode(Kind kind, ContextNode* parent) : ContextNode(kind, parent, nullptr) {}
};

TimerQueue& timers_or_current(TimerQueue* timers) {
  if (timers == nullptr) timers = TimerQueue::current();
  if (timers == nullptr) {
    throw std::logic_error(
        "with_deadline outside a task needs a TimerQueue: pass one as the last argument");
  }
  return *timers;
}

template <typename Result, typename Handle>
Result derive_cancel(const Context& parent) {
  auto* node = new CancelNode(ContextNode::Kind::kCancel, parent.node());
  Context context = Context::adopt(node);
  node->attach();
  return {context, Handle(context)};
}

}  // namespace

Failure Context::err() const {
  const CancelNode* canceller = this->canceller();
  return canceller == nullptr ? Failure() : canceller->err();
}

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
  for (const ContextNode* node = node_; node != nullptr; node = node->parent()) {
    if (node->kind() != ContextNode::Kind::kValue) continue;
    const auto* value_node = static_cast<const ValueNode*>(node);
    if (value_node->key() == key) return value_node->value();
  }
  return nullptr;
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
  if (canceller != nullptr && !canceller->is_done()) canceller->cancel(canceled(), cause);
}

Cancellable with_cancel(const Context& parent) {
  return derive_cancel<Cancellable, CancelHandle>(parent);
}

CauseCancellable with_cancel_cause(const Context& parent) {
  return derive_cancel<CauseCancellable, CancelCauseHandle>(parent);
}

Cancellable with_deadline_cause(const Context& parent, TimePoint deadline, Failure cause,
                                TimerQueue* timers) {
  const auto inherited = parent.deadline();
  if (inherited && *inherited <= deadline) return with_cancel(parent);
  TimerQueue& queue = timers_or_current(timers);
  auto* node = new DeadlineNode(parent.node(), deadline, std::move(cause));
  Context context = Context::adopt(node);
  const bool live = !parent.is_done();
  if (live && deadline <= queue.now()) {
    node->expire();
  } else {
    if (live) node->arm(queue);
    node->attach();
  }
  return {context, CancelHandle(context)};
}

Cancellable with_deadline(const Context& parent, TimePoint deadline, TimerQueue* timers) {
  return with_deadline_cause(parent, deadline, {}, timers);
}

Cancellable with_timeout_cause(const Context& parent, Duration timeout, Failure cause,
                               TimerQueue* timers) {
  TimerQueue& queue = timers_or_current(timers);
  return with_deadline_cause(parent, saturating_add(queue.now(), timeout), std::move(cause),
                             &queue);
}

Cancellable with_timeout(const Context& parent, Duration timeout, TimerQueue* timers) {
  return with_timeout_cause(parent, timeout, {}, timers);
}

Context without_cancel(const Context& parent) {
  return Context::adopt(new PlainNode(ContextNode::Kind::kWithoutCancel, parent.node()));
}

}  // namespace leakbench
