#include "harness/run/status_line.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace leakbench {
namespace {

constexpr auto kRedrawInterval = std::chrono::milliseconds(200);

// Back to the start of the line and clear it (ECMA-48 EL).
constexpr const char* kClearLine = "\r\x1b[K";

}  // namespace

StatusLine::StatusLine(ProgressStyle style, std::FILE* out, std::function<std::string()> render)
    : style_(style), out_(out), render_(std::move(render)) {
  if (style_ == ProgressStyle::kTerminal) thread_ = std::thread([this] { redraw_regularly(); });
}

StatusLine::~StatusLine() {
  {
    std::lock_guard guard(mutex_);
    closing_ = true;
    clear();
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void StatusLine::print(const std::string& line) {
  if (style_ == ProgressStyle::kQuiet) return;
  std::lock_guard guard(mutex_);
  clear();
  fmt::print(out_, "{}\n", line);
  std::fflush(out_);
}

void StatusLine::clear() {
  if (style_ != ProgressStyle::kTerminal) return;
  fmt::print(out_, "{}", kClearLine);
  std::fflush(out_);
}

void StatusLine::redraw_regularly() {
  std::unique_lock guard(mutex_);
  while (!closing_) {
    if (const std::string line = render_(); !line.empty()) {
      fmt::print(out_, "{}{}", kClearLine, line);
      std::fflush(out_);
    }
    changed_.wait_for(guard, kRedrawInterval, [this] { return closing_; });
  }
}

}  // namespace leakbench
