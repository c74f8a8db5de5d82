// A listening TCP socket whose accept parks the task.
#ifndef LEAKBENCH_RUNTIME_NET_LISTENER_H_
#define LEAKBENCH_RUNTIME_NET_LISTENER_H_

#include <cstdint>
#include <system_error>

#include "runtime/context/context.h"
#include "runtime/net/file_descriptor.h"
#include "runtime/net/socket.h"
#include "runtime/task/task.h"

namespace leakbench {

// Bound and listening from construction, so that a port in use is known before anything starts.
class Listener {
 public:
  // Loopback only. Port 0 takes a free one; `backlog` is capped by net.core.somaxconn. Throws
  // std::system_error.
  explicit Listener(std::uint16_t port, int backlog = 65'535);

  std::uint16_t port() const { return port_; }

 private:
  friend class Acceptor;
  FileDescriptor fd_;
  std::uint16_t port_ = 0;
};

// Takes connections off a listener. On one worker, by one task at a time; the port is given up with
// the acceptor.
class Acceptor {
 public:
  struct Accepted {
    FileDescriptor fd;      // non-blocking; closed when there is an error
    std::error_code error;  // operation_canceled under a done context
  };

  // In a task.
  explicit Acceptor(Listener listener) : socket_(std::move(listener.fd_)) {}

  // The next connection. Errors of a connection itself are passed over; those of the process (no
  // descriptors left, say) are returned, and a later call may go well.
  task<Accepted> accept(Context ctx);

 private:
  Socket socket_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_NET_LISTENER_H_
