#include "harness/probe/sampler.h"

namespace leakbench {

std::chrono::steady_clock::time_point next_instant(std::chrono::steady_clock::time_point origin,
                                                   std::chrono::nanoseconds interval,
                                                   std::chrono::steady_clock::time_point now) {
  return origin + ((now - origin) / interval + 1) * interval;
}

Sampler::Sampler(ProcProbe probe, MachineProbe machine, std::unique_ptr<MetricsSource> source,
                 std::chrono::nanoseconds interval)
    : probe_(std::move(probe)),
      machine_(std::move(machine)),
      source_(std::move(source)),
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
  sample.metrics = source_->read();
  sample.t_ns = now_ns();
  const PhaseAndRound position = position_.load();
  sample.phase = position.phase;
  sample.round = position.round;
  sample.process = probe_.read();
  sample.scheduling = probe_.read_scheduling();
  sample.machine = machine_.read();
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
