// Waits for sockets with epoll. Each descriptor is registered once, edge-triggered and for both
// directions, so that no request on it costs an epoll_ctl.
#ifndef LEAKBENCH_RUNTIME_NET_EPOLL_POLLER_H_
#define LEAKBENCH_RUNTIME_NET_EPOLL_POLLER_H_

#include <cstdint>
#include <memory>

#include "runtime/net/file_descriptor.h"
#include "runtime/task/poller.h"

namespace leakbench {

// Something that has a descriptor and hears of its readiness.
class Pollable {
 public:
  // `events` as epoll gives them. Called on the poller's worker between tasks' turns; may make
  // tasks ready and cancel contexts, must not destroy any Pollable.
  virtual void on_events(std::uint32_t events) = 0;

 protected:
  ~Pollable() = default;
};

// add() on the worker's thread. A descriptor leaves the poller when it is closed; its Pollable must
// live until then, and be destroyed in a task's turn only, never in on_events().
class EpollPoller final : public Poller {
 public:
  // Throws std::system_error when the kernel refuses a descriptor.
  EpollPoller();

  // The calling worker's poller. std::logic_error if that is of another kind, or outside a worker.
  static EpollPoller& current();

  void add(int fd, Pollable& pollable);

  void wait(std::optional<Duration> timeout) override;
  void wake() override;

 private:
  FileDescriptor epoll_;
  FileDescriptor wake_;  // an eventfd
};

// For Scheduler::Options::make_poller.
std::unique_ptr<Poller> make_epoll_poller();

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_NET_EPOLL_POLLER_H_
