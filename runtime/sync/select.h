// Go's select: waits for the first of several channel operations, a time, or a context.
//
//   auto chosen = co_await select(ctx, on_receive(results, result), on_receive(errors, error),
//                                 on_timeout(1s));
//   if (chosen.failure) co_return;        // ctx is done
//   if (chosen.index == 0) use(result);
#ifndef LEAKBENCH_RUNTIME_SYNC_SELECT_H_
#define LEAKBENCH_RUNTIME_SYNC_SELECT_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <source_location>
#include <tuple>
#include <utility>

#include "runtime/sync/channel.h"
#include "runtime/task/worker.h"

namespace leakbench {

struct Selected {
  int index = -1;   // of the case that happened, in the order given; -1 when the context ended it
  Failure failure;  // the context's err(), or empty
};

namespace internal {

template <typename T>
class SendCase {
 public:
  SendCase(const channel<T>& ch, T value) : state_(ch.shared_state()), value_(std::move(value)) {}
  // Every case moves until it is bound, and stays put from then on.
  SendCase(SendCase&& other) noexcept
      : state_(std::move(other.state_)), value_(std::move(other.value_)) {}

  ChannelCore* core() const { return state_.get(); }
  void bind(Waiter& waiter, int index) { end_.emplace(*state_, waiter, index, &value_); }
  bool attempt() { return state_->try_send(value_); }
  void enqueue() { state_->enqueue(Side::kSend, end_->wait()); }
  void arm(TimePoint) {}
  void complete() {
    if (end_->wait().closed) throw ChannelClosed("send on closed channel");
  }

 private:
  std::shared_ptr<ChannelState<T>> state_;
  T value_;
  std::optional<ChannelEnd> end_;
};

template <typename T>
class ReceiveCase {
 public:
  ReceiveCase(const channel<T>& ch, std::optional<T>& out)
      : state_(ch.shared_state()), out_(&out) {}

  ReceiveCase(ReceiveCase&& other) noexcept : state_(std::move(other.state_)), out_(other.out_) {}

  ChannelCore* core() const { return state_.get(); }
  void bind(Waiter& waiter, int index) {
    out_->reset();
    end_.emplace(*state_, waiter, index, out_);
  }
  bool attempt() { return state_->try_receive(*out_); }
  void enqueue() { state_->enqueue(Side::kReceive, end_->wait()); }
  void arm(TimePoint) {}
  void complete() {}

 private:
  std::shared_ptr<ChannelState<T>> state_;
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
  void arm(TimePoint now) { end_->arm(saturating_add(now, duration_)); }
  void complete() {}

 private:
  Duration duration_;
  std::optional<TimerEnd> end_;
};

// xorshift (Marsaglia 2003), one per thread: fairness needs no better dice.
inline std::uint32_t cheap_random() {
  static thread_local std::uint32_t state =
      static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(&state) >> 4) | 1;
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

// Looks at all channels under all their locks at once, and parks on all of them before it lets go:
// so a value is moved for exactly one case, and no partner is claimed in vain. Locks are taken in
// the order of their addresses, as every select does.
template <typename... Cases>
class SelectAwaiter {
  static constexpr std::size_t kCount = sizeof...(Cases);

 public:
  SelectAwaiter(Context ctx, std::source_location location, Cases... cases)
      : ctx_(std::move(ctx)), location_(location), cases_(std::move(cases)...) {}

  bool await_ready() const { return ctx_.is_done(); }

  bool await_suspend(std::coroutine_handle<> handle) {
    for_each([this](auto& c, int index) { c.bind(waiter_, index); });
    {
      const Locks locks(cases_);
      // From a random case on, and around: no ready case can starve another.
      const std::size_t first = cheap_random() % kCount;
      for (std::size_t i = 0; i < kCount && ready_ < 0; ++i) {
        const int wanted = static_cast<int>((first + i) % kCount);
        for_each([&](auto& c, int index) {
          if (index == wanted && c.core() != nullptr && c.attempt()) ready_ = index;
        });
      }
      if (ready_ >= 0) return false;
      waiter_.park(handle, WaitReason::kSelect, location_);
      for_each([](auto& c, int) { c.enqueue(); });
    }
    const TimePoint now = Worker::current()->timers().now();
    for_each([now](auto& c, int) { c.arm(now); });
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

  // All distinct channels of the cases, locked in the order of their addresses.
  class Locks {
   public:
    explicit Locks(std::tuple<Cases...>& cases) {
      std::apply([this](auto&... c) { ((cores_[used_++] = c.core()), ...); }, cases);
      std::sort(cores_.begin(), cores_.end(), std::less<ChannelCore*>());
      for_each_distinct([](ChannelCore& core) { core.lock().lock(); });
    }
    ~Locks() {
      for_each_distinct([](ChannelCore& core) { core.lock().unlock(); });
    }
    Locks(const Locks&) = delete;
    Locks& operator=(const Locks&) = delete;

   private:
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

// Sends `value` unless another case comes first, in which case it is dropped with the select.
template <typename T>
auto on_send(const channel<T>& ch, std::type_identity_t<T> value) {
  return internal::SendCase<T>(ch, std::move(value));
}

// Puts what it receives into `out`, which must outlive the select; left empty if the channel is
// closed and drained.
template <typename T>
auto on_receive(const channel<T>& ch, std::optional<T>& out) {
  return internal::ReceiveCase<T>(ch, out);
}

// Happens `duration` after the select began to wait.
inline auto on_timeout(Duration duration) { return internal::TimeoutCase(duration); }

// Awaited, does exactly one of the cases: one that can go on at once, chosen evenly if several can,
// else the first that can later. A context that is done before ends it before any case.
template <typename... Cases>
class select : public internal::SelectAwaiter<Cases...> {
 public:
  // A class only so that the location can stand behind a pack; use it like a function.
  select(Context ctx, Cases... cases,
         std::source_location location = std::source_location::current())
      : internal::SelectAwaiter<Cases...>(std::move(ctx), location, std::move(cases)...) {}
};
template <typename... Cases>
select(Context, Cases...) -> select<Cases...>;

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_SYNC_SELECT_H_
