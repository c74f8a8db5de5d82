#include "harness/probe/sampler.h"

namespace leakbench {

std::chrono::steady_clock::time_point next_instant(std::chrono::steady_clock::time_point origin,
                                                   std::chrono::nanoseconds interval,
                                                   std::chrono::steady_clock::time_point now) {
  return origin + ((now - origin) / interval + 1) * interval;
}

Sampler::Sampler(TargetProcesses processes, MachineProbe machine,
                 std::function<GeneratorReading()> generator, std::chrono::nanoseconds interval)
    : processes_(std::move(processes)),
      machine_(std::move(machine)),
      generator_(std::move(generator)),
      interval_(interval) {
  // Three minutes at 50 ms: growing in the middle of a round would be a pause of our own making.
  constexpr std::size_t kExpectedSamples = 4096;
  samples_.reserve(kExpectedSamples);
  thread_ = std::thread([this] { run(); });
}

Sampler::~Sampler() { stop(); }

void Sampler::set_phase(Phase phase, int round) { position_.store({phase, round}); }

std::int64_t Sampler::now_ns() const {
  return std::chrono::nanoseconds(Clock::now() - origin_).count();
}

void Sampler::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_requested_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Sampler::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    take_sample();
    lock.lock();
    const auto next = next_instant(origin_, interval_, Clock::now());
    stop_requested_.wait_until(lock, next, [this] { return stopping_; });
  }
}

void Sampler::take_sample() {
  Sample sample;
  // The slow reading first: the time, the phase and the kernel's figures then all belong to the
  // moment of its answer.
  const std::vector<MetricsReading> metrics = processes_.read_each();
  sample.metrics = sum_of(metrics);
  sample.t_ns = now_ns();
  const PhaseAndRound position = position_.load();
  sample.phase = position.phase;
  sample.round = position.round;
  const std::vector<ProcReading> kernel = processes_.read_kernel_each();
  sample.process = sum_of(kernel);
  sample.scheduling = processes_.read_scheduling();
  if (kernel.size() > 1) {
    for (std::size_t i = 0; i < kernel.size(); ++i) {
      sample.parts.push_back({metrics[i].live_tasks, kernel[i].rss_bytes, kernel[i].cpu_ns});
    }
  }
  sample.machine = machine_.read();
  sample.generator = generator_();
  const std::lock_guard lock(mutex_);
  samples_.push_back(sample);
}

std::optional<Sample> Sampler::latest() const {
  const std::lock_guard lock(mutex_);
  if (samples_.empty()) return std::nullopt;
  return samples_.back();
}

std::vector<Sample> Sampler::samples() const {
  const std::lock_guard lock(mutex_);
  return samples_;
}

}  // namespace leakbench
