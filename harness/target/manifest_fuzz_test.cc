// Whatever is in a manifest, reading it gives a manifest or an Error of one line: never a crash,
// another exception, or undefined behaviour (the sanitizer builds run this too).
#include <gtest/gtest.h>

#include <random>

#include "harness/base/error.h"
#include "harness/target/manifest_load.h"
#include "harness/target/options.h"
#include "harness/target/test_manifest.h"

namespace leakbench {
namespace {

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
  }

  // A few edits of the text, as a slip of the hand or a broken file makes them.
  std::string text(std::string text) {
    for (std::size_t edits = 1 + below(4); edits > 0 && !text.empty(); --edits) {
      const std::size_t at = below(text.size());
      const std::size_t length = 1 + below(std::min<std::size_t>(20, text.size() - at));
      switch (below(5)) {
        case 0:
          text[at] = static_cast<char>(below(256));
          break;
        case 1:
          text.erase(at, length);
          break;
        case 2:
          text.insert(at, text.substr(below(text.size()), length));
          break;
        case 3:
          text.resize(at);
          break;
        default: {
          static constexpr const char* kTokens[] = {"{",
                                                    "}",
                                                    "[",
                                                    "]",
                                                    "\"",
                                                    "null",
                                                    "-1",
                                                    "1e308",
                                                    "\\u0000",
                                                    "{{",
                                                    "{port}",
                                                    "1e999",
                                                    "\"\":",
                                                    ",",
                                                    "\xff",
                                                    "//",
                                                    "/*",
                                                    "20%@half-sent",
                                                    "http://127.0.0.1"};
          text.insert(at, kTokens[below(std::size(kTokens))]);
        }
      }
    }
    return text;
  }

  // Still JSON, but one value somewhere is another one.
  nlohmann::json value(nlohmann::json document) {
    nlohmann::json* at = &document;
    while (at->is_structured() && !at->empty() && below(4) != 0) {
      auto child = at->begin();
      std::advance(child, static_cast<long>(below(at->size())));
      at = &*child;
    }
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
    *at = kValues[below(kValues.size())];
    return document;
  }

 private:
  std::mt19937 random_;
};

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
      accepted += read_and_use(Mutator(seed).text(valid));
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
      Mutator mutator(seed);
      for (std::size_t edits = 1 + mutator.below(3); edits > 0; --edits) {
        document = mutator.value(document);
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
