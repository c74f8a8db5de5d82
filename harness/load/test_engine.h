// What the tests of the engines share: one thread, with an engine at one end of its connections and
// plain sockets at the other.
#ifndef LEAKBENCH_HARNESS_LOAD_TEST_ENGINE_H_
#define LEAKBENCH_HARNESS_LOAD_TEST_ENGINE_H_

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/load/engine.h"
#include "runtime/net/file_descriptor.h"
#include "runtime/net/stream.h"

namespace leakbench {

// Bytes that tell which of them are missing, or not where they belong.
inline std::string pattern(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i % 251);
  return bytes;
}

// The other end of an engine's connection. Waits 20 s at most for anything.
class Peer {
 public:
  explicit Peer(FileDescriptor fd) : fd_(std::move(fd)) {}

  int fd() const { return fd_.get(); }

  // As much of it as the kernel takes; returns what is left.
  std::string_view offer(std::string_view bytes) {
    const ssize_t count = ::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return count < 0 ? bytes : bytes.substr(static_cast<std::size_t>(count));
  }
  void send(std::string_view bytes) { EXPECT_EQ(offer(bytes), ""); }

  // What there is, without waiting.
  std::string take() {
    std::string taken;
    std::array<char, 65'536> buffer;
    while (true) {
      const ssize_t count = ::recv(fd(), buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (count <= 0) return taken;
      taken.append(buffer.data(), static_cast<std::size_t>(count));
    }
  }

  // Waits for the end, and says how it came: 0 or an errno, -1 if it did not come. Keeps what was
  // received before it in `last_bytes`.
  int end() {
    while (is_readable()) {
      std::array<char, 65'536> buffer;
      const ssize_t count = ::recv(fd(), buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (count == 0) return 0;
      if (count < 0) return errno;
      last_bytes.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return -1;
  }

  void finish_sending() { ::shutdown(fd(), SHUT_WR); }
  void reset() {
    reset_on_close(fd());
    fd_ = FileDescriptor();
  }

  std::string last_bytes;

 private:
  bool is_readable() const {
    pollfd poll{.fd = fd(), .events = POLLIN, .revents = 0};
    return ::poll(&poll, 1, 20'000) == 1;
  }

  FileDescriptor fd_;
};

// A listening socket on 127.0.0.1.
class Door {
 public:
  // Where `receive_buffer` is given, the kernel keeps about so many bytes for a peer.
  explicit Door(int receive_buffer = 0)
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), address_(loopback(0)) {
    if (receive_buffer != 0) {
      ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
    }
    auto* const address = reinterpret_cast<sockaddr*>(&address_);
    socklen_t length = sizeof(address_);
    EXPECT_EQ(::bind(fd_.get(), address, length), 0);
    EXPECT_EQ(::listen(fd_.get(), 4096), 0);
    EXPECT_EQ(::getsockname(fd_.get(), address, &length), 0);
  }

  const sockaddr_in& address() const { return address_; }

  // On loopback a connection is there as soon as it was begun.
  Peer accept() {
    return Peer(FileDescriptor(::accept4(fd_.get(), nullptr, nullptr, SOCK_CLOEXEC)));
  }

 private:
  FileDescriptor fd_;
  sockaddr_in address_;
};

// What an engine has told of one slot.
struct Told {
  int connected = 0;  // how often
  int connect_error = -1;
  int sent = 0;  // how often
  std::string received;
  int receives = 0;
  std::size_t longest = 0;
  int ended = 0;  // how often
  int end_error = -1;
};

class RecordingEvents : public EngineEvents {
 public:
  explicit RecordingEvents(std::size_t slots) : told(slots) {}

  void on_connected(Slot slot, int error) override {
    ++told[slot].connected;
    told[slot].connect_error = error;
    if (when_connected) when_connected(slot);
  }
  void on_sent(Slot slot) override { ++told[slot].sent; }
  void on_received(Slot slot, std::string_view bytes) override {
    EXPECT_FALSE(bytes.empty());
    EXPECT_EQ(told[slot].ended, 0);
    ++told[slot].receives;
    told[slot].longest = std::max(told[slot].longest, bytes.size());
    told[slot].received += bytes;
    if (when_received) when_received(slot);
  }
  void on_ended(Slot slot, int error) override {
    ++told[slot].ended;
    told[slot].end_error = error;
  }

  std::vector<Told> told;
  // Called after it was recorded.
  std::function<void(Slot)> when_connected;
  std::function<void(Slot)> when_received;
};

class EngineTest : public testing::TestWithParam<EngineKind> {
 protected:
  // The last slot is this class's own: see turn_for_a_while().
  static constexpr Slot kSlots = 64;
  static constexpr Slot kWitness = kSlots;

  void SetUp() override {
    if (GetParam() == EngineKind::kIoUring && !io_uring_is_available()) {
      GTEST_SKIP() << "this system does not let the tests use io_uring";
    }
    engine_ = make_engine(GetParam(), kSlots + 1);
  }

  Told& told(Slot slot) { return events_.told[slot]; }

  void turn() { engine_->wait(std::chrono::milliseconds(1), events_); }

  // Lets the engine work until `state()` holds; says whether it did within 20 s.
  bool turn_until(const std::function<bool()>& state) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!state()) {
      if (std::chrono::steady_clock::now() > limit) return false;
      turn();
    }
    return true;
  }

  // Opens the slot, and returns the other end of its connection.
  Peer open(Slot slot, Door& door) {
    EXPECT_EQ(engine_->connect(slot, door.address(), nullptr), 0);
    Peer peer = door.accept();
    EXPECT_TRUE(turn_until([&] { return told(slot).connected == 1; }));
    EXPECT_EQ(told(slot).connect_error, 0);
    return peer;
  }

  // Until the engine has told of something, ten times, that happened after all that happened before
  // this was called.
  void turn_for_a_while() {
    Door door;
    told(kWitness) = Told();
    Peer peer = open(kWitness, door);
    for (std::size_t i = 1; i <= 10; ++i) {
      peer.send("x");
      EXPECT_TRUE(turn_until([&] { return told(kWitness).received.size() == i; }));
    }
    engine_->close(kWitness, Farewell::kFin);
  }

  // Until the kernel, which keeps a few megabytes, takes no more of what is sent to a peer that
  // does not read.
  void turn_until_full() {
    for (int i = 0; i < 200; ++i) turn();
  }

  RecordingEvents events_{kSlots + 1};
  std::unique_ptr<Engine> engine_;
};

#define LEAKBENCH_OVER_EVERY_ENGINE(test)                                             \
  INSTANTIATE_TEST_SUITE_P(OverEveryEngine, test,                                     \
                           testing::Values(EngineKind::kEpoll, EngineKind::kIoUring), \
                           [](const auto& info) { return std::string(to_string(info.param)); })

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_TEST_ENGINE_H_
