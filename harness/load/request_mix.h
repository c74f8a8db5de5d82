// Which of a plan's requests is sent each time, by weight.
#ifndef LEAKBENCH_HARNESS_LOAD_REQUEST_MIX_H_
#define LEAKBENCH_HARNESS_LOAD_REQUEST_MIX_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/load/load_plan.h"

namespace leakbench {

// One of the requests of a plan, ready to be sent.
struct RenderedRequest {
  std::string bytes;
  bool is_head = false;   // its answers have no body
  std::size_t index = 0;  // in the plan's mix
};

// Immutable; safe to read from any thread.
class RequestMix {
 public:
  // Of a plan that check_plan() has taken.
  explicit RequestMix(const LoadPlan& plan);

  std::size_t size() const { return requests_.size(); }

  // What is sent as request number `number` of the load: a pure function, whatever was asked
  // before and whichever thread sends it. Independent of the request's Fate, and of the gaps of a
  // Schedule with the same seed. Lives as long as the mix does.
  const RenderedRequest& of(std::uint64_t number) const {
    return requests_.size() == 1 ? requests_.front() : draw(number);
  }

 private:
  const RenderedRequest& draw(std::uint64_t number) const;

  std::vector<RenderedRequest> requests_;
  std::vector<double> until_;  // sums of the shares up to each one, of 1
  std::uint64_t begin_;        // of the sequence of random numbers
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_REQUEST_MIX_H_
