// A descriptor registered with its worker's poller, and the waits for its readiness.
#ifndef LEAKBENCH_RUNTIME_NET_SOCKET_H_
#define LEAKBENCH_RUNTIME_NET_SOCKET_H_

#include <coroutine>
#include <cstdint>
#include <source_location>

#include "runtime/context/context.h"
#include "runtime/net/epoll_poller.h"
#include "runtime/net/file_descriptor.h"
#include "runtime/task/wait.h"

namespace leakbench {

// Hears that the peer is gone, or has at least finished sending.
class HangupListener {
 public:
  // Once at most; on the socket's worker, between tasks' turns. May cancel contexts.
  virtual void on_hangup() = 0;

 protected:
  ~HangupListener() = default;
};

// Belongs to the worker it was made on; at most one task waits in each direction.
class Socket : private Pollable {
 public:
  // In a task only.
  explicit Socket(FileDescriptor fd);
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  int fd() const { return fd_.get(); }

  // Awaited, parks until a read (accept) or write is worth trying, or `ctx` is done: empty, or its
  // err(). Readiness lasts until an attempt finds it gone and says so below.
  auto readable(Context ctx, std::source_location location = std::source_location::current()) {
    return ReadinessAwaiter(readable_, reader_, std::move(ctx), location);
  }
  auto writable(Context ctx, std::source_location location = std::source_location::current()) {
    return ReadinessAwaiter(writable_, writer_, std::move(ctx), location);
  }

  // The kernel has no more to read: new data raise a new edge. But the edge of the peer's end may
  // have come together with the data just read, and would not come again.
  void found_empty() { readable_ = peer_ended_; }
  // The kernel takes no more for now.
  void found_full() { writable_ = false; }

  // Tells `listener` of the peer's end of sending, at once if it has come. nullptr: nobody.
  void set_hangup_listener(HangupListener* listener);

 private:
  class ReadinessAwaiter {
   public:
    ReadinessAwaiter(const bool& ready, Waiter*& slot, Context ctx, std::source_location location)
        : ready_(ready), slot_(slot), ctx_(std::move(ctx)), location_(location) {}
    ~ReadinessAwaiter() {
      if (slot_ == &waiter_) slot_ = nullptr;
    }

    bool await_ready() const { return ready_ || ctx_.is_done(); }
    void await_suspend(std::coroutine_handle<> handle) {
      waiter_.park(handle, WaitReason::kIo, location_);
      slot_ = &waiter_;
      cancelled_.listen(ctx_);
    }
    // Readiness counts, even if the context is done too: data that came is data.
    Failure await_resume() const { return ready_ ? Failure() : ctx_.err(); }

   private:
    enum { kReady, kCancelled };

    const bool& ready_;
    Waiter*& slot_;
    const Context ctx_;
    const std::source_location location_;
    Waiter waiter_;
    ContextEnd cancelled_{waiter_, kCancelled};
  };

  void on_events(std::uint32_t events) override;
  static void wake(Waiter* waiter);

  FileDescriptor fd_;
  bool readable_ = false;
  bool writable_ = false;
  bool peer_ended_ = false;
  Waiter* reader_ = nullptr;
  Waiter* writer_ = nullptr;
  HangupListener* hangup_listener_ = nullptr;
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_NET_SOCKET_H_
