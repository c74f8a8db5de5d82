#include "runtime/context/failure.h"

#include <utility>

namespace leakbench {

Failure::Failure(std::string message) : state_(new State{.message = std::move(message)}) {}

const std::string& Failure::message() const {
  static const std::string empty;
  return state_ == nullptr ? empty : state_->message;
}

const Failure& Failure::immortal(Kind kind, std::string message) {
  auto& failure = *new Failure();
  failure.state_ = new State{.kind = kind, .message = std::move(message)};
  return failure;
}

const Failure& canceled() {
  static const Failure& failure = Failure::immortal(Failure::Kind::kCanceled, "context canceled");
  return failure;
}

const Failure& deadline_exceeded() {
  static const Failure& failure =
      Failure::immortal(Failure::Kind::kTimeout, "context deadline exceeded");
  return failure;
}

}  // namespace leakbench
