#include "harness/probe/go_frame.h"

#include <utility>

namespace leakbench {

std::optional<std::uint32_t> GoFrameTable::place_of(std::string_view function,
                                                    std::string_view file, std::int64_t line) {
  key_.assign(function).append(1, '\n').append(file).append(1, '\n').append(std::to_string(line));
  if (const auto known = places_.find(key_); known != places_.end()) return known->second;
  if (frames_.size() >= most_frames_) return std::nullopt;
  const auto place = static_cast<std::uint32_t>(frames_.size());
  frames_.push_back({std::string(function), std::string(file), line});
  places_.emplace(key_, place);
  return place;
}

std::vector<GoFrame> GoFrameTable::take() {
  places_.clear();
  return std::exchange(frames_, {});
}

}  // namespace leakbench
