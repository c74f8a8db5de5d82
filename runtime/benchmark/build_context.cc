#include <benchmark/benchmark.h>

namespace leakbench {
namespace {

// Part of every result, so that nobody takes a build without the registry for one with it.
[[maybe_unused]] const bool told = [] {
  benchmark::AddCustomContext("registry", LEAKBENCH_REGISTRY_STATE);
  return true;
}();

}  // namespace
}  // namespace leakbench
