#include "harness/cli/init_command.h"

#include <gtest/gtest.h>

#include <fstream>

#include "harness/base/error.h"
#include "harness/cli/example_manifest.h"
#include "harness/target/options.h"
#include "harness/target/test_support.h"

namespace leakbench {
namespace {

constexpr MetricsSourceKind kKinds[] = {MetricsSourceKind::kGo, MetricsSourceKind::kPrometheus,
                                        MetricsSourceKind::kLeakbench, MetricsSourceKind::kNone};

TEST(Init, WritesAManifestOfEachKindThatCanBeRun) {
  for (const MetricsSourceKind kind : kKinds) {
    const Manifest manifest = parse_manifest(example_manifest(kind), "x.json", "/home/me");
    EXPECT_EQ(manifest.runtimes.front().metrics_sources.front().kind, kind);
    EXPECT_EQ(manifest.command.front(), "./my-service");
    EXPECT_EQ(manifest.working_folder, "/home/me/");
    EXPECT_EQ(manifest.load.rounds, 5);
    EXPECT_EQ(manifest.variants.front().expect, Expectation::kClean);
    EXPECT_EQ(has_control_port(manifest), kind != MetricsSourceKind::kNone);
  }
}

TEST(Init, WritesAManifestOfEachKindForAServerThatRuns) {
  for (const MetricsSourceKind kind : kKinds) {
    const Manifest manifest =
        parse_manifest(example_manifest(kind, "http://127.0.0.1:8080"), "x.json");
    EXPECT_EQ(manifest.runtimes.front().metrics_sources.front().kind, kind);
    ASSERT_TRUE(manifest.external.has_value());
    EXPECT_EQ(manifest.external->port, 8080);
  }
}

TEST(Init, WhatItOffersInCommentsCanBeTaken) {
  // Each "// " before a key, and what stands behind the value, goes.
  const std::string text = example_manifest(MetricsSourceKind::kGo, "http://127.0.0.1:8080");
  std::string taken = text;
  for (const char* key : {"\"pid\"", "\"control_port\""}) {
    const std::size_t at = taken.find(std::string("// ") + key);
    ASSERT_NE(at, std::string::npos) << key;
    taken.erase(at, 3);
  }
  const Manifest manifest = parse_manifest(taken, "x.json");
  EXPECT_EQ(manifest.external->pid, 12345);
  EXPECT_EQ(manifest.external->control_port, 6060);
}

// A clean service that nothing looks into is not found to be clean.
TEST(Init, SaysThatNothingIsConcludedWithoutASource) {
  for (const MetricsSourceKind kind : kKinds) {
    for (const char* url : {"", "http://127.0.0.1:8080"}) {
      const std::string text = example_manifest(kind, url);
      EXPECT_EQ(text.find("\"inconclusive\", and with exit status 4") != std::string::npos,
                kind == MetricsSourceKind::kNone);
    }
  }
}

TEST(Init, OffersNoEnvironmentToAServerThatRuns) {
  for (const MetricsSourceKind kind : kKinds) {
    EXPECT_NE(example_manifest(kind).find("\"environment\""), std::string::npos);
    EXPECT_EQ(example_manifest(kind, "http://127.0.0.1:8080").find("\"environment\""),
              std::string::npos);
  }
}

TEST(Init, NeverOverwritesUnlessForced) {
  const TemporaryFolder folder;
  const auto file = folder / "mine.json";
  write_manifest(file, "first", false);
  EXPECT_EQ(error_of([&] { write_manifest(file, "second", false); }, ExitCode::kUsage),
            file.string() + " is there already: give another name, or --force to overwrite it");
  EXPECT_EQ(file_content(file), "first");
  write_manifest(file, "second", true);
  EXPECT_EQ(file_content(file), "second");
  std::filesystem::create_symlink("nowhere", folder / "dangling.json");
  error_of([&] { write_manifest(folder / "dangling.json", "x", false); }, ExitCode::kUsage);
}

TEST(Init, SaysWhyItCannotWrite) {
  const TemporaryFolder folder;
  EXPECT_EQ(error_of([&] { write_manifest("mine.yaml", "x", false); }, ExitCode::kUsage),
            "the file of a manifest ends in .json, which \"mine.yaml\" does not");
  error_of([&] { write_manifest(folder / "none" / "mine.json", "x", false); }, ExitCode::kUsage);
}

TEST(Init, QuotesFilesForAShell) {
  EXPECT_EQ(shell_word("a/b-c.json"), "a/b-c.json");
  EXPECT_EQ(shell_word("my file.json"), "'my file.json'");
  EXPECT_EQ(shell_word("it's.json"), "'it'\\''s.json'");
}

}  // namespace
}  // namespace leakbench
