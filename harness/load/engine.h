// The sockets of a load: what carries bytes for LoadLoop, and tells it what came of it. One
// interface, so that a load is the same over epoll and over io_uring.
#ifndef LEAKBENCH_HARNESS_LOAD_ENGINE_H_
#define LEAKBENCH_HARNESS_LOAD_ENGINE_H_

#include <netinet/in.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "runtime/time/clock.h"

namespace leakbench {

// Which connection: from 0, below the number that the engine was made for.
using Slot = std::uint32_t;

// Called from within Engine::wait() and nowhere else. May call the engine, close() included, for
// this slot and for others; after close(slot) nothing more is told of it.
class EngineEvents {
 public:
  // `error` is 0 or an errno. After one, the slot is still to be closed.
  virtual void on_connected(Slot slot, int error) = 0;
  // All that the last send() was given has left for the kernel. Only where it was asked for.
  virtual void on_sent(Slot slot) = 0;
  // `bytes` are never empty, and gone after the call.
  virtual void on_received(Slot slot, std::string_view bytes) = 0;
  // The peer has finished sending (0), or the connection has broken (an errno).
  virtual void on_ended(Slot slot, int error) = 0;

 protected:
  ~EngineEvents() = default;
};

// How a connection is closed.
enum class Farewell : std::uint8_t {
  kFin,  // in order; the kernel makes it a reset where the peer's bytes were not read
  kReset
};

// What is asked for of one connection's incoming bytes.
enum class Receiving : std::uint8_t {
  kAll,     // everything, as it comes
  kNothing  // nothing but what receive_some() asks for: the peer's bytes stay in the kernel
};

// For one thread, which makes it, uses it and destroys it.
class Engine {
 public:
  virtual ~Engine() = default;

  // "epoll" or "io_uring".
  virtual std::string_view name() const = 0;

  // Opens a slot that is closed, from the address `from` where one is given. Returns an errno if
  // that fails at once, with the slot closed; else on_connected() follows. Receives everything
  // until told otherwise.
  virtual int connect(Slot slot, const sockaddr_in& to, const sockaddr_in* from) = 0;

  // Sends all of `bytes`, which must stay until the slot is closed, the next send() or, `tell`
  // being set, on_sent(). One at a time. What fails is told by on_ended().
  virtual void send(Slot slot, std::string_view bytes, bool tell) = 0;

  // Between answers only: bytes on their way may still be told as they would have been.
  virtual void set_receiving(Slot slot, Receiving receiving) = 0;

  // Under kNothing: the next bytes, `most` at most, are told once.
  virtual void receive_some(Slot slot, std::size_t most) = 0;

  // Closes the slot at once, whatever is under way; of one that is closed, nothing.
  virtual void close(Slot slot, Farewell farewell) = 0;

  // Tells what has happened; where nothing has, waits for it, `at_most` so long. May return early
  // with nothing told.
  virtual void wait(Duration at_most, EngineEvents& events) = 0;
};

enum class EngineKind : std::uint8_t { kEpoll, kIoUring };

// "epoll", "io_uring".
std::string_view to_string(EngineKind kind);

// Whether this kernel, and what confines this process, let it use io_uring as the engine does.
bool io_uring_is_available();

// Throws Error(kEnvironmentUnfit) if the machine lacks what it needs.
std::unique_ptr<Engine> make_engine(EngineKind kind, std::size_t slots);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_ENGINE_H_
