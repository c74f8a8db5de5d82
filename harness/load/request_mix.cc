#include "harness/load/request_mix.h"

#include <algorithm>

#include "harness/load/split_mix.h"

namespace leakbench {

RequestMix::RequestMix(const LoadPlan& plan) {
  // A sequence of its own, as the fates have one: see FatePlan.
  constexpr std::uint64_t kOwn = 0x6d6978;  // "mix"
  begin_ = split_mix(split_mix(plan.seed) ^ kOwn);
  double total = 0;
  for (const LoadRequest& request : plan.mix) total += request.weight;
  double sum = 0;
  for (const LoadRequest& request : plan.mix) {
    sum += request.weight;
    until_.push_back(sum / total);
    requests_.push_back(
        {render_request(plan, request), request.method == "HEAD", requests_.size()});
  }
}

const RenderedRequest& RequestMix::draw(std::uint64_t number) const {
  const double at = unit_interval(split_mix(begin_ + number * kSplitMixStep));
  const auto found = std::upper_bound(until_.begin(), until_.end(), at);
  return requests_[static_cast<std::size_t>(found - until_.begin())];
}

}  // namespace leakbench
