// SplitMix64 (Steele, Lea, Flood 2014): random numbers that are the same on every standard library.
#ifndef LEAKBENCH_HARNESS_LOAD_SPLIT_MIX_H_
#define LEAKBENCH_HARNESS_LOAD_SPLIT_MIX_H_

#include <cstdint>

namespace leakbench {

// The odd number next to 2^64 over the golden ratio: its multiples spread over all 64 bits.
inline constexpr std::uint64_t kSplitMixStep = 0x9e3779b97f4a7c15;

// One to one; whatever bit of `bits` changes, each bit of the result changes half the time.
constexpr std::uint64_t split_mix(std::uint64_t bits) {
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
  return bits ^ (bits >> 31);
}

// The 53 upper bits as a number from 0 up to, but not, 1.
constexpr double unit_interval(std::uint64_t bits) {
  return static_cast<double>(bits >> 11) * 0x1p-53;
}

// A sequence of them. Not thread-safe.
class SplitMix64 {
 public:
  explicit constexpr SplitMix64(std::uint64_t seed) : state_(seed) {}

  constexpr std::uint64_t operator()() { return split_mix(state_ += kSplitMixStep); }

 private:
  std::uint64_t state_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_SPLIT_MIX_H_
