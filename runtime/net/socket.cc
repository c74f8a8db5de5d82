#include "runtime/net/socket.h"

#include <sys/epoll.h>

#include <utility>

namespace leakbench {

Socket::Socket(FileDescriptor fd) : fd_(std::move(fd)) {
  EpollPoller::current().add(fd_.get(), *this);
}

void Socket::set_hangup_listener(HangupListener* listener) {
  hangup_listener_ = listener;
  if (peer_ended_ && listener != nullptr) std::exchange(hangup_listener_, nullptr)->on_hangup();
}

void Socket::wake(Waiter* waiter) {
  if (waiter != nullptr && waiter->claim(0)) waiter->make_ready();
}

void Socket::on_events(std::uint32_t events) {
  const bool ended = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
  if (ended) peer_ended_ = true;
  if (ended || (events & EPOLLIN) != 0) {
    readable_ = true;
    wake(reader_);
  }
  if ((events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0) {
    writable_ = true;
    wake(writer_);
  }
  if (ended && hangup_listener_ != nullptr) std::exchange(hangup_listener_, nullptr)->on_hangup();
}

}  // namespace leakbench
