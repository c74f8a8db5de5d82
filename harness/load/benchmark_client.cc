// The least that a client can do, as a floor for those that scripts/bench-load measures: the same
// request on each connection, and as soon as anything has come the next. It reads no answer, looks
// at no clock and records nothing, so that what it costs is what the kernel takes for a receive and
// a send.
//
// benchmark_client epoll|io_uring PORT CONNECTIONS SECONDS: opens the connections, sends for so
// long, and says how many answers came and in how many seconds.
#include <fmt/format.h>
#include <liburing.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include "harness/load/uring_buffers.h"
#include "harness/load/uring_ring.h"
#include "runtime/net/file_descriptor.h"
#include "runtime/net/stream.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kRequest = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

[[noreturn]] void throw_error(int error, const char* what) {
  throw std::system_error(error, std::generic_category(), what);
}

std::vector<FileDescriptor> connect_all(std::uint16_t port, std::size_t connections) {
  const sockaddr_in target = loopback(port);
  std::vector<FileDescriptor> sockets;
  for (std::size_t i = 0; i < connections; ++i) {
    FileDescriptor& fd = sockets.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!fd.is_open()) throw_error(errno, "socket");
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&target), sizeof(target)) != 0) {
      throw_error(errno, "connect");
    }
    disable_delay(fd.get());
  }
  return sockets;
}

void send_request(int fd) {
  if (::send(fd, kRequest.data(), kRequest.size(), MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
    throw_error(errno, "send");
  }
}

// A loop that ends when `is_over`, and says how many answers there were.
using IsOver = std::atomic<bool>;

std::uint64_t load_by_epoll(const std::vector<FileDescriptor>& sockets, const IsOver& is_over) {
  const FileDescriptor epoll(::epoll_create1(EPOLL_CLOEXEC));
  for (const FileDescriptor& fd : sockets) {
    epoll_event event{.events = EPOLLIN | EPOLLET, .data = {.fd = fd.get()}};
    if (::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, fd.get(), &event) != 0) {
      throw_error(errno, "epoll_ctl");
    }
    send_request(fd.get());
  }
  std::uint64_t answers = 0;
  std::array<char, 4096> buffer;
  std::array<epoll_event, 32> ready;
  while (!is_over.load(std::memory_order_relaxed)) {
    const int count = ::epoll_wait(epoll.get(), ready.data(), static_cast<int>(ready.size()), 100);
    if (count < 0 && errno != EINTR) throw_error(errno, "epoll_wait");
    for (int i = 0; i < count; ++i) {
      const int fd = ready[static_cast<std::size_t>(i)].data.fd;
      const ssize_t received = ::recv(fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (received < 0 && errno == EAGAIN) continue;
      if (received <= 0) throw_error(received == 0 ? ECONNRESET : errno, "receive");
      ++answers;
      send_request(fd);
    }
  }
  return answers;
}

std::uint64_t load_by_io_uring(const std::vector<FileDescriptor>& sockets, const IsOver& is_over) {
  UringBuffers buffers;  // before the ring, as it is to outlive it
  UringRing ring(sockets.size());
  const int error = buffers.lend_to(ring.raw());
  if (error != 0) throw_error(error, "io_uring's buffers");
  const auto send = [&](int fd) {
    io_uring_sqe* const entry = ring.next_entry();
    io_uring_prep_send(entry, fd, kRequest.data(), kRequest.size(), MSG_NOSIGNAL | MSG_WAITALL);
    entry->flags |= IOSQE_CQE_SKIP_SUCCESS;
    io_uring_sqe_set_data64(entry, static_cast<std::uint64_t>(fd));
  };
  const auto receive = [&](int fd) {
    io_uring_sqe* const entry = ring.next_entry();
    io_uring_prep_recv_multishot(entry, fd, nullptr, 0, 0);
    entry->flags |= IOSQE_BUFFER_SELECT;
    entry->buf_group = UringBuffers::kGroup;
    io_uring_sqe_set_data64(entry, static_cast<std::uint64_t>(fd));
  };
  for (const FileDescriptor& fd : sockets) {
    receive(fd.get());
    send(fd.get());
  }
  std::uint64_t answers = 0;
  while (!is_over.load(std::memory_order_relaxed)) {
    ring.wait(100ms, [&](const UringRing::Completion& completion) {
      const auto fd = static_cast<int>(completion.of);
      if (completion.result > 0) {
        buffers.give_back(UringBuffers::number_in(completion.flags));
        ++answers;
        send(fd);
      } else if (completion.result != -ENOBUFS) {
        throw_error(completion.result == 0 ? ECONNRESET : -completion.result, "send or receive");
      }
      if ((completion.flags & IORING_CQE_F_MORE) == 0) receive(fd);
    });
  }
  return answers;
}

void run(std::span<char* const> arguments) {
  const std::string_view way = arguments[0];
  if (way != "epoll" && way != "io_uring") throw std::invalid_argument("epoll or io_uring?");
  const auto port = static_cast<std::uint16_t>(std::stoul(arguments[1]));
  const std::chrono::duration<double> length(std::stod(arguments[3]));
  const std::vector<FileDescriptor> sockets = connect_all(port, std::stoul(arguments[2]));
  IsOver is_over = false;
  const auto began = std::chrono::steady_clock::now();
  std::jthread timer([&] {
    std::this_thread::sleep_for(length);
    is_over = true;
  });
  const std::uint64_t answers =
      way == "epoll" ? load_by_epoll(sockets, is_over) : load_by_io_uring(sockets, is_over);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  fmt::print("{} answers in {:.3f} s\n", answers, took.count());
}

}  // namespace
}  // namespace leakbench

int main(int argc, char** argv) {
  if (argc != 5) {
    fmt::print(stderr, "benchmark_client epoll|io_uring PORT CONNECTIONS SECONDS\n");
    return 2;
  }
  try {
    leakbench::run(std::span(argv + 1, 4));
  } catch (const std::exception& error) {
    fmt::print(stderr, "benchmark_client: {}\n", error.what());
    return 1;
  }
}
