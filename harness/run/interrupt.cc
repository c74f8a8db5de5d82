#include "harness/run/interrupt.h"

#include <pthread.h>

#include <condition_variable>
#include <csignal>
#include <mutex>

namespace leakbench {
namespace {

sigset_t stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGHUP);
  return signals;
}

}  // namespace

Interrupt::Interrupt() {
  const sigset_t signals = stop_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  thread_ = std::thread([this] { wait_for_signals(); });
}

Interrupt::~Interrupt() {
  closing_.store(true);
  ::pthread_kill(thread_.native_handle(), SIGTERM);
  thread_.join();
}

std::optional<int> Interrupt::signal() const {
  const int signal = signal_.load();
  return signal == 0 ? std::nullopt : std::optional(signal);
}

void Interrupt::wait_for_signals() {
  const sigset_t signals = stop_signals();
  while (true) {
    int signal = 0;
    ::sigwait(&signals, &signal);
    if (closing_.load()) return;
    int none = 0;
    signal_.compare_exchange_strong(none, signal);
    stop_.cancel();
  }
}

bool sleep_unless_done(const Context& ctx, Duration duration) {
  // Lives on this stack: no call is under way once stop_listening() has returned.
  struct Alarm : CancelListener {
    Alarm() : CancelListener(&Alarm::on_cancel) {}
    static void on_cancel(CancelListener& listener) {
      auto& self = static_cast<Alarm&>(listener);
      std::lock_guard guard(self.mutex);
      self.done = true;
      self.changed.notify_one();
    }
    std::mutex mutex;
    std::condition_variable changed;
    bool done = false;
  } alarm;

  CancelNode* canceller = ctx.canceller();
  const bool listening = canceller != nullptr && canceller->listen(alarm);
  if (canceller != nullptr && !listening) return false;
  bool done = false;
  {
    std::unique_lock guard(alarm.mutex);
    done = alarm.changed.wait_for(guard, duration, [&] { return alarm.done; });
  }
  if (listening) canceller->stop_listening(alarm);
  return !done;
}

}  // namespace leakbench
