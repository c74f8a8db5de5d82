// Go's channels between tasks: unbuffered or buffered, closable, and with a context at every wait.
#ifndef LEAKBENCH_RUNTIME_SYNC_CHANNEL_H_
#define LEAKBENCH_RUNTIME_SYNC_CHANNEL_H_

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <source_location>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "runtime/context/context.h"
#include "runtime/sync/channel_core.h"
#include "runtime/task/wait.h"

namespace leakbench {

// Go panics where this is thrown: send on a closed channel, close of a closed or nil channel.
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
  // A partner that is claimed must get its value: there is no way back when the move fails.
  static_assert(std::is_nothrow_move_constructible_v<T>,
                "a channel's values must move without throwing: carry a std::unique_ptr instead");

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

inline std::size_t checked_capacity(std::size_t capacity) {
  if (capacity > PTRDIFF_MAX) throw std::invalid_argument("channel: negative capacity");
  return capacity;
}

// g++ 12 copies an aggregate that is made in the expression of a co_await byte by byte into the
// frame: what then is sent, or destroyed, is a copy without a copy constructor.
template <typename T>
constexpr void refuse_aggregates() {
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
  static_assert(
      !std::is_aggregate_v<T> || std::is_trivially_copyable_v<T>,
      "g++ 12 breaks aggregates that are made in a co_await: give the type a constructor");
#endif
}

// How an operation holds the rvalue it is to send: where it stands, so that it is moved from only
// if it is sent; a copy where that makes no difference.
template <typename T>
using Offered = std::conditional_t<std::is_trivially_copyable_v<T>, T, T&&>;

// `Value` is T or Offered<T>.
template <typename T, typename Value>
class SendAwaiter {
 public:
  SendAwaiter(ChannelState<T>* channel, Context ctx, Value&& value, std::source_location location)
      : channel_(channel),
        ctx_(std::move(ctx)),
        value_(std::forward<Value>(value)),
        location_(location) {}

  bool await_ready() const { return ctx_.is_done(); }
  bool await_suspend(std::coroutine_handle<> handle) {
    if (channel_ == nullptr) {
      waiter_.park(handle, WaitReason::kChannelSend, location_);
    } else {
      std::lock_guard guard(channel_->lock());
      sent_ = channel_->try_send(value_);
      if (sent_) return false;
      waiter_.park(handle, WaitReason::kChannelSend, location_);
      end_.enqueue(*channel_, Side::kSend);
    }
    cancelled_.listen(ctx_);
    return true;
  }
  Failure await_resume() {
    if (sent_ || waiter_.winner() == kPartner) {
      if (end_.is_closed()) throw ChannelClosed("send on closed channel");
      return {};
    }
    return ctx_.err();
  }

 private:
  enum { kPartner, kCancelled };

  ChannelState<T>* const channel_;  // kept by the caller's handle, and once parked by the wait
  const Context ctx_;
  Value value_;
  const std::source_location location_;
  bool sent_ = false;
  Waiter waiter_;
  ChannelEnd end_{waiter_, kPartner, &value_};
  ContextEnd cancelled_{waiter_, kCancelled};
};

template <typename T>
class ReceiveAwaiter {
 public:
  ReceiveAwaiter(ChannelState<T>* channel, Context ctx, std::source_location location)
      : channel_(channel), ctx_(std::move(ctx)), location_(location) {}

  bool await_ready() const { return ctx_.is_done(); }
  bool await_suspend(std::coroutine_handle<> handle) {
    if (channel_ == nullptr) {
      waiter_.park(handle, WaitReason::kChannelReceive, location_);
    } else {
      std::lock_guard guard(channel_->lock());
      received_ = channel_->try_receive(value_);
      if (received_) return false;
      waiter_.park(handle, WaitReason::kChannelReceive, location_);
      end_.enqueue(*channel_, Side::kReceive);
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

  ChannelState<T>* const channel_;  // as in SendAwaiter
  const Context ctx_;
  const std::source_location location_;
  std::optional<T> value_;
  bool received_ = false;
  Waiter waiter_;
  ChannelEnd end_{waiter_, kPartner, &value_};
  ContextEnd cancelled_{waiter_, kCancelled};
};

}  // namespace internal

// A handle; copies are the same channel. Safe from any thread; send() and receive() are awaited in
// tasks. A done context ends an operation before it starts, even one that could go on at once.
//   channel<int> numbers(1);
//   co_await numbers.send(ctx, 42);
//   while (auto number = co_await numbers.receive(ctx)) use(*number.value);
// A nil channel (`numbers = nullptr;`) is one on which nothing ever happens: its cases are out of a
// select, send() and receive() wait for their context, and close() throws.
template <typename T>
class channel {
 public:
  // A capacity of 0 makes each send wait for its receiver.
  // std::invalid_argument for one that was negative.
  explicit channel(std::size_t capacity = 0)
      : state_(new internal::ChannelState<T>(internal::checked_capacity(capacity))) {}
  // A template, so that a 0 is a capacity.
  template <std::same_as<std::nullptr_t> Nil>
  channel(Nil) {}  // NOLINT(google-explicit-constructor): `ch = nullptr` is the point of it

  bool operator==(std::nullptr_t) const { return state_ == nullptr; }

  // Awaited, gives an empty Failure once the value is taken or stored, else the context's err().
  // Throws ChannelClosed when the channel is closed, before or while waiting. A value that was not
  // sent stays with the caller: an rvalue is moved from only when it is taken or stored. Until then
  // it must stay where it is, and so must this handle until the task parks: await in the same
  // expression.
  [[nodiscard]] auto send(Context ctx, T&& value,
                          std::source_location location = std::source_location::current()) const {
    internal::refuse_aggregates<T>();
    return internal::SendAwaiter<T, internal::Offered<T>>(state_.get(), std::move(ctx),
                                                          std::move(value), location);
  }
  [[nodiscard]] auto send(Context ctx, const T& value,
                          std::source_location location = std::source_location::current()) const {
    return internal::SendAwaiter<T, T>(state_.get(), std::move(ctx), T(value), location);
  }

  // Awaited, gives the next value in the order of sending; values sent before close() still come.
  [[nodiscard]] auto receive(
      Context ctx, std::source_location location = std::source_location::current()) const {
    return internal::ReceiveAwaiter<T>(state_.get(), std::move(ctx), location);
  }

  // Nothing more will be sent: receivers get what is stored, then is_closed(). Throws ChannelClosed
  // the second time.
  void close() const {
    if (state_ == nullptr) throw ChannelClosed("close of nil channel");
    std::lock_guard guard(state_->lock());
    if (!state_->close()) throw ChannelClosed("close of closed channel");
  }

  // Values stored now (Go: len).
  std::size_t size() const {
    if (state_ == nullptr) return 0;
    std::lock_guard guard(state_->lock());
    return state_->size();
  }

  // For select and ticker; nullptr for a nil channel.
  internal::ChannelState<T>* state() const { return state_.get(); }

 private:
  boost::intrusive_ptr<internal::ChannelState<T>> state_;
};

// A class of its own, so that its message is not the first of fifty.
template <typename T>
requires std::is_void_v<T>
class channel<T> {
  static_assert(!std::is_void_v<T>,
                "a channel of nothing, Go's chan struct{}, is a channel<std::monostate>");
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_SYNC_CHANNEL_H_
