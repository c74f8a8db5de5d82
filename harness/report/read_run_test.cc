#include "harness/report/read_run.h"

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/report/sample_reports.h"
#include "harness/report/test_files.h"

namespace leakbench {
namespace {

using nlohmann::json;
using test_files::read_file;
using test_files::TemporaryFolder;
using test_files::write_file;

constexpr const char* kWith = "reps/001_with-context.json";

// A run as leakbench writes it, in a folder that goes away.
class ReadRun : public testing::Test {
 protected:
  void SetUp() override {
    write_file(folder_.path() / "run.json", to_json(sample::run()));
    write_file(folder_.path() / "summary.json", to_json(sample::summary()));
    write_file(folder_.path() / kWith, to_json(sample::repetition(1, "with-context")));
    write_file(folder_.path() / "reps/002_without-context.json",
               to_json(sample::repetition(2, "without-context")));
  }

  FinishedRun read() const { return read_run(folder_.path()); }

  void edit(const char* name, const std::function<void(json&)>& change) const {
    json document = json::parse(read_file(folder_.path() / name));
    change(document);
    write_file(folder_.path() / name, document.dump());
  }

  void expect_refusal(ExitCode code, const std::string& words) const {
    try {
      (void)read();
      ADD_FAILURE() << "accepted, but should say: " << words;
    } catch (const Error& error) {
      EXPECT_EQ(error.exit_code(), code) << error.what();
      EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    }
  }

  TemporaryFolder folder_;
};

TEST_F(ReadRun, GivesEachArmsMediansVerdictAndSites) {
  const FinishedRun run = read();
  EXPECT_EQ(run.id, sample::run().id);
  EXPECT_EQ(run.scenario, "orphaned-task");
  EXPECT_TRUE(run.complete);
  EXPECT_TRUE(run.problems.empty());
  ASSERT_EQ(run.arms.size(), 2U);
  const FinishedArm& arm = run.arms[0];
  EXPECT_EQ(arm.name, "without-context");
  EXPECT_EQ(arm.repetitions, 1U);
  EXPECT_EQ(arm.medians[Metric::kLiveTasksAfter], 19'990);
  EXPECT_EQ(arm.medians[Metric::kGcPauseTotalNs], std::nullopt);
  EXPECT_EQ(arm.verdict.verdict.verdict_class, VerdictClass::kLingering);
  EXPECT_TRUE(arm.verdict.as_expected());
  EXPECT_EQ(arm.settled_at_sites, 0);
  ASSERT_EQ(arm.leak_sites.size(), 2U);
  EXPECT_EQ(arm.leak_sites[0].name, "audit");
  EXPECT_EQ(arm.leak_sites[0].live, 19'980);
  EXPECT_EQ(arm.leak_sites[0].waits.at("timer"), 19'980);
}

TEST_F(ReadRun, GivesAllThatIsKnownOfASite) {
  edit("summary.json", [](json& summary) {
    json& site = summary["arms"][0]["leak_sites"][0];
    site["settled"] = 7;
    site["growth_per_round"] = 1.5;
    site["process"] = "payment";
    site["waits_at"] = {{"function", "main.push"}, {"file", "queue.go"}, {"line", 29}};
    site["longest_wait_ns"] = 12;
    site["proven"] = true;
    site["example"] = {"main.push queue.go:29"};
    site["allowed_because"] = "known";
  });
  const LeakSite site = read().arms[0].leak_sites[0];
  EXPECT_EQ(site.settled, 7);
  EXPECT_EQ(site.growth_per_round, 1.5);
  EXPECT_EQ(site.process, "payment");
  EXPECT_EQ(site.waits_at->line, 29);
  EXPECT_EQ(site.longest_wait_ns, 12);
  EXPECT_TRUE(site.proven);
  EXPECT_EQ(site.example.size(), 1U);
  EXPECT_EQ(site.allowed_because, "known");
}

TEST_F(ReadRun, ReadsFilesOfAnOlderMinorVersion) {
  edit("summary.json", [](json& summary) {
    summary["schema_version"] = "1.0.0";
    for (json& arm : summary["arms"]) {
      arm["verdict"].erase("strength");
      arm["metrics"].erase("gc_pause_total_ns");
      for (json& site : arm["leak_sites"]) {
        for (const char* key : {"settled", "growth_per_round", "process", "waits_at",
                                "longest_wait_ns", "proven", "example", "allowed_because"}) {
          site.erase(key);
        }
      }
    }
  });
  EXPECT_EQ(read().arms.size(), 2U);
}

TEST_F(ReadRun, SaysWhatIsMissingOfARunThatFailed) {
  edit("run.json", [](json& run) {
    run["status"] = "failed";
    run["repetitions"][1]["status"] = "failed";
    run["repetitions"][1]["error"] = "the server exited with status 1";
  });
  edit("summary.json", [](json& summary) {
    summary["status"] = "failed";
    json& arm = summary["arms"][0];
    arm["repetitions"] = 0;
    arm["verdict"]["class"] = "inconclusive";
    arm["verdict"]["as_expected"] = false;
    for (auto& [name, metric] : arm["metrics"].items()) {
      metric["values"] = json::array();
      metric["median"] = nullptr;
    }
  });
  const FinishedRun run = read();
  EXPECT_FALSE(run.complete);
  EXPECT_EQ(run.problems,
            (std::vector<std::string>{
                "the run is failed",
                "repetition 2 (without-context) is failed: the server exited with status 1"}));
  EXPECT_EQ(run.arms[0].repetitions, 0U);
  EXPECT_EQ(run.arms[0].settled_at_sites, std::nullopt);
}

TEST_F(ReadRun, OfARunThatNeverEndedIsIncomplete) {
  edit("run.json", [](json& run) { run["status"] = "running"; });
  std::filesystem::remove(folder_.path() / "summary.json");
  expect_refusal(ExitCode::kIncomplete, "the run is running and has no summary.json");
}

TEST_F(ReadRun, RefusesWhatIsNoRun) {
  std::filesystem::remove(folder_.path() / "run.json");
  expect_refusal(ExitCode::kUsage, "run.json: No such file");
  EXPECT_THROW((void)read_run(folder_.path() / "none"), Error);
}

TEST_F(ReadRun, RefusesANewerMajorVersionOfAnyFile) {
  edit("summary.json", [](json& summary) { summary["schema_version"] = "2.0.0"; });
  expect_refusal(ExitCode::kNotComparable, "has schema version 2.0.0");
  SetUp();
  edit(kWith, [](json& repetition) { repetition["schema_version"] = "3.0.0"; });
  expect_refusal(ExitCode::kNotComparable, "reps/001_with-context.json");
}

TEST_F(ReadRun, RefusesFilesThatAreCutOffAnywhere) {
  for (const char* name : {"run.json", "summary.json", kWith}) {
    const std::string whole = read_file(folder_.path() / name);
    for (std::size_t part = 0; part < 20; ++part) {
      write_file(folder_.path() / name, whole.substr(0, whole.size() * part / 20));
      expect_refusal(ExitCode::kUsage, name);
    }
    write_file(folder_.path() / name, whole);
  }
}

TEST_F(ReadRun, SeesFiguresThatWereChangedByHand) {
  const auto refuses = [&](const char* name, const std::function<void(json&)>& change,
                           const std::string& words) {
    SetUp();
    edit(name, change);
    expect_refusal(ExitCode::kUsage, words);
  };
  refuses(
      "summary.json", [](json& s) { s["arms"][0]["metrics"]["live_tasks_after"]["median"] = 0; },
      "/arms/0/metrics/live_tasks_after/median: does not agree with the values beside it");
  refuses(
      "summary.json",
      [](json& s) {
        s["arms"][0]["metrics"]["live_tasks_after"]["median"] = 0;
        s["arms"][0]["metrics"]["live_tasks_after"]["values"] = {0};
      },
      "/arms/0/metrics/live_tasks_after/values/0: does not agree with its repetition");
  refuses(
      "summary.json", [](json& s) { s["arms"][0]["metrics"]["cpu_percent"]["values"].clear(); },
      "does not agree with the complete repetitions");
  refuses(
      "summary.json", [](json& s) { s["arms"][0]["verdict"]["as_expected"] = false; },
      "/arms/0/verdict/as_expected: does not agree");
  refuses(
      "summary.json",
      [](json& s) {
        s["arms"][0]["verdict"]["class"] = "clean";
        s["arms"][0]["verdict"]["as_expected"] = false;
      },
      "/arms/0/verdict/class: does not agree with the verdicts of the repetitions");
  refuses(
      "summary.json",
      [](json& s) {
        s["arms"][0]["verdict"]["expected"] = "clean";
        s["arms"][0]["verdict"]["as_expected"] = false;
      },
      "/arms/0/verdict/expected: does not agree with run.json");
  refuses(
      "summary.json", [](json& s) { s["run_id"] = "another"; }, "/run_id: does not agree");
  refuses(
      kWith, [](json& r) { r["arm"] = "without-context"; }, "/arm: does not agree");
  refuses(
      kWith, [](json& r) { r["metrics"]["live_tasks_after"] = 13; },
      "does not agree with its repetition");
}

TEST_F(ReadRun, RefusesValuesOfTheWrongType) {
  edit("summary.json", [](json& s) { s["arms"][0]["leak_sites"][0]["live"] = "many"; });
  expect_refusal(ExitCode::kUsage,
                 "summary.json: /arms/0/leak_sites/0/live: must be a whole number");
}

TEST_F(ReadRun, FollowsNoNameOutOfTheFolder) {
  for (const char* name : {"../secret.json", "/etc/passwd", "reps/../../x.json"}) {
    edit("run.json", [&](json& run) { run["repetitions"][0]["file"] = name; });
    expect_refusal(ExitCode::kUsage, "leads out of the run's folder");
  }
}

}  // namespace
}  // namespace leakbench
