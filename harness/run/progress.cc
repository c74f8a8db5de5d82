#include "harness/run/progress.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/verdict/humanise.h"

namespace leakbench {
namespace {

constexpr auto kRedrawInterval = std::chrono::milliseconds(200);

// Back to the start of the line and clear it (ECMA-48 EL).
constexpr const char* kClearLine = "\r\x1b[K";

}  // namespace

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
    : style_(style), out_(out), expected_repetition_(expected_repetition) {
  state_.repetitions = repetitions;
  if (style_ == ProgressStyle::kTerminal) thread_ = std::thread([this] { redraw_regularly(); });
}

Progress::~Progress() {
  {
    std::lock_guard guard(mutex_);
    closing_ = true;
    clear();
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
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
  std::lock_guard guard(mutex_);
  finished_time_ += clock_.now() - repetition_began_;
  ++finished_;
  if (style_ == ProgressStyle::kQuiet) return;
  clear();
  fmt::print(out_, "[{}/{}] {}: {}\n", state_.repetition, state_.repetitions, state_.arm, summary);
  std::fflush(out_);
}

void Progress::note(const std::string& line) {
  std::lock_guard guard(mutex_);
  if (style_ == ProgressStyle::kQuiet) return;
  clear();
  fmt::print(out_, "{}\n", line);
  std::fflush(out_);
}

ProgressState Progress::state_now() const {
  ProgressState state = state_;
  if (sampler_ != nullptr) {
    if (const auto sample = sampler_->latest()) {
      state.live_tasks = sample->metrics.live_tasks;
      state.rss_bytes = sample->process.rss_bytes;
    }
  }
  if (load_ != nullptr) {
    state.connected = load_->connected.load(std::memory_order_relaxed);
    state.answered = load_->answered.load(std::memory_order_relaxed);
  }
  if (state.repetition > 0) {
    const Duration each = finished_ == 0 ? expected_repetition_ : finished_time_ / finished_;
    const Duration now = std::min<Duration>(clock_.now() - repetition_began_, each);
    state.left = each * (state.repetitions - finished_) - now;
  }
  return state;
}

void Progress::draw() {
  fmt::print(out_, "{}{}", kClearLine, render_progress(state_now()));
  std::fflush(out_);
}

void Progress::clear() {
  if (style_ != ProgressStyle::kTerminal) return;
  fmt::print(out_, "{}", kClearLine);
  std::fflush(out_);
}

void Progress::redraw_regularly() {
  std::unique_lock guard(mutex_);
  while (!closing_) {
    if (state_.repetition > 0) draw();
    changed_.wait_for(guard, kRedrawInterval, [this] { return closing_; });
  }
}

}  // namespace leakbench
