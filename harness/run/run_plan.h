// What a run will do, settled before the first server starts: which arms, in which order, under
// which load.
#ifndef LEAKBENCH_HARNESS_RUN_RUN_PLAN_H_
#define LEAKBENCH_HARNESS_RUN_RUN_PLAN_H_

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "harness/report/profile_report.h"
#include "harness/target/manifest.h"
#include "harness/verdict/allowlist.h"

namespace leakbench {

// A build of the servers: a folder that has what this one's bin folder has, or a manifest that
// starts servers of its own, for the same work.
struct Build {
  std::string name;
  std::filesystem::path bin_dir;
  std::optional<Manifest> manifest = {};
};

// What a run compares: a variant, of one of the builds and in one of the runtimes where there are
// several.
struct Arm {
  // The variant's; before it "RUNTIME-" unless that is the manifest's first one, behind it "@BUILD"
  // where builds are compared.
  std::string name;
  VariantSpec variant;
  RuntimeSpec runtime;
  std::string build;              // empty: this one
  std::filesystem::path bin_dir;  // empty: where leakbench itself lies
  Manifest manifest = {};         // says what runs and how it is looked into
};

// What --runtime takes besides the names of runtimes.
inline constexpr std::string_view kAllRuntimes = "both";

// What the user asked for; empty means the manifest's, or the default.
struct RunRequest {
  std::optional<std::int64_t> requests;
  std::optional<int> connections;
  int blocks = 3;
  std::optional<int> rounds;
  std::optional<std::uint64_t> seed;
  std::vector<std::string> variants;               // empty: all
  std::optional<std::string> runtime;              // empty: the manifest's first
  std::vector<Build> builds;                       // empty: this one
  bool calibrate = false;                          // this build as base and again as control
  std::optional<std::chrono::nanoseconds> budget;  // for all blocks
  std::vector<ProfileKind> profiles;               // to take besides
  std::optional<Allowlist> baseline;               // leaks that are known and accepted
  Options options;                                 // of the server
  std::optional<std::uint16_t> port;
  std::optional<std::uint16_t> control_port;
  // Whether a server of a runtime is there.
  std::function<bool(const std::filesystem::path&)> exists = [](const std::filesystem::path& file) {
    std::error_code none;
    return std::filesystem::exists(file, none);
  };
};

struct RunPlan {
  Manifest manifest;      // says the work, and what is expected of it
  Options options;        // effective
  Options given_options;  // those of them that were asked for
  LoadFigures load;
  int blocks = 1;
  int rounds = 1;
  // A repetition that cannot tell a leak from a pool that still fills, or whose look at what
  // lingers came too late, goes on up to here.
  int most_rounds = 1;
  std::uint64_t seed = 0;
  std::vector<Arm> arms;                        // in the manifest's order, runtime by runtime
  std::vector<std::vector<std::size_t>> order;  // per block: indexes into arms
  std::optional<std::chrono::nanoseconds> budget;
  std::chrono::nanoseconds settle{0};  // last response to the end of the round
  std::vector<ProfileKind> profiles;   // of every arm, after all blocks
  std::optional<Allowlist> baseline;   // leaks that are known and accepted
  std::optional<std::uint16_t> port;
  std::optional<std::uint16_t> control_port;
};

// The folder that leakbench itself lies in: relative where that leads down from the working folder,
// so that a report reads the same wherever the project lies.
std::filesystem::path own_folder();

// Throws Error(kUsage), naming the value, when something asked for cannot be.
RunPlan make_plan(Manifest manifest, const RunRequest& request);

// The arms of each block in an order drawn from `seed`: the same seed, the same order, everywhere.
// Orders change from block to block, so that what drifts on the machine meets every arm alike.
std::vector<std::vector<std::size_t>> draw_order(std::size_t arms, int blocks, std::uint64_t seed);

// Whether one more block should still end within the budget: it is taken to last as long as the
// longest so far. The first block is always measured. Looks at times only, never at what was
// measured: a run that stopped when it liked its figures would prove nothing.
bool another_block_fits(const RunPlan& plan, int finished_blocks, std::chrono::nanoseconds elapsed,
                        std::chrono::nanoseconds longest_block);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_RUN_PLAN_H_
