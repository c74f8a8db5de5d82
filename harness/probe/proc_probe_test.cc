#include "harness/probe/proc_probe.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <sstream>
#include <thread>
#include <vector>

#include "harness/target/cores.h"
#include "harness/target/server_process.h"
#include "harness/target/test_support.h"

namespace leakbench {
namespace {

using std::chrono::seconds;

// A shell that keeps 20 MB, says "full", waits for a line on a pipe, frees them, says "empty" and
// waits again: at rest at both looks.
class Target {
 public:
  Target() {
    ::mkfifo((folder_ / "pipe").c_str(), 0600);
    process_ = std::make_unique<ServerProcess>(ServerSpec{
        "probed",
        {"/bin/sh", "-c",
         "x=$(head -c 20000000 /dev/zero | tr '\\0' a); exec <" + (folder_ / "pipe").string() +
             "; echo full; read line; x=; echo empty; read line"},
        folder_ / "log",
        {}});
    pipe_ = UniqueFd(::open((folder_ / "pipe").c_str(), O_WRONLY | O_CLOEXEC));
  }

  bool is(const std::string& state) const { return log_gets(folder_ / "log", state); }
  void go_on() const { EXPECT_EQ(::write(pipe_.get(), "\n", 1), 1); }
  ServerProcess& process() { return *process_; }
  pid_t pid() const { return process_->pid(); }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<ServerProcess> process_;
  UniqueFd pipe_;
};

// What `script` prints, $1 being the pid: a look at the process that shares no code with the probe.
std::int64_t shell_says(const std::string& script, pid_t pid) {
  const TemporaryFolder folder;
  ServerProcess shell(
      {"look", {"/bin/sh", "-c", script, "sh", std::to_string(pid)}, folder / "log", {}});
  EXPECT_TRUE(shell.wait_for_exit(seconds(20)));
  const std::string output = file_content(folder / "log");
  std::istringstream stream(output);
  std::int64_t number = -1;
  EXPECT_TRUE(stream >> number) << output;
  return number;
}

void expect_nothing(const ProcReading& reading) {
  EXPECT_EQ(reading.rss_bytes, std::nullopt);
  EXPECT_EQ(reading.memory_peak_bytes, std::nullopt);
  EXPECT_EQ(reading.cpu_ns, std::nullopt);
  EXPECT_EQ(reading.threads, std::nullopt);
  EXPECT_EQ(reading.fds, std::nullopt);
}

void expect_nothing(const SchedulingReading& reading) {
  EXPECT_EQ(reading.voluntary_switches, std::nullopt);
  EXPECT_EQ(reading.involuntary_switches, std::nullopt);
  EXPECT_EQ(reading.run_queue_wait_ns, std::nullopt);
}

TEST(ProcProbe, AgreesWithAShellThatReadsThePeakMemory) {
  Target target;
  const ProcProbe probe(target.pid());
  ASSERT_TRUE(target.is("full"));
  const auto peak = probe.read().memory_peak_bytes;
  ASSERT_TRUE(peak.has_value());
  EXPECT_GT(*peak, 20'000'000);
  EXPECT_EQ(*peak, 1024 * shell_says("grep VmHWM /proc/$1/status | tr -dc 0-9", target.pid()));
}

TEST(ProcProbe, ResetsThePeakMemory) {
  Target target;
  const ProcProbe probe(target.pid());
  ASSERT_TRUE(target.is("full"));
  const ProcReading full = probe.read();
  target.go_on();
  ASSERT_TRUE(target.is("empty"));
  EXPECT_EQ(probe.read().memory_peak_bytes, full.memory_peak_bytes);
  EXPECT_LT(*probe.read().rss_bytes, *full.rss_bytes - 15'000'000);
  EXPECT_TRUE(probe.reset_memory_peak());
  const ProcReading after = probe.read();
  EXPECT_LT(*after.memory_peak_bytes, *full.memory_peak_bytes - 15'000'000);
  EXPECT_GE(*after.memory_peak_bytes, *after.rss_bytes);
}

TEST(ProcProbe, AgreesWithAShellThatReadsTheCpuTime) {
  const TemporaryFolder folder;
  const ServerProcess busy({"busy", {"/bin/sh", "-c", "while :; do :; done"}, folder / "log", {}});
  const ProcProbe probe(busy.pid());
  ASSERT_TRUE(eventually([&] { return probe.read().cpu_ns.value_or(0) > 300'000'000; }));
  ::kill(busy.pid(), SIGSTOP);
  ASSERT_TRUE(eventually([&] { return process_state(busy.pid()) == 'T'; }));
  const std::int64_t ticks = shell_says("awk '{print $14 + $15}' /proc/$1/stat", busy.pid());
  const double stat_ns =
      1e9 * static_cast<double>(ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
  const double probe_ns = static_cast<double>(*probe.read().cpu_ns);
  // The kernel's ticks are samples of 10 ms.
  EXPECT_NEAR(probe_ns, stat_ns, 0.2 * stat_ns + 30e6);
}

TEST(ProcProbe, CountsTheCpuTimeOfThreadsThatHaveEnded) {
  const ProcProbe probe(::getpid());
  const std::int64_t before = *probe.read().cpu_ns;
  std::thread([] {
    timespec used = {};
    while (used.tv_sec == 0 && used.tv_nsec < 50'000'000) {
      ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    }
  }).join();
  EXPECT_GE(*probe.read().cpu_ns - before, 50'000'000);
}

TEST(ProcProbe, CountsThreadsAndOpenFiles) {
  std::thread([] {}).join();  // ThreadSanitizer starts a thread of its own beside the first one
  const ProcProbe probe(::getpid());
  const ProcReading before = probe.read();
  std::vector<UniqueFd> files;
  for (int i = 0; i < 10; ++i) files.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  std::atomic<bool> done = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back([&] { done.wait(false); });
  const ProcReading after = probe.read();
  done = true;
  done.notify_all();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(*after.threads - *before.threads, 3);
  if (!after.fds) GTEST_SKIP() << "this kernel does not tell the number of open files";
  EXPECT_EQ(*after.fds - *before.fds, 10);
}

TEST(ProcProbe, SumsTheSwitchesOfAllThreads) {
  const ProcProbe probe(::getpid());
  const SchedulingReading before = probe.read_scheduling();
  constexpr int kTurns = 50;
  std::atomic<bool> slept = false;
  std::atomic<bool> done = false;
  std::thread other([&] {
    for (int i = 0; i < kTurns; ++i) std::this_thread::sleep_for(std::chrono::microseconds(1));
    slept = true;
    slept.notify_all();
    done.wait(false);
  });
  slept.wait(false);
  const SchedulingReading after = probe.read_scheduling();
  done = true;
  done.notify_all();
  other.join();
  EXPECT_GE(*after.voluntary_switches - *before.voluntary_switches, kTurns);
  EXPECT_GE(*after.involuntary_switches, *before.involuntary_switches);
}

TEST(ProcProbe, SeesThreadsWaitForACoreThatTheyShare) {
  const TemporaryFolder folder;
  const std::vector<int> one_core = {allowed_cores().front()};
  const ServerProcess busy(
      {"busy", {"/bin/sh", "-c", "while :; do :; done"}, folder / "log", one_core});
  const ServerProcess rival(
      {"rival", {"/bin/sh", "-c", "while :; do :; done"}, folder / "rival", one_core});
  const ProcProbe probe(busy.pid());
  ASSERT_TRUE(eventually([&] { return probe.read().cpu_ns.value_or(0) > 100'000'000; }));
  if (!probe.read_scheduling().run_queue_wait_ns) {
    GTEST_SKIP() << "this kernel does not tell how long threads wait for a core";
  }
  EXPECT_TRUE(eventually([&] { return *probe.read_scheduling().run_queue_wait_ns > 30'000'000; }));
  EXPECT_GT(*probe.read_scheduling().involuntary_switches, 0);
}

TEST(ProcProbe, LeavesOutTheSwitchesOfATargetWithTooManyThreads) {
  const ProcProbe probe(::getpid());
  std::atomic<bool> done = false;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kMostScheduledThreads; ++i) {
    threads.emplace_back([&] { done.wait(false); });
  }
  const SchedulingReading crowded = probe.read_scheduling();
  done = true;
  done.notify_all();
  for (std::thread& thread : threads) thread.join();
  expect_nothing(crowded);
  EXPECT_TRUE(probe.read_scheduling().voluntary_switches.has_value());
}

TEST(ProcProbe, AProcessThatHasEndedGivesNothing) {
  Target target;
  const ProcProbe probe(target.pid());
  ASSERT_TRUE(target.is("full"));
  ASSERT_TRUE(probe.read().rss_bytes.has_value());
  ::kill(target.pid(), SIGKILL);
  ASSERT_TRUE(target.process().wait_for_exit(seconds(20)));
  ASSERT_EQ(process_state(target.pid()), 'Z');
  expect_nothing(probe.read());
  expect_nothing(probe.read_scheduling());
  target.process().stop(seconds(1));
  expect_nothing(probe.read());
  expect_nothing(probe.read_scheduling());
  EXPECT_FALSE(probe.reset_memory_peak());
}

TEST(ProcProbe, AProcessThatNeverWasGivesNothing) {
  const ProcProbe probe(1 << 30);
  expect_nothing(probe.read());
  expect_nothing(probe.read_scheduling());
  EXPECT_FALSE(probe.reset_memory_peak());
}

}  // namespace
}  // namespace leakbench
