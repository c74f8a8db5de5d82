// What the readers of a manifest's parts share. Internal to the parser.
#ifndef LEAKBENCH_HARNESS_TARGET_MANIFEST_PIECES_H_
#define LEAKBENCH_HARNESS_TARGET_MANIFEST_PIECES_H_

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/target/json_view.h"
#include "harness/target/manifest.h"
#include "harness/target/wording.h"

namespace leakbench {

template <typename Value>
using Choices = std::vector<std::pair<std::string, Value>>;

template <typename Value>
Value read_choice(const JsonView& view, const Choices<Value>& choices) {
  const std::string text = view.text();
  std::vector<std::string> names;
  for (const auto& [name, value] : choices) {
    if (name == text) return value;
    names.push_back(name);
  }
  view.fail(fmt::format("must be one of {}, is {}", listed(names), in_quotes(text)));
}

// Scenario, variant and arm names become parts of file names in the results folder.
std::string read_name(const JsonView& view);

// A path on a server, with its query.
std::string read_request_target(const JsonView& view);

// The words of a command line, at least one.
std::vector<std::string> read_command(const JsonView& view);

// Environment variables by name.
std::map<std::string, std::string> read_environment(const JsonView& view);

// A source as its name alone, an object, or an array of them.
std::vector<MetricsSourceSpec> read_metrics_sources(const JsonView& view);

// Fills in what runs and how it is looked into: from `command`, `services`, `environment`,
// `working_folder`, `options`, `url`, `pid`, `control_port`, `metrics_source`, `runtimes` and
// `ready`. A relative working folder starts at `folder`.
void read_target(const JsonView& document, const std::filesystem::path& folder, Manifest* manifest);

// Fills in what is asked of it: from `request` or `requests`, and `load`.
void read_load_parts(const JsonView& document, Manifest* manifest);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_MANIFEST_PIECES_H_
