#include "runtime/net/epoll_poller.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "runtime/task/worker.h"

namespace leakbench {

EpollPoller::EpollPoller()
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!epoll_.is_open() || !wake_.is_open()) {
    throw std::system_error(errno, std::generic_category(), "epoll_create1 or eventfd");
  }
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr;  // stands for the wake-up
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event) != 0) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
}

EpollPoller& EpollPoller::current() {
  Worker* worker = Worker::current();
  auto* poller = worker == nullptr ? nullptr : dynamic_cast<EpollPoller*>(&worker->poller());
  if (poller == nullptr) throw std::logic_error("I/O needs a task on a scheduler with epoll");
  return *poller;
}

void EpollPoller::add(int fd, Pollable& pollable) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &pollable;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
}

void EpollPoller::wait(std::optional<Duration> timeout) {
  std::array<epoll_event, 512> events;
  timespec limit{};
  if (timeout) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*timeout);
    limit.tv_sec = seconds.count();
    limit.tv_nsec = (*timeout - seconds).count();
  }
  const int count = ::epoll_pwait2(epoll_.get(), events.data(), static_cast<int>(events.size()),
                                   timeout ? &limit : nullptr, nullptr);
  if (count < 0) {
    if (errno == EINTR) return;
    throw std::system_error(errno, std::generic_category(), "epoll_pwait2");
  }
  for (int i = 0; i < count; ++i) {
    if (events[i].data.ptr == nullptr) {
      std::uint64_t wakes = 0;
      // Only empties the eventfd; that it was empty already is no failure.
      (void)!::read(wake_.get(), &wakes, sizeof(wakes));
    } else {
      static_cast<Pollable*>(events[i].data.ptr)->on_events(events[i].events);
    }
  }
}

void EpollPoller::wake() {
  const std::uint64_t one = 1;
  // Fails only when the counter is full, and then the wake-up is pending anyway.
  (void)!::write(wake_.get(), &one, sizeof(one));
}

std::unique_ptr<Poller> make_epoll_poller() { return std::make_unique<EpollPoller>(); }

}  // namespace leakbench
