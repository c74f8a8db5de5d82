#include "runtime/context/node.h"

namespace leakbench {

ContextNode::ContextNode(Kind kind, ContextNode* parent, CancelNode* canceller, ValueNode* values,
                         std::uint32_t references)
    : references_(references),
      kind_(kind),
      parent_(parent),
      canceller_(canceller),
      values_(values) {
  if (parent != nullptr) parent->add_reference();
}

ContextNode::~ContextNode() = default;

bool ContextNode::add_reference_unless_dying() {
  std::uint32_t count = references_.load(std::memory_order_relaxed);
  while (count != 0) {
    if (references_.compare_exchange_weak(count, count + 1, std::memory_order_relaxed)) return true;
  }
  return false;
}

void ContextNode::release(ContextNode* node) {
  while (node != nullptr && node->references_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    ContextNode* parent = node->parent_;
    delete node;
    node = parent;
  }
}

ValueNode::ValueNode(ContextNode* parent, const void* key, const char* name)
    : ContextNode(Kind::kValue, parent, canceller_of(parent), this),
      key_(key),
      name_(name),
      outer_(values_of(parent)),
      place_(outer_ == nullptr ? 0 : (outer_->place_ + 1) % kGroup),
      group_keys_(bit_of(key) | (place_ == 0 ? 0 : outer_->group_keys_)),
      next_group_(place_ == 0 ? outer_ : outer_->next_group_) {}

}  // namespace leakbench
