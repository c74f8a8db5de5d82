// Go's select: waits for the first of several channel operations, a time, or a context.
//
//   auto chosen = co_await leakbench::select(ctx, on_receive(results, result), on_receive(errors,
//   error),
//                                 on_timeout(1s));
//   if (chosen.failure) co_return;        // ctx is done
//   if (chosen.index == 0) use(result);
#ifndef LEAKBENCH_RUNTIME_SYNC_SELECT_H_
#define LEAKBENCH_RUNTIME_SYNC_SELECT_H_

#include <array>
#include <cstdint>
#include <functional>
#include <numeric>
#include <optional>
#include <source_location>
#include <tuple>
#include <type_traits>
#include <utility>

#include "runtime/sync/channel.h"
#include "runtime/task/worker.h"

namespace leakbench {

struct Selected {
  int index = -1;   // of the case that happened, in the order given; -1 when the context ended it
  Failure failure;  // the context's err(), or empty
};

namespace internal {

// `Value` is T or Offered<T>. A case without a core (nil channel, time) is never attempted.
template <typename T, typename Value>
class SendCase {
 public:
  SendCase(const channel<T>& ch, Value&& value)
      : channel_(ch.state()), value_(std::forward<Value>(value)) {}
  // Every case moves until it is bound, and stays put from then on.
  SendCase(SendCase&& other) noexcept
      : channel_(other.channel_), value_(std::forward<Value>(other.value_)) {}

  ChannelCore* core() const { return channel_; }
  void bind(Waiter& waiter, int index) { end_.emplace(waiter, index, &value_); }
  bool attempt() { return channel_->try_send(value_); }
  void enqueue() {
    if (channel_ != nullptr) end_->enqueue(*channel_, Side::kSend);
  }
  void arm() {}
  void complete() {
    if (end_->is_closed()) throw ChannelClosed("send on closed channel");
  }

 private:
  ChannelState<T>* channel_;  // as in SendAwaiter
  Value value_;
  std::optional<ChannelEnd> end_;
};

template <typename T>
class ReceiveCase {
 public:
  ReceiveCase(const channel<T>& ch, std::optional<T>& out) : channel_(ch.state()), out_(&out) {}

  ReceiveCase(ReceiveCase&& other) noexcept : channel_(other.channel_), out_(other.out_) {}

  ChannelCore* core() const { return channel_; }
  void bind(Waiter& waiter, int index) {
    out_->reset();
    end_.emplace(waiter, index, out_);
  }
  bool attempt() { return channel_->try_receive(*out_); }
  void enqueue() {
    if (channel_ != nullptr) end_->enqueue(*channel_, Side::kReceive);
  }
  void arm() {}
  void complete() {}

 private:
  ChannelState<T>* channel_;  // as in SendAwaiter
  std::optional<T>* out_;
  std::optional<ChannelEnd> end_;
};

class TimeoutCase {
 public:
  explicit TimeoutCase(Duration duration) : duration_(duration) {}

  TimeoutCase(TimeoutCase&& other) noexcept : duration_(other.duration_) {}

  ChannelCore* core() const { return nullptr; }
  void bind(Waiter& waiter, int index) { end_.emplace(waiter, index); }
  bool attempt() { return false; }
  void enqueue() {}
  void arm() { end_->arm(saturating_add(Worker::current()->timers().now(), duration_)); }
  void complete() {}

 private:
  Duration duration_;
  std::optional<TimerEnd> end_;
};

class DefaultCase {
 public:
  ChannelCore* core() const { return nullptr; }
  void bind(Waiter&, int) {}
  bool attempt() { return false; }
  void enqueue() {}
  void arm() {}
  void complete() {}
};

// The state of this thread's dice, never 0; tests set it, so that they throw the same each time.
inline std::uint32_t& select_dice() {
  static thread_local std::uint32_t state =
      static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(&state) >> 4) | 1;
  return state;
}

// One of 0 to `sides` - 1. xorshift (Marsaglia 2003): fairness needs no better dice.
inline std::size_t throw_dice(std::size_t sides) {
  std::uint32_t& state = select_dice();
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return (std::uint64_t{state} * sides) >> 32;
}

// Looks at all channels under all their locks at once, and parks on all of them before it lets go:
// so a value is moved for exactly one case, and no partner is claimed in vain. Locks are taken in
// the order of their addresses, as every select does.
template <typename... Cases>
class SelectAwaiter {
  static constexpr std::size_t kCount = sizeof...(Cases);
  static constexpr int kDefaults = (0 + ... + int{std::is_same_v<Cases, DefaultCase>});
  static_assert(kDefaults <= 1, "a select has at most one default");

 public:
  SelectAwaiter(Context ctx, std::source_location location, Cases... cases)
      : ctx_(std::move(ctx)), location_(location), cases_(std::move(cases)...) {}

  bool await_ready() const { return ctx_.is_done(); }

  bool await_suspend(std::coroutine_handle<> handle) {
    for_each([this](auto& c, int index) { c.bind(waiter_, index); });
    {
      const Locks locks(cases_);
      // In a random order, drawn as far as it is needed: each ready case is as likely as the next.
      // (From a random case on, and around, would favour those that stand behind idle ones.)
      std::array<int, kCount> order;
      std::iota(order.begin(), order.end(), 0);
      for (std::size_t i = 0; i < kCount && ready_ < 0; ++i) {
        if (i + 1 < kCount) std::swap(order[i], order[i + throw_dice(kCount - i)]);
        for_each([&](auto& c, int index) {
          if (index == order[i] && c.core() != nullptr && c.attempt()) ready_ = index;
        });
      }
      if (ready_ < 0) ready_ = kDefault;
      if (ready_ >= 0) return false;
      waiter_.park(handle, WaitReason::kSelect, location_);
      for_each([](auto& c, int) { c.enqueue(); });
    }
    for_each([](auto& c, int) { c.arm(); });
    cancelled_.listen(ctx_);
    return true;
  }

  Selected await_resume() {
    if (ready_ >= 0) return {ready_, {}};
    const int winner = waiter_.winner();
    if (winner < 0 || winner == kCancelled) return {-1, ctx_.err()};
    for_each([winner](auto& c, int index) {
      if (index == winner) c.complete();
    });
    return {winner, {}};
  }

 private:
  static constexpr int kCancelled = static_cast<int>(kCount);
  // Where the default is among the cases, or -1.
  static constexpr int kDefault = [] {
    int at = -1, index = 0;
    ((at = std::is_same_v<Cases, DefaultCase> ? index : at, ++index), ...);
    return at;
  }();

  // All distinct channels of the cases, locked in the order of their addresses.
  class Locks {
   public:
    explicit Locks(std::tuple<Cases...>& cases) {
      std::apply([this](auto&... c) { (insert(c.core()), ...); }, cases);
      for_each_distinct([](ChannelCore& core) { core.lock().lock(); });
    }
    ~Locks() {
      for_each_distinct([](ChannelCore& core) { core.lock().unlock(); });
    }
    Locks(const Locks&) = delete;
    Locks& operator=(const Locks&) = delete;

   private:
    // In order; the cases of a select are few.
    void insert(ChannelCore* core) {
      std::size_t at = used_++;
      for (; at > 0 && std::less<ChannelCore*>()(core, cores_[at - 1]); --at) {
        cores_[at] = cores_[at - 1];
      }
      cores_[at] = core;
    }

    template <typename F>
    void for_each_distinct(F f) {
      ChannelCore* previous = nullptr;
      for (ChannelCore* core : cores_) {
        if (core != nullptr && core != previous) f(*core);
        previous = core;
      }
    }

    std::array<ChannelCore*, kCount> cores_{};
    std::size_t used_ = 0;
  };

  template <typename F>
  void for_each(F f) {
    int index = 0;
    std::apply([&](auto&... c) { (f(c, index++), ...); }, cases_);
  }

  const Context ctx_;
  const std::source_location location_;
  int ready_ = -1;
  Waiter waiter_;
  std::tuple<Cases...> cases_;
  ContextEnd cancelled_{waiter_, kCancelled};
};

}  // namespace internal

// Sends `value` unless another case comes first, in which case it stays with the caller: an
// rvalue is moved from only when it is taken or stored, and must stay where it is until then. A
// case of a nil channel never happens.
template <typename T>
auto on_send(const channel<T>& ch, std::type_identity_t<T>&& value) {
  internal::refuse_aggregates<T>();
  return internal::SendCase<T, internal::Offered<T>>(ch, std::move(value));
}
template <typename T>
auto on_send(const channel<T>& ch, const std::type_identity_t<T>& value) {
  return internal::SendCase<T, T>(ch, T(value));
}

// Puts what it receives into `out`, which must outlive the select; left empty if the channel is
// closed and drained. A case of a nil channel never happens: that is how a loop turns one off.
template <typename T>
auto on_receive(const channel<T>& ch, std::optional<T>& out) {
  return internal::ReceiveCase<T>(ch, out);
}

// Happens `duration` after the select began to wait.
inline auto on_timeout(Duration duration) { return internal::TimeoutCase(duration); }

// Happens when no other case can go on at once: with it, a select never parks (Go: default).
inline auto on_default() { return internal::DefaultCase(); }

// Awaited, does exactly one of the cases: one that can go on at once, chosen evenly if several can,
// else the first that can later. A context that is done before ends it before any case. Without
// cases it waits for its context.
template <typename... Cases>
class select : public internal::SelectAwaiter<Cases...> {
 public:
  // A class only so that the location can stand behind a pack; use it like a function.
  [[nodiscard]] select(Context ctx, Cases... cases,
                       std::source_location location = std::source_location::current())
      : internal::SelectAwaiter<Cases...>(std::move(ctx), location, std::move(cases)...) {}
};
template <typename... Cases>
select(Context, Cases...) -> select<Cases...>;

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_SYNC_SELECT_H_
