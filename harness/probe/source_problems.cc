#include "harness/probe/source_problems.h"

#include <fmt/format.h>

#include <utility>

#include "harness/target/wording.h"

namespace leakbench {

std::string why_no_answer(const ControlReply& reply) {
  if (reply.status == 0) return reply.problem;
  return fmt::format("status {}, {}", reply.status, in_quotes(reply.body.substr(0, 80)));
}

void SourceProblems::add(const std::string& path, std::string_view what) {
  add_kind(path, path, what);
}

void SourceProblems::add(const std::string& path, const ControlReply& reply) {
  add_kind(reply.status == 0 ? reply.problem : path, path, why_no_answer(reply));
}

std::vector<std::string> SourceProblems::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(new_, {});
}

void SourceProblems::add_kind(const std::string& kind, const std::string& path,
                              std::string_view what) {
  constexpr std::size_t kLongestLine = 600;
  const std::lock_guard lock(mutex_);
  if (!known_.insert(kind).second) return;
  new_.push_back(one_line(fmt::format("GET {}: {}", path, what), kLongestLine));
}

}  // namespace leakbench
