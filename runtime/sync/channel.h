// Go's channels between tasks: unbuffered or buffered, closable, and with a context at every wait.
#ifndef LEAKBENCH_RUNTIME_SYNC_CHANNEL_H_
#define LEAKBENCH_RUNTIME_SYNC_CHANNEL_H_

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <source_location>
#include <stdexcept>
#include <utility>

#include "runtime/context/context.h"
#include "runtime/sync/channel_core.h"
#include "runtime/task/wait.h"

namespace leakbench {

// Go panics where this is thrown: send on a closed channel, close of a closed channel.
class ChannelClosed : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

// What receive() gives: a value, or why there is none.
template <typename T>
struct Received {
  std::optional<T> value;
  Failure failure;  // the context's err(); empty when the channel is closed and drained

  explicit operator bool() const { return value.has_value(); }
  bool is_closed() const { return !value && !failure; }
};

namespace internal {

// The states of a channel's operations, shared by the awaiters and select. Calls with the lock held
// except where said.
template <typename T>
class ChannelState : public ChannelCore {
 public:
  explicit ChannelState(std::size_t capacity) : capacity_(capacity) {}

  // True if `value` was handed to a receiver or stored; throws when closed.
  bool try_send(T& value) {
    if (is_closed()) throw ChannelClosed("send on closed channel");
    if (ChannelWait* receiver = claim_first(Side::kReceive)) {
      static_cast<std::optional<T>*>(receiver->slot)->emplace(std::move(value));
      receiver->waiter.make_ready();
      return true;
    }
    if (buffer_.size() >= capacity_) return false;
    buffer_.push_back(std::move(value));
    return true;
  }

  // True if there was an answer: a value in `out`, or none because the channel is closed.
  bool try_receive(std::optional<T>& out) {
    if (!buffer_.empty()) {
      out.emplace(std::move(buffer_.front()));
      buffer_.pop_front();
      if (ChannelWait* sender = claim_first(Side::kSend)) {
        buffer_.push_back(std::move(*static_cast<T*>(sender->slot)));
        sender->waiter.make_ready();
      }
      return true;
    }
    if (ChannelWait* sender = claim_first(Side::kSend)) {
      out.emplace(std::move(*static_cast<T*>(sender->slot)));
      sender->waiter.make_ready();
      return true;
    }
    return is_closed();
  }

  std::size_t size() const { return buffer_.size(); }

 private:
  const std::size_t capacity_;
  std::deque<T> buffer_;
};

template <typename T>
class SendAwaiter {
 public:
  SendAwaiter(std::shared_ptr<ChannelState<T>> state, Context ctx, T value,
              std::source_location location)
      : state_(std::move(state)),
        ctx_(std::move(ctx)),
        value_(std::move(value)),
        location_(location) {}

  bool await_ready() const { return ctx_.is_done(); }
  bool await_suspend(std::coroutine_handle<> handle) {
    {
      std::lock_guard guard(state_->lock());
      sent_ = state_->try_send(value_);
      if (sent_) return false;
      waiter_.park(handle, WaitReason::kChannelSend, location_);
      state_->enqueue(Side::kSend, end_.wait());
    }
    cancelled_.listen(ctx_);
    return true;
  }
  Failure await_resume() {
    if (sent_ || waiter_.winner() == kPartner) {
      if (end_.wait().closed) throw ChannelClosed("send on closed channel");
      return {};
    }
    return ctx_.err();
  }

 private:
  enum { kPartner, kCancelled };

  const std::shared_ptr<ChannelState<T>> state_;
  const Context ctx_;
  T value_;
  const std::source_location location_;
  bool sent_ = false;
  Waiter waiter_;
  ChannelEnd end_{*state_, waiter_, kPartner, &value_};
  ContextEnd cancelled_{waiter_, kCancelled};
};

template <typename T>
class ReceiveAwaiter {
 public:
  ReceiveAwaiter(std::shared_ptr<ChannelState<T>> state, Context ctx, std::source_location location)
      : state_(std::move(state)), ctx_(std::move(ctx)), location_(location) {}

  bool await_ready() const { return ctx_.is_done(); }
  bool await_suspend(std::coroutine_handle<> handle) {
    {
      std::lock_guard guard(state_->lock());
      received_ = state_->try_receive(value_);
      if (received_) return false;
      waiter_.park(handle, WaitReason::kChannelReceive, location_);
      state_->enqueue(Side::kReceive, end_.wait());
    }
    cancelled_.listen(ctx_);
    return true;
  }
  Received<T> await_resume() {
    if (received_ || waiter_.winner() == kPartner) return {std::move(value_), {}};
    return {std::nullopt, ctx_.err()};
  }

 private:
  enum { kPartner, kCancelled };

  const std::shared_ptr<ChannelState<T>> state_;
  const Context ctx_;
  const std::source_location location_;
  std::optional<T> value_;
  bool received_ = false;
  Waiter waiter_;
  ChannelEnd end_{*state_, waiter_, kPartner, &value_};
  ContextEnd cancelled_{waiter_, kCancelled};
};

}  // namespace internal

// A handle; copies are the same channel. Safe from any thread; send() and receive() are awaited in
// tasks. A done context ends an operation before it starts, even one that could go on at once.
//   channel<int> numbers(1);
//   co_await numbers.send(ctx, 42);
//   while (auto number = co_await numbers.receive(ctx)) use(*number.value);
template <typename T>
class channel {
 public:
  // A capacity of 0 makes each send wait for its receiver.
  explicit channel(std::size_t capacity = 0)
      : state_(std::make_shared<internal::ChannelState<T>>(capacity)) {}

  // Awaited, gives an empty Failure once the value is taken or stored, else the context's err() and
  // the value is gone. Throws ChannelClosed when the channel is closed, before or while waiting.
  auto send(Context ctx, T value,
            std::source_location location = std::source_location::current()) const {
    return internal::SendAwaiter<T>(state_, std::move(ctx), std::move(value), location);
  }

  // Awaited, gives the next value in the order of sending; values sent before close() still come.
  auto receive(Context ctx, std::source_location location = std::source_location::current()) const {
    return internal::ReceiveAwaiter<T>(state_, std::move(ctx), location);
  }

  // Nothing more will be sent: receivers get what is stored, then is_closed(). Throws ChannelClosed
  // the second time.
  void close() const {
    std::lock_guard guard(state_->lock());
    if (!state_->close()) throw ChannelClosed("close of closed channel");
  }

  // Values stored now (Go: len).
  std::size_t size() const {
    std::lock_guard guard(state_->lock());
    return state_->size();
  }

  internal::ChannelState<T>& state() const { return *state_; }
  const std::shared_ptr<internal::ChannelState<T>>& shared_state() const { return state_; }

 private:
  std::shared_ptr<internal::ChannelState<T>> state_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_SYNC_CHANNEL_H_
