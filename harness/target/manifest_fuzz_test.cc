// Whatever is in a manifest, reading it gives a manifest or an Error of one line: never a crash,
// another exception, or undefined behaviour (the sanitizer builds run this too).
#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/target/manifest_load.h"
#include "harness/target/options.h"
#include "harness/target/test_manifest.h"
#include "runtime/testing/damage.h"

namespace leakbench {
namespace {

constexpr std::string_view kTokens[] = {
    "{",      "}",     "[",     "]", "\"",   "null", "-1", "1e308",         "\\u0000",         "{{",
    "{port}", "1e999", "\"\":", ",", "\xff", "//",   "/*", "20%@half-sent", "http://127.0.0.1"};

const std::vector<nlohmann::json>& other_values() {
  static const std::vector<nlohmann::json> kValues = {
      nullptr,
      true,
      0,
      -1,
      1.5,
      1e300,
      18446744073709551615u,
      "",
      "x",
      "{",
      "}}",
      "{job-duration}",
      "{step}",
      "24h",
      "9e18ns",
      "-5s",
      "/",
      std::string(5'000, 'a'),
      std::string("\0", 1),
      nlohmann::json::array(),
      nlohmann::json::object(),
      {{"name", "x"}},
      {1, 2, 3},
      {404, 504},
      {"20%@never-read"},
      "http://127.0.0.1:1",
      "http://10.0.0.1:1",
      "{port:user}",
      "{server}",
      "go",
      {{"kind", "go"}},
      nlohmann::json::parse(R"([{"name":"a","expect":"clean"}])")};
  return kValues;
}

constexpr const char* kManifests[] = {kValidManifest, kManifestOfSeveralProcesses, kManifestOfAUrl};
constexpr unsigned kRuns = 1'500;  // of each

// True when the text was accepted.
bool read_and_use(const std::string& text) {
  try {
    const Manifest manifest = parse_manifest(text, "fuzz.json");
    CommandValues values;
    values.options = effective_options(manifest, {});
    values.server = manifest.runtimes.front().server;
    for (const ServiceSpec& service : manifest.services) values.services[service.name] = {1, 2};
    EXPECT_EQ(expand_command(manifest, values).empty(), manifest.external.has_value());
    for (const ServiceSpec& service : manifest.services) {
      EXPECT_FALSE(expand_command(manifest, values, service).empty());
    }
    expand_environment(manifest, values);
    check_plan(make_load_plan(manifest, manifest.load, {.port = 1}, 1));
    EXPECT_GE(settle_window(manifest, values.options), manifest.settle.linger_after);
    render_headline(manifest, manifest.load, values.options);
    return true;
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::kUsage);
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << text;
    return false;
  }
}

TEST(ManifestFuzz, MutatedTextsGiveAManifestOrAnError) {
  for (const char* valid : kManifests) {
    int accepted = 0;
    for (unsigned seed = 0; seed < kRuns; ++seed) {
      Dice dice(seed);
      accepted += read_and_use(damaged(valid, dice, kTokens));
    }
    // Some mutations must get through and most must not: else the mutator tests nothing.
    EXPECT_GT(accepted, 5);
    EXPECT_LT(accepted, 750);
  }
}

TEST(ManifestFuzz, MutatedValuesGiveAManifestOrAnError) {
  for (const char* valid : kManifests) {
    int accepted = 0;
    for (unsigned seed = 0; seed < kRuns; ++seed) {
      nlohmann::json document = nlohmann::json::parse(patched_manifest("{}", valid));
      Dice dice(seed);
      for (std::size_t edits = 1 + dice.below(3); edits > 0; --edits) {
        document = with_another_value<nlohmann::json>(document, dice, other_values());
      }
      accepted += read_and_use(document.dump());
    }
    EXPECT_GT(accepted, 5);
    EXPECT_LT(accepted, 750);
  }
}

TEST(ManifestFuzz, DeepNestingIsRefusedBeforeItHurts) {
  EXPECT_FALSE(read_and_use(std::string(500'000, '[')));
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_FALSE(read_and_use(objects));
}

}  // namespace
}  // namespace leakbench
