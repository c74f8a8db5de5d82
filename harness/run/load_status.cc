#include "harness/run/load_status.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/verdict/humanise.h"

namespace leakbench {
namespace {

constexpr std::string_view kConnect = "connect";

std::string count_text(std::uint64_t count) { return humanise_count(static_cast<double>(count)); }

}  // namespace

std::string render_load_status(const LoadState& state) {
  const bool connects = state.phase == kConnect;
  std::string line = fmt::format("{}  {}", state.phase, count_text(state.done));
  if (state.of) line += fmt::format("/{}", count_text(*state.of));
  line += connects ? " connections" : " requests";
  const double seconds = std::chrono::duration<double>(state.elapsed).count();
  if (!connects && seconds > 0) {
    line += fmt::format("  {}/s", humanise_number(static_cast<double>(state.done) / seconds));
  }
  if (!state.length) return line;
  if (state.elapsed >= *state.length) return line + "  waiting for the last answers";
  const auto left = std::chrono::ceil<std::chrono::seconds>(*state.length - state.elapsed);
  return line + fmt::format("  about {} s left", left.count());
}

LoadStatus::LoadStatus(ProgressStyle style, std::FILE* out, const LoadProgress& load)
    : load_(load), line_(style, out, [this] { return line_now(); }) {}

std::uint64_t LoadStatus::count() const {
  return state_.phase == kConnect ? load_.connected() : load_.answered();
}

void LoadStatus::begin(const std::string& phase, std::optional<std::uint64_t> of,
                       std::optional<Duration> length) {
  std::lock_guard guard(mutex_);
  state_ = {.phase = phase, .done = 0, .of = of, .elapsed = {}, .length = length};
  began_ = clock_.now();
  counted_before_ = count();
}

void LoadStatus::end() {
  {
    std::lock_guard guard(mutex_);
    state_.length.reset();
  }
  line_.print(line_now());
  std::lock_guard guard(mutex_);
  state_ = {};
}

std::string LoadStatus::line_now() const {
  std::lock_guard guard(mutex_);
  if (state_.phase.empty()) return "";
  LoadState state = state_;
  state.done = count() - counted_before_;
  state.elapsed = clock_.now() - began_;
  return render_load_status(state);
}

}  // namespace leakbench
