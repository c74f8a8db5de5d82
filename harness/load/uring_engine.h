// The engine over io_uring: what is to be done is gathered, and goes to the kernel with the next
// wait, in one system call for many requests. A connection is received from by one operation that
// goes on for as long as it is open.
#ifndef LEAKBENCH_HARNESS_LOAD_URING_ENGINE_H_
#define LEAKBENCH_HARNESS_LOAD_URING_ENGINE_H_

#include <liburing.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "harness/load/engine.h"
#include "harness/load/socket_end.h"
#include "harness/load/uring_buffers.h"
#include "harness/load/uring_ring.h"
#include "runtime/net/file_descriptor.h"

namespace leakbench {

class UringEngine final : public Engine {
 public:
  // Throws Error(kEnvironmentUnfit) if the kernel is older than Linux 6.1 or refuses.
  explicit UringEngine(std::size_t slots);
  ~UringEngine() override;
  UringEngine(const UringEngine&) = delete;
  UringEngine& operator=(const UringEngine&) = delete;

  std::string_view name() const override { return to_string(EngineKind::kIoUring); }
  int connect(Slot slot, const sockaddr_in& to, const sockaddr_in* from) override;
  void send(Slot slot, std::string_view bytes, bool tell) override;
  void set_receiving(Slot slot, Receiving receiving) override;
  void receive_some(Slot slot, std::size_t most) override;
  void close(Slot slot, Farewell farewell) override;
  void wait(Duration at_most, EngineEvents& events) override;

 private:
  enum class Operation : std::uint8_t { kConnect, kSend, kReceive, kWatch, kCancel };

  // How many bytes to receive: none, at most so many once, or all as they come.
  using Amount = std::uint32_t;
  static constexpr Amount kNone = 0;
  static constexpr Amount kAllBytes = ~Amount{0};

  struct Socket {
    FileDescriptor fd = {};
    std::uint32_t generation = 0;  // counts the connections of this slot
    std::string_view unsent = {};  // of the last send(): what is not known to have left
    Amount wanted = kAllBytes;
    Amount under_way = kNone;      // what the receive operation that is under way was given
    std::uint32_t last_entry = 0;  // where its latest operation is in the submission queue
    bool connecting = false;
    bool cancelling = false;  // the receive operation that is under way
    bool watched = false;     // for a reset, while nothing is received
    bool tell_sent = false;
    Ended ended = Ended::kNot;
  };
  static_assert(sizeof(Socket) <= 64);

  using Completion = UringRing::Completion;

  static std::uint64_t user_data(std::uint32_t generation, Slot slot, Operation operation);

  // Whether that connection of the slot is still there.
  bool is_open(Slot slot, std::uint32_t generation) const;

  // An entry of the submission queue that has been prepared.
  void sign(io_uring_sqe* entry, Slot slot, Operation operation);
  bool has_unsubmitted(const Socket& socket);

  void send_rest(Slot slot);
  // Brings what is under way closer to what is wanted; to be called when either has changed.
  void receive_as_wanted(Slot slot);
  void start_receiving(Slot slot);
  void cancel_receiving(Slot slot);
  void watch(Slot slot);

  void on_completion(const Completion& completion, EngineEvents& events);
  void on_connected(Slot slot, int ready, EngineEvents& events);
  void on_sent(Slot slot, int result, EngineEvents& events);
  void on_received(Slot slot, const Completion& completion, EngineEvents& events);
  void on_watched(Slot slot, EngineEvents& events);
  void on_not_cancelled(Slot slot);
  void tell_end(Slot slot, int error, EngineEvents& events);

  std::vector<Socket> sockets_;
  // Before the ring, as it is to outlive it: until the ring has gone the kernel writes to them.
  UringBuffers buffers_;
  UringRing ring_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_URING_ENGINE_H_
