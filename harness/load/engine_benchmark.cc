// What a request, and what a long answer, costs over each engine, with nothing of a load around it:
// fixed requests and answers, one at a time on each connection. The server is a process of its own,
// on another core where there is one, so that descriptors and memory are the engine's alone.
#include <benchmark/benchmark.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/load/engine.h"
#include "runtime/net/stream.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kRequestBytes = 64;

void pin_to_core(std::size_t core) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(core % static_cast<std::size_t>(::sysconf(_SC_NPROCESSORS_ONLN)), &cores);
  ::sched_setaffinity(0, sizeof(cores), &cores);
}

Duration cpu_time(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

// Answers each request, with `answer_bytes`, after `work` of computing.
class Responder {
 public:
  Responder(Duration work, std::size_t answer_bytes) : address_(loopback(0)) {
    listener_ = FileDescriptor(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    socklen_t length = sizeof(address_);
    ::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address_), length);
    ::listen(listener_.get(), 65'535);
    ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address_), &length);
    process_ = ::fork();
    if (process_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    serve(work, answer_bytes);
  }
  ~Responder() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;

  const sockaddr_in& address() const { return address_; }
  Duration cpu() const {
    clockid_t clock{};
    ::clock_getcpuclockid(process_, &clock);
    return cpu_time(clock);
  }

 private:
  [[noreturn]] void serve(Duration work, std::size_t answer_bytes) const {
    pin_to_core(1);
    const std::string answer(answer_bytes, 'x');
    const FileDescriptor epoll(::epoll_create1(0));
    const auto add = [&](int fd) {
      epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLET, .data = {.fd = fd}};
      ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, fd, &event);
    };
    add(listener_.get());
    std::vector<std::size_t> unsent;  // by descriptor
    std::array<epoll_event, 512> events;
    while (true) {
      const int count = ::epoll_wait(epoll.get(), events.data(), events.size(), -1);
      for (int i = 0; i < count; ++i) {
        const int fd = events[static_cast<std::size_t>(i)].data.fd;
        if (fd != listener_.get()) {
          serve(fd, work, answer, unsent[static_cast<std::size_t>(fd)]);
          continue;
        }
        int accepted = 0;
        while ((accepted = ::accept4(fd, nullptr, nullptr, SOCK_NONBLOCK)) >= 0) {
          unsent.resize(std::max(unsent.size(), static_cast<std::size_t>(accepted) + 1));
          add(accepted);
        }
      }
    }
  }

  static void serve(int fd, Duration work, std::string_view answer, std::size_t& unsent) {
    if (unsent == 0) {
      std::array<char, 4096> buffer;
      const ssize_t count = ::recv(fd, buffer.data(), buffer.size(), 0);
      if (count == 0) ::close(fd);
      if (count <= 0) return;
      const auto until = std::chrono::steady_clock::now() + work;
      while (std::chrono::steady_clock::now() < until) {
      }
      unsent = answer.size();
    }
    const ssize_t count = ::send(fd, answer.data(), unsent, MSG_NOSIGNAL);
    if (count > 0) unsent -= static_cast<std::size_t>(count);
  }

  sockaddr_in address_;
  FileDescriptor listener_;
  pid_t process_ = 0;
};

// Sends a request as soon as the answer to the one before has come.
class PingPong final : public EngineEvents {
 public:
  PingPong(Engine& engine, std::size_t connections, std::size_t answer_bytes)
      : engine_(engine), answer_bytes_(answer_bytes), missing_(connections) {}

  void on_connected(Slot slot, int error) override {
    if (error != 0) return fail();
    ++connected;
    request(slot);
  }
  void on_sent(Slot) override {}
  void on_received(Slot slot, std::string_view bytes) override {
    missing_[slot] -= std::min(bytes.size(), missing_[slot]);
    if (missing_[slot] != 0) return;
    ++answers;
    request(slot);
  }
  void on_ended(Slot, int) override { fail(); }

  std::size_t connected = 0;
  std::size_t answers = 0;
  bool has_failed = false;

 private:
  void request(Slot slot) {
    static const std::string bytes(kRequestBytes, 'x');
    missing_[slot] = answer_bytes_;
    engine_.send(slot, bytes, false);
  }
  void fail() { has_failed = true; }

  Engine& engine_;
  const std::size_t answer_bytes_;
  std::vector<std::size_t> missing_;
};

double resident_mebibytes() {
  std::ifstream statm("/proc/self/statm");
  double size = 0;
  double resident = 0;
  statm >> size >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1024 * 1024);
}

void ping_pong(benchmark::State& state, EngineKind kind, std::size_t connections, Duration work,
               std::size_t answer_bytes) {
  if (kind == EngineKind::kIoUring && !io_uring_is_available()) {
    state.SkipWithError("this system does not allow io_uring");
    return;
  }
  const Responder responder(work, answer_bytes);
  pin_to_core(0);
  const std::unique_ptr<Engine> engine = make_engine(kind, connections);
  PingPong events(*engine, connections, answer_bytes);
  for (Slot slot = 0; slot < connections; ++slot) {
    if (engine->connect(slot, responder.address(), nullptr) != 0) {
      state.SkipWithError("cannot connect; see ulimit -n");
      return;
    }
    // So that the server's queue of connections has room.
    while (slot >= events.connected + 512) engine->wait(1s, events);
  }
  // Until as many answers are under way as there will be.
  while (events.answers < 2 * connections && !events.has_failed) engine->wait(1s, events);

  const Duration server_before = responder.cpu();
  const Duration before = cpu_time(CLOCK_THREAD_CPUTIME_ID);
  const std::size_t answers_before = events.answers;
  std::size_t waits = 0;
  for (auto _ : state) {
    const std::size_t until = events.answers + 1000;
    for (; events.answers < until && !events.has_failed; ++waits) engine->wait(1s, events);
  }
  const auto answers = static_cast<double>(events.answers - answers_before);
  const Duration cpu = cpu_time(CLOCK_THREAD_CPUTIME_ID) - before;
  if (events.has_failed) state.SkipWithError("a connection has broken");
  state.SetItemsProcessed(static_cast<std::int64_t>(answers));
  state.SetBytesProcessed(static_cast<std::int64_t>(answers) *
                          static_cast<std::int64_t>(answer_bytes));
  state.counters["cpu_ns"] = static_cast<double>(cpu.count()) / answers;
  state.counters["server_cpu_ns"] =
      static_cast<double>((responder.cpu() - server_before).count()) / answers;
  state.counters["per_wait"] = answers / static_cast<double>(waits);
  state.counters["rss_mib"] = resident_mebibytes();
}

void BM_PingPong(benchmark::State& state, EngineKind kind) {
  ping_pong(state, kind, static_cast<std::size_t>(state.range(0)),
            std::chrono::microseconds(state.range(1)), 128);
}

void of_small_answers(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"connections", "server_work_us"})
      ->ArgsProduct({{1, 100, 1000, 10'000}, {0, 10}})
      ->UseRealTime();
}
BENCHMARK_CAPTURE(BM_PingPong, epoll, EngineKind::kEpoll)->Apply(of_small_answers);
BENCHMARK_CAPTURE(BM_PingPong, io_uring, EngineKind::kIoUring)->Apply(of_small_answers);

void BM_LongAnswers(benchmark::State& state, EngineKind kind) {
  ping_pong(state, kind, static_cast<std::size_t>(state.range(0)), 0us, 256 * 1024);
}
BENCHMARK_CAPTURE(BM_LongAnswers, epoll, EngineKind::kEpoll)->Arg(1)->Arg(100)->UseRealTime();
BENCHMARK_CAPTURE(BM_LongAnswers, io_uring, EngineKind::kIoUring)->Arg(1)->Arg(100)->UseRealTime();

}  // namespace
}  // namespace leakbench
