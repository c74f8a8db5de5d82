#include "harness/run/progress.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/verdict/humanise.h"

namespace leakbench {

std::string render_progress(const ProgressState& state) {
  std::string line =
      fmt::format("[{}/{}] {}  {}", state.repetition, state.repetitions, state.arm, state.phase);
  if (state.phase == "connect" && state.connected) {
    line +=
        fmt::format("  {}/{} connections", humanise_count(static_cast<double>(*state.connected)),
                    humanise_count(static_cast<double>(state.connections)));
  } else if (state.answered) {
    line += fmt::format("  {}/{} requests", humanise_count(static_cast<double>(*state.answered)),
                        humanise_count(static_cast<double>(state.requests)));
  }
  if (state.live_tasks) {
    line += fmt::format("  live tasks {}", humanise_count(static_cast<double>(*state.live_tasks)));
  }
  if (state.rss_bytes) {
    line += fmt::format("  {}", humanise_bytes(static_cast<double>(*state.rss_bytes)));
  }
  if (state.left) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*state.left).count();
    line += fmt::format("  about {} s left", std::max<std::int64_t>(seconds, 0));
  }
  return line;
}

Progress::Progress(ProgressStyle style, std::FILE* out, int repetitions,
                   Duration expected_repetition)
    : expected_repetition_(expected_repetition), line_(style, out, [this] { return line_now(); }) {
  std::lock_guard guard(mutex_);
  state_.repetitions = repetitions;
}

void Progress::begin_repetition(int index, const std::string& arm, std::int64_t connections,
                                std::int64_t requests) {
  std::lock_guard guard(mutex_);
  state_.repetition = index;
  state_.arm = arm;
  state_.phase = "start";
  state_.connections = connections;
  state_.requests = requests;
  repetition_began_ = clock_.now();
}

void Progress::set_phase(const std::string& phase) {
  std::lock_guard guard(mutex_);
  state_.phase = phase;
}

void Progress::watch(const Sampler* sampler) {
  std::lock_guard guard(mutex_);
  sampler_ = sampler;
}

void Progress::watch(const LoadProgress* load) {
  std::lock_guard guard(mutex_);
  load_ = load;
}

void Progress::end_repetition(const std::string& summary) {
  std::string line;
  {
    std::lock_guard guard(mutex_);
    finished_time_ += clock_.now() - repetition_began_;
    ++finished_;
    line =
        fmt::format("[{}/{}] {}: {}", state_.repetition, state_.repetitions, state_.arm, summary);
  }
  line_.print(line);
}

void Progress::note(const std::string& line) {
  if (noted_.insert(line).second) line_.print(line);
}

std::string Progress::line_now() const {
  std::lock_guard guard(mutex_);
  if (state_.repetition == 0) return "";
  ProgressState state = state_;
  if (sampler_ != nullptr) {
    if (const auto sample = sampler_->latest()) {
      state.live_tasks = sample->metrics.live_tasks;
      state.rss_bytes = sample->process.rss_bytes;
    }
  }
  if (load_ != nullptr) {
    state.connected = load_->connected();
    state.answered = load_->answered();
  }
  const Duration each = finished_ == 0 ? expected_repetition_ : finished_time_ / finished_;
  const Duration now = std::min<Duration>(clock_.now() - repetition_began_, each);
  state.left = each * (state.repetitions - finished_) - now;
  return render_progress(state);
}

}  // namespace leakbench
