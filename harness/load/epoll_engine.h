// The engine over epoll: each socket is registered once, edge-triggered, and reading and writing
// are tried when there is reason to, so that a request costs one send and one recv.
#ifndef LEAKBENCH_HARNESS_LOAD_EPOLL_ENGINE_H_
#define LEAKBENCH_HARNESS_LOAD_EPOLL_ENGINE_H_

#include <sys/epoll.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "harness/load/engine.h"
#include "harness/load/socket_end.h"
#include "runtime/net/file_descriptor.h"

namespace leakbench {

class EpollEngine final : public Engine {
 public:
  explicit EpollEngine(std::size_t slots);

  std::string_view name() const override { return to_string(EngineKind::kEpoll); }
  int connect(Slot slot, const sockaddr_in& to, const sockaddr_in* from) override;
  void send(Slot slot, std::string_view bytes, bool tell) override;
  void set_receiving(Slot slot, Receiving receiving) override;
  void receive_some(Slot slot, std::size_t most) override;
  void close(Slot slot, Farewell farewell) override;
  void wait(Duration at_most, EngineEvents& events) override;

 private:
  static constexpr std::size_t kEndless = ~std::size_t{0};

  struct Socket {
    FileDescriptor fd = {};
    std::uint32_t generation = 0;  // counts the connections of this slot
    bool connecting = false;
    bool readable = false;  // an edge came, and no read has found the end of it
    bool ending = false;    // the kernel knows that the peer has ended; no further edge comes
    bool tell_sent = false;
    bool listed = false;            // in again_
    std::string_view unsent = {};   // rest of the last send()
    std::size_t wanted = kEndless;  // most bytes to read; 0: none
    int send_error = 0;
    Ended ended = Ended::kNot;
  };

  void on_epoll(const epoll_event& event, EngineEvents& events);
  void on_writable(Slot slot, EngineEvents& events);
  void read(Slot slot, EngineEvents& events);
  void try_send(Socket& socket);
  // What came of the last send(), if there is something to tell.
  void tell_sent(Slot slot, EngineEvents& events);
  void tell_end(Slot slot, int error, EngineEvents& events);
  // Looks at the slot once more in the next wait(), without a new edge.
  void look_again(Slot slot);
  void look_at_listed(EngineEvents& events);

  FileDescriptor epoll_;
  std::vector<Socket> sockets_;
  std::vector<Slot> again_;
  std::vector<Slot> looking_;  // what again_ was when wait() began
  std::vector<epoll_event> ready_;
  // One for all: what a read brings is told at once.
  std::vector<char> buffer_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_EPOLL_ENGINE_H_
