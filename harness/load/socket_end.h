// How the connections of an engine end.
#ifndef LEAKBENCH_HARNESS_LOAD_SOCKET_END_H_
#define LEAKBENCH_HARNESS_LOAD_SOCKET_END_H_

#include <sys/socket.h>

#include <cerrno>
#include <cstdint>

namespace leakbench {

// What was told of a connection's end. Each is told once, and nothing after it has broken.
enum class Ended : std::uint8_t { kNot, kByPeer, kBroken };

// Notes the end by `error`, 0 if the peer has finished sending; says whether it is to be told.
inline bool note_end(Ended& ended, int error) {
  const Ended now = error == 0 ? Ended::kByPeer : Ended::kBroken;
  if (ended >= now) return false;
  ended = now;
  return true;
}

// What broke the socket: 0 or an errno. The kernel forgets it, and says 0 when asked again.
inline int take_socket_error(int fd) {
  int error = 0;
  socklen_t length = sizeof(error);
  if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0) return errno;
  return error;
}

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_SOCKET_END_H_
