#include "runtime/context/failure.h"

namespace leakbench {

Failure::Failure(std::string message)
    : state_(std::make_shared<const State>(State{std::move(message)})) {}

const std::string& Failure::message() const {
  static const std::string empty;
  return state_ == nullptr ? empty : state_->message;
}

// The two below have no reference count to contend for, and are never destroyed: a task may still
// look at one while static objects go.
const Failure& canceled() {
  static const auto& state = *new Failure::State{"context canceled", false};
  static const auto& failure = *new Failure(state);
  return failure;
}

const Failure& deadline_exceeded() {
  static const auto& state = *new Failure::State{"context deadline exceeded", true};
  static const auto& failure = *new Failure(state);
  return failure;
}

}  // namespace leakbench
