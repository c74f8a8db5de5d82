#include "harness/target/manifest_load.h"

#include "harness/target/preflight.h"

namespace leakbench {

LoadPlan make_load_plan(const Manifest& manifest, const LoadFigures& load, LoadAddress address,
                        std::uint64_t seed) {
  LoadPlan plan;
  plan.address = address.address;
  plan.port = address.port;
  plan.mix.clear();
  for (const RequestSpec& request : manifest.requests) {
    plan.mix.push_back({.method = request.method,
                        .target = request.path,
                        .headers = request.headers,
                        .body = request.body,
                        .weight = static_cast<std::uint32_t>(request.weight)});
  }
  plan.accepted_statuses = load.accepted_statuses;
  plan.connections = static_cast<std::size_t>(load.connections);
  plan.requests = static_cast<std::size_t>(load.requests);
  plan.reconnect = true;
  plan.fates = FatePlan::parse(load.aborts);
  plan.seed = seed;
  plan.request_timeout = load.request_timeout;
  plan.source_addresses = source_addresses_for(load.connections);
  return plan;
}

}  // namespace leakbench
