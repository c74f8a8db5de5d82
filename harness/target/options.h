// What follows from a manifest once the user has had a say in its options.
#ifndef LEAKBENCH_HARNESS_TARGET_OPTIONS_H_
#define LEAKBENCH_HARNESS_TARGET_OPTIONS_H_

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/target/manifest.h"

namespace leakbench {

// The manifest's defaults overlaid with `overrides`. Throws Error(ExitCode::kUsage) for an option
// that the scenario does not have, naming those it has.
Options effective_options(const Manifest& manifest, const Options& overrides);

// How long the longest legitimate task of the scenario takes under these (effective) options.
// Throws Error(ExitCode::kUsage) when the option it refers to is not a duration of at most a day.
std::chrono::nanoseconds longest_task(const Manifest& manifest, const Options& options);

// From the last response to the end of the round: longest task + margin. Throws as longest_task(),
// and when settle.linger_after would lie behind the end of the window.
std::chrono::nanoseconds settle_window(const Manifest& manifest, const Options& options);

// How many of 1,000 requests leak a task by plan. Throws Error(ExitCode::kUsage) when the option it
// refers to is not a number above 0 and at most 1,000.
double planted_per_1000(const Manifest& manifest, const PlantedLeaks& planted,
                        const Options& options);

struct ProcessPorts {
  std::uint16_t port = 0;
  std::uint16_t control_port = 0;
};

// What the placeholders of a manifest's commands and environment stand for in one target.
struct CommandValues {
  std::filesystem::path bin_dir;  // where our own server binaries lie
  std::string variant;
  std::uint16_t port = 0;                             // of the main process
  std::uint16_t control_port = 0;                     //
  Options options;                                    // effective ones
  std::string server = {};                            // RuntimeSpec::server
  std::map<std::string, ProcessPorts> services = {};  // by name
};

// The argument vector of the main process. Each option that neither the manifest's command nor its
// environment names is appended as --NAME VALUE. This and the next two throw
// Error(ExitCode::kUsage) for an unknown placeholder.
std::vector<std::string> expand_command(const Manifest& manifest, const CommandValues& values);

// The argument vector of one of the manifest's services. {port} and {control_port} are its own.
std::vector<std::string> expand_command(const Manifest& manifest, const CommandValues& values,
                                        const ServiceSpec& service);

// The manifest's environment overlaid with the variant's, for one of its services or else the main
// process.
std::map<std::string, std::string> expand_environment(const Manifest& manifest,
                                                      const CommandValues& values,
                                                      const ServiceSpec* service = nullptr);

// Whether the process, one of the manifest's services or else the main one, is told of a control
// port by its command or the environment. One that is not has a single port: give it as both.
bool has_control_port(const Manifest& manifest, const ServiceSpec* service = nullptr);

// Whether what runs depends on bin_dir, so that builds of it can be compared.
bool depends_on_bin_dir(const Manifest& manifest);

// The headline with its placeholders filled in: load figures with thousands separated
// ("10,000 concurrent requests"), options as they are, durations with a space ("5 s").
std::string render_headline(const Manifest& manifest, const LoadFigures& load,
                            const Options& options);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_OPTIONS_H_
