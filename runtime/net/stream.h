// A TCP connection whose waits park the task.
#ifndef LEAKBENCH_RUNTIME_NET_STREAM_H_
#define LEAKBENCH_RUNTIME_NET_STREAM_H_

#include <netinet/in.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <system_error>

#include "runtime/context/context.h"
#include "runtime/net/socket.h"
#include "runtime/task/task.h"

namespace leakbench {

// Has no buffer of its own: an idle stream is a few words.
class Stream final : public Socket {
 public:
  // Takes a connected or connecting non-blocking TCP socket. In a task only.
  explicit Stream(FileDescriptor fd);

  struct IoResult {
    std::size_t bytes = 0;
    std::error_code error;  // operation_would_block: await readable() or writable() and try again
    bool is_end = false;    // the peer has finished sending
  };

  // One system call, never waits.
  IoResult try_read(std::span<char> into);
  IoResult try_write(std::string_view bytes);

  // Writes all, waiting as needed. The error is the socket's, or operation_canceled under a done
  // context; part may have been written then. What `bytes` points to must outlive the call.
  task<std::error_code> write_all(Context ctx, std::string_view bytes);

  // What connecting came to, once the stream is writable.
  std::error_code connect_error() const;

  // Makes the close answer with a reset instead of an orderly end, which also spares the port its
  // minute in TIME_WAIT.
  void reset_on_close();
};

// Starts a connection from `source` (port 0: any; nullptr: the kernel's choice) to `target`. The
// result is a socket to make a Stream of; it is connected once that is writable.
struct Connecting {
  FileDescriptor fd;
  std::error_code error;  // at once; else see Stream::connect_error()
};
Connecting start_connect(const sockaddr_in& target, const sockaddr_in* source = nullptr);

// Options of a TCP socket. Small messages leave at once: requests and responses are written whole.
void disable_delay(int fd);
// See Stream::reset_on_close().
void reset_on_close(int fd);

// 127.0.0.1 and `port`.
sockaddr_in loopback(std::uint16_t port);

// Whether an attempt may go well later, as opposed to having failed.
bool would_block(const std::error_code& error);

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_NET_STREAM_H_
