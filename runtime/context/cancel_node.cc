#include <mutex>
#include <utility>

#include "runtime/context/node.h"

namespace leakbench {

CancelNode::CancelNode(Kind kind, ContextNode* parent)
    : ContextNode(kind, parent, this, values_of(parent), kReferencesAtBirth) {}

CancelNode::~CancelNode() {
  // Who cancels a node takes it off its ancestor's list while it holds a reference.
  if (!is_done()) detach();
}

void CancelNode::attach() {
  CancelNode* ancestor = canceller_of(parent());
  if (ancestor == nullptr) return;
  {
    // Under the lock, so that no cancellation slips in between the look and the link.
    std::lock_guard guard(ancestor->lock_);
    if (!ancestor->is_done()) {
      // A timer armed before may have ended this node already.
      if (!is_done()) ancestor->children_.push_back(*this);
      return;
    }
  }
  cancel(ancestor->err(), ancestor->cause());
}

void CancelNode::detach() {
  CancelNode* ancestor = canceller_of(parent());
  if (ancestor == nullptr) return;
  std::lock_guard guard(ancestor->lock_);
  if (ListHook<ChildTag>::is_linked()) ListHook<ChildTag>::unlink();
}

const Failure& CancelNode::err() const {
  switch (state_.load(std::memory_order_acquire)) {
    case State::kLive:
      return no_failure();
    case State::kCanceled:
      return canceled();
    case State::kDeadlineExceeded:
      return deadline_exceeded();
  }
  return no_failure();
}

bool CancelNode::begin_cancel(const Failure& failure, const Failure& cause) {
  lock_.lock();
  if (is_done()) {
    lock_.unlock();
    return false;
  }
  cause_ = cause;
  // Done before anybody is told: whoever hears of it and asks err() gets the reason.
  state_.store(failure.is_timeout() ? State::kDeadlineExceeded : State::kCanceled,
               std::memory_order_release);
  while (CancelListener* listener = listeners_.pop_front()) listener->on_cancel_(*listener);
  return true;
}

void CancelNode::cancel(const Failure& failure, const Failure& cause) {
  if (is_settled()) return;
  const Failure reason = cause ? cause : failure;
  if (!begin_cancel(failure, reason)) return;
  CancelNode* told = nullptr;
  // Down to each child and up again by the parent links, instead of recursion: a chain of any depth
  // must not use up the stack. Every node from this one to `node` is locked.
  for (CancelNode* node = this;;) {
    if (CancelNode* child = node->children_.pop_front()) {
      // A child whose last reference is gone waits in detach() for our lock; it needs no telling.
      if (!child->add_reference_unless_dying()) continue;
      child->next_told_ = std::exchange(told, child);
      if (child->begin_cancel(failure, reason)) node = child;
    } else {
      node->settled_.store(true, std::memory_order_release);
      node->lock_.unlock();
      if (node == this) break;
      node = canceller_of(node->parent());
    }
  }
  detach();
  on_done();
  // With no lock held: what goes with the last reference may be a value whose destructor cancels.
  while (told != nullptr) {
    CancelNode* child = std::exchange(told, told->next_told_);
    child->on_done();
    release(child);
  }
}

bool CancelNode::listen(CancelListener& listener) {
  std::lock_guard guard(lock_);
  if (is_done()) return false;
  listeners_.push_back(listener);
  return true;
}

bool CancelNode::stop_listening(CancelListener& listener) {
  std::lock_guard guard(lock_);
  if (!listener.is_linked()) return false;
  listener.unlink();
  return true;
}

std::size_t CancelNode::children_for_testing() {
  std::lock_guard guard(lock_);
  std::size_t count = 0;
  for (CancelNode* c = children_.front(); c != nullptr; c = children_.after(*c)) ++count;
  return count;
}

DeadlineNode::DeadlineNode(ContextNode* parent, TimePoint deadline, Failure timeout_cause)
    : CancelNode(Kind::kDeadline, parent),
      deadline_(deadline),
      timeout_cause_(std::move(timeout_cause)),
      timer_(*this) {}

void DeadlineNode::arm(TimerQueue& queue) {
  add_reference();
  queue.arm(timer_, deadline_);
}

void DeadlineNode::on_done() {
  if (TimerQueue::cancel(timer_)) release(this);
}

void DeadlineNode::DeadlineTimer::on_event(Timer& timer, Event event) {
  DeadlineNode& node = static_cast<DeadlineTimer&>(timer).node;
  if (event == Event::kFired) node.expire();
  release(&node);
}

}  // namespace leakbench
