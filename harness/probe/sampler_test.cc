#include "harness/probe/sampler.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "harness/target/test_support.h"

namespace leakbench {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

// Counts its readings, and takes its time for the first.
class CountingSource : public MetricsSource {
 public:
  explicit CountingSource(milliseconds first_takes) : first_takes_(first_takes) {}

  MetricsReading read() override {
    if (readings_ == 0) std::this_thread::sleep_for(first_takes_);
    MetricsReading reading;
    reading.live_tasks = ++readings_;
    return reading;
  }
  std::optional<TaskProfile> task_profile() override { return std::nullopt; }
  std::optional<PauseSnapshot> pause() override { return std::nullopt; }

 private:
  const milliseconds first_takes_;
  std::int64_t readings_ = 0;
};

std::unique_ptr<MetricsSource> counting(milliseconds first_takes = milliseconds(0)) {
  return std::make_unique<CountingSource>(first_takes);
}

TargetProcesses one_process(pid_t pid, std::unique_ptr<MetricsSource> source) {
  std::vector<WatchedProcess> processes;
  processes.push_back({"main", ProcProbe(pid), std::move(source)});
  return TargetProcesses(std::move(processes));
}

// Where the generator is not what is tested.
GeneratorReading nothing() { return {}; }

bool takes(const Sampler& sampler, std::size_t samples) {
  return eventually([&] { return sampler.samples().size() >= samples; });
}

TEST(NextInstant, LiesOnTheGridBehindNow) {
  const Clock::time_point origin(seconds(100));
  const nanoseconds interval = milliseconds(50);
  EXPECT_EQ(next_instant(origin, interval, origin), origin + milliseconds(50));
  EXPECT_EQ(next_instant(origin, interval, origin + nanoseconds(1)), origin + milliseconds(50));
  EXPECT_EQ(next_instant(origin, interval, origin + milliseconds(49)), origin + milliseconds(50));
  EXPECT_EQ(next_instant(origin, interval, origin + milliseconds(50)), origin + milliseconds(100));
  // Two and a half intervals late: those that have passed are skipped.
  EXPECT_EQ(next_instant(origin, interval, origin + milliseconds(175)), origin + milliseconds(200));
}

TEST(Sampler, PutsBothProbesOnOneTimeline) {
  Sampler sampler(one_process(::getpid(), counting()), MachineProbe({}), nothing, milliseconds(2));
  ASSERT_TRUE(takes(sampler, 10));
  sampler.stop();
  const auto samples = sampler.samples();
  for (std::size_t i = 0; i < samples.size(); ++i) {
    EXPECT_EQ(samples[i].metrics.live_tasks, static_cast<std::int64_t>(i + 1));
    EXPECT_GT(samples[i].process.rss_bytes.value_or(0), 0);
    EXPECT_GT(samples[i].scheduling.voluntary_switches.value_or(0), 0);
    EXPECT_GT(samples[i].t_ns, i == 0 ? 0 : samples[i - 1].t_ns);
  }
  EXPECT_LE(samples.back().t_ns, sampler.now_ns());
}

TEST(Sampler, AsksTheGeneratorOnceForEachSample) {
  std::int64_t asked = 0;
  const auto generator = [&asked] {
    return GeneratorReading{.cpu_ns = 7, .responses_ok = ++asked};
  };
  Sampler sampler(one_process(::getpid(), counting()), MachineProbe({}), generator,
                  milliseconds(1));
  ASSERT_TRUE(takes(sampler, 5));
  sampler.stop();
  const auto samples = sampler.samples();
  for (std::size_t i = 0; i < samples.size(); ++i) {
    EXPECT_EQ(samples[i].generator.responses_ok, static_cast<std::int64_t>(i + 1));
    EXPECT_EQ(samples[i].generator.cpu_ns, 7);
  }
}

TEST(Sampler, MarksSamplesWithPhaseAndRound) {
  Sampler sampler(one_process(::getpid(), counting()), MachineProbe({}), nothing, milliseconds(1));
  EXPECT_TRUE(eventually([&] { return sampler.latest().has_value(); }));
  EXPECT_EQ(sampler.latest()->phase, Phase::kIdle);
  EXPECT_EQ(sampler.latest()->round, 0);
  sampler.set_phase(Phase::kLoad, 2);
  EXPECT_TRUE(eventually([&] { return sampler.latest()->phase == Phase::kLoad; }));
  EXPECT_EQ(sampler.latest()->round, 2);
  sampler.stop();
}

TEST(Sampler, SkipsInstantsThatASlowSourceMisses) {
  Sampler sampler(one_process(::getpid(), counting(milliseconds(100))), MachineProbe({}), nothing,
                  milliseconds(10));
  ASSERT_TRUE(takes(sampler, 5));
  sampler.stop();
  const auto samples = sampler.samples();
  for (std::size_t i = 0; i < samples.size(); ++i) {
    // After the late one, one sample per instant: none makes up for those that were missed.
    EXPECT_GE(samples[i].t_ns, static_cast<std::int64_t>(100 + 10 * i) * 1'000'000);
  }
}

TEST(Sampler, StopsAtOnceHoweverLongTheInterval) {
  Sampler sampler(one_process(::getpid(), counting()), MachineProbe({}), nothing,
                  std::chrono::hours(1));
  ASSERT_TRUE(takes(sampler, 1));
  const auto start = Clock::now();
  sampler.stop();
  sampler.stop();
  EXPECT_LT(Clock::now() - start, seconds(10));
  EXPECT_EQ(sampler.samples().size(), 1u);
}

TEST(Sampler, GoesOnWhenTheProcessIsGone) {
  Sampler sampler(one_process(1 << 30, counting()), MachineProbe({}), nothing, milliseconds(1));
  ASSERT_TRUE(takes(sampler, 3));
  sampler.stop();
  EXPECT_EQ(sampler.samples().back().process.rss_bytes, std::nullopt);
}

TEST(Samples, AreWrittenAsATableWithEmptyFieldsForWhatWasNotMeasured) {
  Sample first;
  first.t_ns = 50'000'000;
  Sample second;
  second.t_ns = 100'000'001;
  second.phase = Phase::kWarmUp;
  second.round = 3;
  second.metrics = {1, 2, 3, 4, 5, 6, 7};
  second.process = {8, 9, 10, 11, 12};
  second.scheduling = {13, 14, 15};
  second.machine = {16.25, 0, 100, 17};
  second.generator = {18, 19, 20, 21, 22};
  EXPECT_EQ(samples_to_csv({first, second}),
            "t_ns,phase,round,live_tasks,requests_in_flight,connections_open,heap_in_use_bytes,"
            "rss_bytes,memory_peak_bytes,cpu_ns,threads,fds,voluntary_switches,"
            "involuntary_switches,run_queue_wait_ns,cpu_pressure_percent,memory_pressure_percent,"
            "io_pressure_percent,stolen_ns,generator_cpu_ns,responses_ok,response_time_p50_ns,"
            "response_time_p99_ns,response_time_max_ns\n"
            "50000000,idle,0,,,,,,,,,,,,,,,,,,,,,\n"
            "100000001,warm-up,3,1,3,4,7,8,9,10,11,12,13,14,15,16.25,0,100,17,18,19,20,"
            "21,22\n");
}

TEST(Samples, OfSeveralProcessesEndWithAColumnForEach) {
  Sample sample;
  sample.parts = {{1, 2, 3}, {std::nullopt, 5, 6}};
  const std::string csv = samples_to_csv({sample}, {"user", "main"});
  EXPECT_NE(
      csv.find(",response_time_max_ns,live_tasks:user,rss_bytes:user,cpu_ns:user,live_tasks:main,"
               "rss_bytes:main,cpu_ns:main\n"),
      std::string::npos)
      << csv;
  EXPECT_TRUE(csv.ends_with(",1,2,3,,5,6\n")) << csv;
}

TEST(Samples, EveryPhaseHasItsName) {
  EXPECT_EQ(to_string(Phase::kIdle), "idle");
  EXPECT_EQ(to_string(Phase::kWarmUp), "warm-up");
  EXPECT_EQ(to_string(Phase::kConnect), "connect");
  EXPECT_EQ(to_string(Phase::kLoad), "load");
  EXPECT_EQ(to_string(Phase::kDrain), "drain");
  EXPECT_EQ(to_string(Phase::kSettle), "settle");
}

}  // namespace
}  // namespace leakbench
