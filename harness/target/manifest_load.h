// The load that a manifest asks for, as the generator takes it.
#ifndef LEAKBENCH_HARNESS_TARGET_MANIFEST_LOAD_H_
#define LEAKBENCH_HARNESS_TARGET_MANIFEST_LOAD_H_

#include <cstdint>

#include "harness/load/load_plan.h"
#include "harness/target/manifest.h"

namespace leakbench {

// Where a load goes; `address` in host order, of 127.0.0.0/8.
struct LoadAddress {
  std::uint32_t address = INADDR_LOOPBACK;
  std::uint16_t port = 0;
};

// One round of the manifest's requests, in the numbers of `load`, its warm-up apart. What is sent,
// and which clients leave, is drawn from `seed`: the same in each round that has the same one.
// Connections that end are opened again, because clients may leave by plan, and servers may end a
// connection whenever they like between two requests.
LoadPlan make_load_plan(const Manifest& manifest, const LoadFigures& load, LoadAddress address,
                        std::uint64_t seed);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_MANIFEST_LOAD_H_
