#include "harness/report/run_text.h"

#include <gtest/gtest.h>

#include "harness/report/recorded_files.h"
#include "harness/report/table_text.h"

namespace leakbench {
namespace {

using test_files::RecordedFiles;

std::string text_of(const RecordedFiles& files, Colour colour = Colour::kNever) {
  const RecordedRun run = read_run(files.path());
  std::vector<RepetitionTimeline> repetitions;
  for (RepetitionReport& report : read_complete_repetitions(run)) {
    const std::int64_t load = report.phases[2].start_ns;
    const std::int64_t live = report.arm == kWithContext ? 12 : 19'990;
    repetitions.push_back({std::move(report), {{load, live}, {load + 5'000'000'000, 0}}});
  }
  return run_text(run, repetitions, colour);
}

TEST(RunText, SaysEverythingFromTheTableToTheFolder) {
  const RecordedFiles files;
  const std::string text = text_of(files);
  EXPECT_TRUE(text.starts_with(table_text(sample::summary(), Colour::kNever))) << text;
  for (const std::string part :
       {"\n\nwithout-context: lingering, as expected. 19,990 tasks were alive",
        "\n\nLive tasks, 0 to 19,990, in the 9 s from the first request on\nwithout-context   ███",
        "\n\nwithout-context: 19,980 alive at the last response, started at "
        "scenarios/orphaned-task/server.cc:60 (audit)\n    waiting for a timer\n",
        "\n\nCPU of without-context, over the round: 100 ms "
        "(profiles/003_without-context.cpu.prof)\n"
        "   self            with callees            function\n"
        "  72 ms   72.0 %          72 ms   72.0 %   crunch (inline)\n",
        "\n\nLive heap of without-context, at the last response\n"
        "  profiles/004_without-context.after.heap.prof: google-pprof is not installed\n",
        "\n\norphaned-task-20261122T200000Z-1a2b3c of 2026-11-22T20:00:00Z: complete, leakbench "
        "0.1.0, in ",
        "\nwarning: net.core.somaxconn is 4,096\n"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\nnot in:\n" << text;
  }
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(text_of(files, Colour::kAlways).find("\x1b[1m"), std::string::npos);
}

TEST(RunText, SaysWhatTheHarnessGotWrongAndWhatItWarnedOf) {
  const RecordedFiles files;
  files.edit("summary.json", [](auto& document) {
    document["control_failures"] = {"with-context was not measured"};
    document["as_expected"] = false;
    document["warnings"] = {"with-context: no /metrics"};
  });
  const std::string text = text_of(files);
  for (const std::string part : {"\nharness broken: with-context was not measured\n",
                                 "\nwarning: with-context: no /metrics\n"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\nnot in:\n" << text;
  }
}

TEST(RunText, SaysWhichProfilesDidNotEndWell) {
  const RecordedFiles files;
  files.edit("run.json", [](auto& document) {
    document["profiles"][0]["status"] = "failed";
    document["profiles"][0]["error"] = "the server ended";
    document["profiles"][1]["status"] = "planned";
  });
  const std::string text = text_of(files);
  EXPECT_EQ(text.find("CPU of"), std::string::npos);
  EXPECT_NE(text.find("\ncpu profile of without-context failed: the server ended\n"
                      "heap profile of without-context planned\n"),
            std::string::npos)
      << text;
}

TEST(RunText, OfARunThatWasCutShortGivesTheVerdictOfEachRepetition) {
  RecordedFiles files;
  std::filesystem::remove(files.path() / "summary.json");
  files.edit("run.json", [](auto& document) {
    document["status"] = "failed";
    document["repetitions"][1]["status"] = "failed";
    document["repetitions"][1]["error"] = "the server ended";
    document["repetitions"][1]["file"] = nullptr;
  });
  const std::string text = text_of(files);
  for (const std::string part :
       {"There is no summary.json: the run was cut short.\n1 with-context: ",
        "without-context   not measured\n", "failed, 1 of 2 repetitions, leakbench",
        "\nrepetition 2 (without-context) failed: the server ended\n"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\nnot in:\n" << text;
  }
}

}  // namespace
}  // namespace leakbench
