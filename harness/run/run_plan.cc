#include "harness/run/run_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <set>
#include <system_error>
#include <utility>

#include "harness/base/error.h"
#include "harness/run/profile_source.h"
#include "harness/target/options.h"
#include "harness/target/placeholders.h"
#include "harness/target/same_work.h"
#include "harness/target/wording.h"
#include "runtime/time/duration.h"

namespace leakbench {
namespace {

std::vector<VariantSpec> choose_variants(const Manifest& manifest,
                                         const std::vector<std::string>& wanted) {
  if (wanted.empty()) return manifest.variants;
  std::vector<std::string> names;
  for (const VariantSpec& variant : manifest.variants) names.push_back(variant.name);
  for (const std::string& name : wanted) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    throw Error(ExitCode::kUsage, fmt::format("scenario {} has no variant {}; {}", manifest.name,
                                              in_quotes(name), suggestion(name, names)));
  }
  std::vector<VariantSpec> chosen;
  for (const VariantSpec& variant : manifest.variants) {
    if (std::find(wanted.begin(), wanted.end(), variant.name) != wanted.end()) {
      chosen.push_back(variant);
    }
  }
  return chosen;
}

// What calibration measures: the same build twice, under the names that comparisons give to the
// base and to its control.
std::vector<Build> calibration_builds(const RunRequest& request) {
  if (!request.builds.empty()) {
    throw Error(ExitCode::kUsage,
                "--calibrate measures this build against itself and takes no --arm: leave one out");
  }
  return {{"base", {}}, {"control", {}}};
}

void check_folder(const Manifest& manifest, const Build& build) {
  if (!depends_on_bin_dir(manifest)) {
    throw Error(
        ExitCode::kUsage,
        fmt::format("--arm: the command in {} has no {{bin_dir}}, so that all builds of it "
                    "are the same; give a manifest for each arm instead, as --arm {}=FILE.json",
                    manifest.origin, build.name));
  }
  std::error_code error;
  if (!std::filesystem::is_directory(build.bin_dir, error)) {
    throw Error(ExitCode::kUsage,
                fmt::format("--arm {}: there is no folder {}", build.name, build.bin_dir.string()));
  }
}

void check_manifest(const Manifest& manifest, const Build& build) {
  const auto difference = first_difference(manifest, *build.manifest);
  if (!difference) return;
  throw Error(ExitCode::kUsage,
              fmt::format("--arm {}: {} asks for other work than {}: {} is {} instead of {}; "
                          "arms of one run must do the same, so make them equal",
                          build.name, build.manifest->origin, manifest.origin, difference->field,
                          in_quotes(difference->second), in_quotes(difference->first)));
}

void check_builds(const Manifest& manifest, const std::vector<Build>& builds) {
  std::set<std::string> names;
  for (const Build& build : builds) {
    if (!names.insert(build.name).second) {
      throw Error(ExitCode::kUsage, fmt::format("--arm: {} is given twice", in_quotes(build.name)));
    }
    build.manifest ? check_manifest(manifest, build) : check_folder(manifest, build);
  }
}

std::vector<RuntimeSpec> choose_runtimes(const Manifest& manifest,
                                         const std::optional<std::string>& wanted) {
  if (!wanted) return {manifest.runtimes.front()};
  std::vector<std::string> names;
  for (const RuntimeSpec& runtime : manifest.runtimes) {
    if (runtime.name == *wanted) return {runtime};
    if (!runtime.name.empty()) names.push_back(runtime.name);
  }
  if (names.empty()) {
    throw Error(ExitCode::kUsage,
                fmt::format("--runtime: {} has no runtimes to choose from", manifest.origin));
  }
  if (*wanted == kAllRuntimes) return manifest.runtimes;
  names.emplace_back(kAllRuntimes);
  throw Error(ExitCode::kUsage, fmt::format("scenario {} has no runtime {}; {}", manifest.name,
                                            in_quotes(*wanted), suggestion(*wanted, names)));
}

// The runtime that the build's own manifest has for one of the plan's: of the same name where
// runtimes were asked for, else its first.
RuntimeSpec runtime_of(const Build& build, const RuntimeSpec& runtime, const RunRequest& request) {
  if (!build.manifest) return runtime;
  if (!request.runtime) return build.manifest->runtimes.front();
  return choose_runtimes(*build.manifest, runtime.name).front();
}

std::vector<Arm> make_arms(const Manifest& manifest, const RunRequest& request,
                           const std::vector<Build>& builds) {
  const auto variants = choose_variants(manifest, request.variants);
  std::vector<Arm> arms;
  for (const RuntimeSpec& runtime : choose_runtimes(manifest, request.runtime)) {
    const bool first = runtime.name == manifest.runtimes.front().name;
    for (const VariantSpec& variant : variants) {
      const std::string name = first ? variant.name : runtime.name + "-" + variant.name;
      if (builds.empty()) arms.push_back({name, variant, runtime, "", {}, manifest});
      for (const Build& build : builds) {
        arms.push_back({fmt::format("{}@{}", name, build.name), variant,
                        runtime_of(build, runtime, request), build.name, build.bin_dir,
                        build.manifest.value_or(manifest)});
      }
    }
  }
  return arms;
}

// Whatever runtime was asked for must be there: a table without a column would answer another
// question.
void expect_servers(const RunPlan& plan, const RunRequest& request) {
  for (const Arm& arm : plan.arms) {
    const auto folder = arm.bin_dir.empty() ? own_folder() : arm.bin_dir;
    const std::string server =
        expand_placeholders(arm.runtime.server, {{"bin_dir", folder.string()}}).text;
    if (server.find('/') == std::string::npos || request.exists(server)) continue;
    throw Error(ExitCode::kUsage,
                fmt::format("there is no {}, so runtime {} is not available: build it, a server of "
                            "leakbench's with `cmake --preset release && cmake --build --preset "
                            "release -t leakbench_servers`, for which go takes Go 1.19 or newer",
                            server, arm.runtime.name));
  }
}

// Where no task lives until the look that tells lingering from clean, nothing can be found to
// linger.
void expect_lingering_can_be_seen(const Manifest& manifest, const RunPlan& plan) {
  const auto longest = longest_task(manifest, plan.options);
  if (longest > manifest.settle.linger_after) return;
  for (const Arm& arm : plan.arms) {
    const VariantSpec& variant = arm.variant;
    if (variant.expect != Expectation::kLingering) continue;
    throw Error(ExitCode::kUsage,
                fmt::format("variant {} is expected to linger, but its longest task, {} ({}), has "
                            "ended when leakbench looks, {} after the last response: make it "
                            "longer, or settle.linger_after in {} shorter",
                            variant.name, format_duration(longest), manifest.settle.longest_task,
                            format_duration(manifest.settle.linger_after), manifest.origin));
  }
}

// Names whoever gave the two: an option, or the manifest.
void expect_a_request_for_each_connection(const Manifest& manifest, const RunRequest& request,
                                          const LoadFigures& load) {
  if (load.requests >= load.connections) return;
  // Without --requests there are as many for each connection as the manifest has: too few only if
  // they are too few there.
  std::string requests =
      fmt::format("{}: /load/requests {}", manifest.origin, manifest.load.requests);
  std::string connections = fmt::format("/load/connections {}", manifest.load.connections);
  if (request.requests) {
    requests = fmt::format("--requests {}", *request.requests);
    connections = request.connections ? fmt::format("--concurrency {}", *request.connections)
                                      : fmt::format("{} in {}", connections, manifest.origin);
  }
  throw Error(ExitCode::kUsage,
              fmt::format("{} is fewer than {}: every connection needs at least one request",
                          requests, connections));
}

}  // namespace

std::filesystem::path own_folder() {
  const auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  const auto relative = folder.lexically_proximate(std::filesystem::current_path());
  return *relative.begin() == ".." ? folder : relative;
}

std::vector<std::vector<std::size_t>> draw_order(std::size_t arms, int blocks, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::vector<std::size_t>> order;
  for (int block = 0; block < blocks; ++block) {
    std::vector<std::size_t> arm_order(arms);
    std::iota(arm_order.begin(), arm_order.end(), std::size_t{0});
    // Fisher and Yates by hand: std::shuffle may differ from library to library. The bias of the
    // remainder is below 2^-60.
    for (std::size_t i = arms; i > 1; --i) std::swap(arm_order[i - 1], arm_order[random() % i]);
    order.push_back(std::move(arm_order));
  }
  return order;
}

bool another_block_fits(const RunPlan& plan, int finished_blocks, std::chrono::nanoseconds elapsed,
                        std::chrono::nanoseconds longest_block) {
  return !plan.budget || finished_blocks == 0 || elapsed + longest_block <= *plan.budget;
}

RunPlan make_plan(Manifest manifest, const RunRequest& request) {
  RunPlan plan;
  plan.options = effective_options(manifest, request.options);
  plan.given_options = request.options;
  plan.settle = settle_window(manifest, plan.options);
  plan.load = manifest.load;
  if (request.connections) plan.load.connections = *request.connections;
  if (request.requests) {
    plan.load.requests = *request.requests;
  } else if (request.connections && manifest.load.connections > 0) {
    // Fewer connections, as many requests on each as the scenario asks for.
    plan.load.requests = manifest.load.requests / manifest.load.connections * *request.connections;
  }
  expect_a_request_for_each_connection(manifest, request, plan.load);
  plan.blocks = request.blocks;
  plan.rounds = request.rounds.value_or(manifest.load.rounds);
  plan.most_rounds = 2 * plan.rounds;
  plan.seed = request.seed ? *request.seed : std::random_device{}();
  // A quick look must not be mostly warm-up.
  plan.load.warmup_requests = std::min<std::int64_t>(plan.load.warmup_requests, plan.load.requests);
  plan.budget = request.budget;
  if (!request.calibrate) check_builds(manifest, request.builds);
  plan.arms = make_arms(manifest, request,
                        request.calibrate ? calibration_builds(request) : request.builds);
  expect_servers(plan, request);
  expect_lingering_can_be_seen(manifest, plan);
  plan.order = draw_order(plan.arms.size(), plan.blocks, plan.seed);
  if (request.port && request.port == request.control_port) {
    throw Error(ExitCode::kUsage,
                fmt::format("--port and --control-port are both {}; a server needs two ports",
                            *request.port));
  }
  plan.profiles = request.profiles;
  plan.baseline = request.baseline;
  for (const Arm& arm : plan.arms) {
    if (!plan.profiles.empty()) {
      (void)profile_source(arm.runtime.metrics_sources, arm.manifest.origin);
    }
  }
  plan.port = request.port;
  plan.control_port = request.control_port;
  plan.manifest = std::move(manifest);
  return plan;
}

}  // namespace leakbench
