#include "harness/report/run_reader.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "harness/report/recorded_files.h"

namespace leakbench {
namespace {

using test_files::RecordedFiles;

std::string refused(const RecordedFiles& files, ExitCode code = ExitCode::kUsage) {
  return test_files::refusal(files.path(), code,
                             [&] { read_complete_repetitions(read_run(files.path())); });
}

TEST(RunReader, GivesBackWhatWasWrittenOfARun) {
  const RecordedFiles files;
  const RecordedRun run = read_run(files.path());
  const RunReport written = sample::run();
  EXPECT_EQ(run.folder, files.path());
  EXPECT_EQ(run.report.id, written.id);
  EXPECT_EQ(run.report.status, RunStatus::kComplete);
  EXPECT_EQ(run.report.started_utc, written.started_utc);
  EXPECT_EQ(run.report.finished_utc, written.finished_utc);
  EXPECT_EQ(run.report.scenario.title, written.scenario.title);
  EXPECT_EQ(run.report.plan.connections, written.plan.connections);
  EXPECT_EQ(run.report.plan.settle_ns, written.plan.settle_ns);
  EXPECT_EQ(run.report.plan.order, written.plan.order);
  ASSERT_EQ(run.report.plan.variants.size(), 2U);
  EXPECT_EQ(run.report.plan.variants[0].expected, VerdictClass::kLingering);
  EXPECT_EQ(run.report.plan.variants[0].variant, "without-context");
  ASSERT_EQ(run.report.repetitions.size(), 2U);
  EXPECT_EQ(run.report.repetitions[1].arm, "without-context");
  EXPECT_EQ(run.report.repetitions[1].file, "reps/002_without-context.json");
  EXPECT_EQ(run.report.repetitions[1].error, std::nullopt);
  ASSERT_EQ(run.report.warnings.size(), 1U);
  EXPECT_EQ(run.report.warnings[0].message, "net.core.somaxconn is 4,096");
}

TEST(RunReader, ASummaryThatIsWrittenAgainIsTheSameText) {
  const RecordedFiles files;
  const RecordedRun run = read_run(files.path());
  ASSERT_TRUE(run.summary.has_value());
  EXPECT_EQ(to_json(*run.summary), to_json(sample::summary()));
}

TEST(RunReader, GivesBackWhatWasWrittenOfARepetition) {
  const RecordedFiles files;
  const auto repetitions = read_complete_repetitions(read_run(files.path()));
  ASSERT_EQ(repetitions.size(), 2U);
  const RepetitionReport& read = repetitions[1];
  const RepetitionReport written = sample::repetition(2, "without-context");
  EXPECT_EQ(read.arm, "without-context");
  ASSERT_EQ(read.phases.size(), written.phases.size());
  EXPECT_EQ(read.phases[2].name, "load");
  EXPECT_EQ(read.phases[2].end_ns, written.phases[2].end_ns);
  EXPECT_EQ(read.metrics[Metric::kLiveTasksAfter], 19'990);
  EXPECT_EQ(read.metrics[Metric::kGcPauseTotalNs], std::nullopt);
  ASSERT_EQ(read.rounds.size(), 1U);
  EXPECT_EQ(read.rounds[0].drained, true);
  EXPECT_EQ(read.live_tasks_baseline, 0);
  EXPECT_EQ(read.response_time.percentiles.size(), 3U);
  EXPECT_EQ(read.samples_file, written.samples_file);
  ASSERT_FALSE(read.leak_sites.empty());
  EXPECT_EQ(read.leak_sites[0].name, "audit");
  EXPECT_EQ(read.leak_sites[0].waits.at("timer"), 19'980);
}

TEST(RunReader, ReadsWhatIsKnownOfASiteAndAVerdictBesidesTheirCounts) {
  const RecordedFiles files;
  files.edit("summary.json", [](auto& document) {
    auto& site = document["arms"][0]["leak_sites"][0];
    site["settled"] = 12;
    site["growth_per_round"] = 1.5;
    site["waits_at"] = {{"function", "recv"}, {"file", "a.cc"}, {"line", 9}};
    site["longest_wait_ns"] = 5'000'000'000;
    site["proven"] = true;
    site["example"] = {"recv", "handle"};
    site["process"] = "api";
    site["allowed_because"] = "a cache";
    auto& verdict = document["arms"][0]["verdict"];
    verdict["strength"] = "growing";
    verdict["growth_per_round"] = 20000;
    verdict["growth_p"] = 0.008;
  });
  const Summary summary = *read_run(files.path()).summary;
  const LeakSite& site = summary.arms[0].leak_sites[0];
  EXPECT_EQ(site.settled, 12);
  EXPECT_EQ(site.growth_per_round, 1.5);
  ASSERT_TRUE(site.waits_at.has_value());
  EXPECT_EQ(site.waits_at->function, "recv");
  EXPECT_EQ(site.waits_at->line, 9);
  EXPECT_EQ(site.longest_wait_ns, 5'000'000'000);
  EXPECT_TRUE(site.proven);
  EXPECT_EQ(site.example, (std::vector<std::string>{"recv", "handle"}));
  EXPECT_EQ(site.process, "api");
  EXPECT_EQ(site.allowed_because, "a cache");
  const Verdict& verdict = summary.arms[0].verdict.verdict;
  EXPECT_EQ(verdict.strength, EvidenceStrength::kGrowing);
  EXPECT_EQ(verdict.growth_per_round, 20000);
  EXPECT_EQ(verdict.growth_p, 0.008);
  EXPECT_EQ(verdict.bytes_per_leaked_task, std::nullopt);
}

TEST(RunReader, PassesOverWhatANewerMinorVersionAdds) {
  const RecordedFiles files;
  files.edit("summary.json", [](auto& document) {
    document["schema_version"] = "1.9.0";
    document["mood"] = "good";
    document["arms"][0]["metrics"]["luck_ratio"] = {{"unit", "ratio"}, {"median", 1}};
    auto row = document["table"][0];
    row["metric"] = "luck_ratio";
    document["table"].push_back(row);
  });
  const Summary summary = *read_run(files.path()).summary;
  EXPECT_EQ(summary.table.size(), sample::summary().table.size());
}

TEST(RunReader, AMetricThatThisVersionAddedWasNotMeasuredByAnOlderOne) {
  const RecordedFiles files;
  files.edit("summary.json",
             [](auto& document) { document["arms"][0]["metrics"].erase("pause_max_ns"); });
  EXPECT_EQ(read_run(files.path()).summary->arms[0].medians[Metric::kPauseMaxNs], std::nullopt);
}

TEST(RunReader, ReadsWhatIsKnownOfAnArmAndOfThePlan) {
  const RecordedFiles files;
  files.edit("run.json", [](auto& document) {
    document["plan"]["most_rounds"] = 9;
    auto& arm = document["plan"]["variants"][0];
    arm["variant"] = "leaky";
    arm["runtime"] = "go";
    arm["build"] = "head";
    arm["manifest"] = "head.json";
  });
  const PlanReport plan = read_run(files.path()).report.plan;
  EXPECT_EQ(plan.most_rounds, 9);
  EXPECT_EQ(plan.variants[0].variant, "leaky");
  EXPECT_EQ(plan.variants[0].runtime, "go");
  EXPECT_EQ(plan.variants[0].build, "head");
  EXPECT_EQ(plan.variants[1].build, "");
  EXPECT_EQ(plan.variants[0].manifest, "head.json");
  EXPECT_EQ(plan.variants[1].manifest, "scenarios/orphaned-task/scenario.json");
}

TEST(RunReader, ReadsWhatTheHarnessGotWrongAboutPlantedLeaks) {
  const RecordedFiles files;
  files.edit("summary.json", [](auto& document) {
    document["control_failures"] = {"no place was found"};
    document["as_expected"] = false;
  });
  const Summary summary = *read_run(files.path()).summary;
  EXPECT_EQ(summary.control_failures, std::vector<std::string>{"no place was found"});
  EXPECT_FALSE(summary.as_expected);
}

TEST(RunReader, ReadsFilesWithoutWhatLaterMinorVersionsAdded) {
  const RecordedFiles files;
  files.edit("run.json", [](auto& document) {
    document["schema_version"] = "1.0.0";
    document["plan"].erase("most_rounds");
    for (auto& arm : document["plan"]["variants"]) {
      for (const char* key : {"variant", "runtime", "build", "manifest"}) arm.erase(key);
    }
  });
  const auto strip = [](auto& report) {
    report["verdict"].erase("strength");
    report.erase("counters");
    report["metrics"].erase("gc_pause_total_ns");
    for (auto& site : report["leak_sites"]) {
      for (const char* key : {"settled", "growth_per_round", "process", "waits_at",
                              "longest_wait_ns", "proven", "example", "allowed_because"}) {
        site.erase(key);
      }
    }
  };
  files.edit("summary.json", [&](auto& document) {
    document["schema_version"] = "1.0.0";
    document.erase("control_failures");
    for (auto& arm : document["arms"]) strip(arm);
  });
  for (const char* file : {"reps/001_with-context.json", "reps/002_without-context.json"}) {
    files.edit(file, strip);
  }
  const RecordedRun run = read_run(files.path());
  EXPECT_EQ(run.report.plan.most_rounds, run.report.plan.rounds);
  EXPECT_EQ(run.report.plan.variants[1].variant, "with-context");
  EXPECT_EQ(run.summary->arms[0].leak_sites.size(), 2U);
  EXPECT_EQ(run.summary->arms[0].leak_sites[0].settled, std::nullopt);
  EXPECT_EQ(read_complete_repetitions(run).size(), 2U);
}

TEST(RunReader, ReadsTheFirstFormatWhichHadTwoColumns) {
  const RecordedFiles files;
  const Summary written = *read_run(files.path()).summary;
  files.edit("summary.json", [](auto& document) {
    document["schema_version"] = "1.0.0";
    document.erase("columns");
    document.erase("warnings");
    for (auto& arm : document["arms"]) arm.erase("counters");
    for (auto& row : document["table"]) {
      row.erase("medians");
      row.erase("changes_percent");
    }
  });
  EXPECT_EQ(to_json(*read_run(files.path()).summary), to_json(written));
}

TEST(RunReader, ReadsCountersOfTheScenariosOwn) {
  const RecordedFiles files;
  files.edit("summary.json", [](auto& document) {
    for (auto& arm : document["arms"]) {
      arm["counters"] = {{{"label", "queries"}, {"unit", "tasks"}, {"median", 2}, {"values", {2}}}};
    }
    document["warnings"] = {"the server was slow"};
    auto row = document["table"][0];
    row["metric"] = nullptr;
    row["label"] = "queries";
    row["unit"] = "tasks";
    row["medians"] = {2, 2};
    row["changes_percent"] = {nullptr, 0};
    document["table"].push_back(row);
  });
  const Summary summary = *read_run(files.path()).summary;
  ASSERT_EQ(summary.arms[0].counters.size(), 1U);
  EXPECT_EQ(summary.arms[0].counters[0].median, 2);
  EXPECT_EQ(summary.table.back().metric, std::nullopt);
  EXPECT_EQ(summary.table.back().label, "queries");
  EXPECT_EQ(summary.table.back().medians, (std::vector<std::optional<double>>{2, 2}));
  EXPECT_EQ(summary.warnings, std::vector<std::string>{"the server was slow"});
}

TEST(RunReader, HoldsCountersAgainstTheRepetitionsAndTheTable) {
  const RecordedFiles files;
  const nlohmann::ordered_json measured = {
      {{"label", "queries"}, {"unit", "tasks"}, {"per_request", 2}}};
  files.set("reps/001_with-context.json", "/counters", measured);
  EXPECT_EQ(refused(files), "summary.json: /arms/1/counters: has 0 counters, repetition 1 has 1");
  files.set("reps/002_without-context.json", "/counters", measured);
  files.edit("summary.json", [](auto& document) {
    for (auto& arm : document["arms"]) {
      arm["counters"] = {{{"label", "queries"}, {"unit", "tasks"}, {"median", 2}, {"values", {2}}}};
    }
    auto row = document["table"][0];
    row.update({{"metric", nullptr}, {"label", "queries"}, {"unit", "tasks"}});
    row["medians"] = {2, 2};
    row["changes_percent"] = {nullptr, 0};
    document["table"].push_back(row);
  });
  const auto repetitions = read_complete_repetitions(read_run(files.path()));
  ASSERT_EQ(repetitions[0].counters.size(), 1U);
  EXPECT_EQ(repetitions[0].counters[0].per_request, 2);
  files.set("reps/001_with-context.json", "/counters/0/per_request", 3);
  EXPECT_EQ(refused(files),
            "summary.json: /arms/1/counters/0/values/0: is 2, its repetition says 3");
  const std::string row = fmt::format("/table/{}", sample::summary().table.size());
  files.set("summary.json", row + "/medians/1", 3);
  EXPECT_EQ(refused(files),
            "summary.json: " + row + ": has 3 for with-context, the median of its arm is 2");
}

TEST(RunReader, ARunThatWasCutShortMayHaveNoSummary) {
  const RecordedFiles files;
  std::filesystem::remove(files.path() / "summary.json");
  EXPECT_EQ(refused(files), files.path().string() + " is complete but has no summary.json");
  files.set("run.json", "/status", "running");
  EXPECT_EQ(read_run(files.path()).summary, std::nullopt);
}

TEST(RunReader, LeavesOutRepetitionsThatAreNotComplete) {
  const RecordedFiles files;
  std::filesystem::remove(files.path() / "summary.json");
  files.edit("run.json", [](auto& document) {
    document["status"] = "failed";
    document["repetitions"][1]["status"] = "failed";
    document["repetitions"][1]["error"] = "the server ended";
    document["repetitions"][1]["file"] = nullptr;
  });
  const RecordedRun run = read_run(files.path());
  EXPECT_EQ(read_complete_repetitions(run).size(), 1U);
  EXPECT_EQ(read_repetition(run, run.report.repetitions[1]), std::nullopt);
  EXPECT_EQ(run.report.repetitions[1].error, "the server ended");
}

TEST(RunReader, SaysWhatIsNoRunFolder) {
  const RecordedFiles files;
  const auto words = [&](const std::string& name) {
    const auto folder = files.path() / name;
    return test_files::refusal(files.path(), ExitCode::kUsage, [&] { read_run(folder); });
  };
  EXPECT_EQ(words("nowhere"),
            "no run folder nowhere: give a folder that leakbench run has written");
  EXPECT_EQ(words("reps"), "reps is not a run folder: it has no run.json");
}

TEST(RunReader, RefusesANewerMajorVersion) {
  for (const std::string file : {"run.json", "summary.json", "reps/001_with-context.json"}) {
    const RecordedFiles files;
    files.set(file, "/schema_version", "2.0.0");
    EXPECT_EQ(refused(files, ExitCode::kNotComparable),
              file +
                  " has schema version 2.0.0, and this leakbench reads 1.x: use the leakbench that "
                  "wrote it");
  }
}

TEST(RunReader, RefusesAFileThatIsNotWhole) {
  for (const std::string file : {"run.json", "summary.json", "reps/002_without-context.json"}) {
    const RecordedFiles files;
    const std::string text = files.text(file);
    for (std::size_t part = 1; part < 20; ++part) {
      files.write(file, text.substr(0, text.size() * part / 20));
      EXPECT_EQ(refused(files).substr(0, file.size() + 6), file + ": line");
    }
    files.write(file, " \n");
    EXPECT_EQ(refused(files),
              "cannot read " + file + ": it is empty, and was thus not written to its end");
    std::filesystem::remove(files.path() / file);
    std::filesystem::create_directory(files.path() / file);
    EXPECT_EQ(refused(files), "cannot read " + file + ": it is a folder");
  }
}

struct Edit {
  std::string file;
  std::string pointer;
  nlohmann::ordered_json value;
  std::string words;  // of the complaint, behind the file
};

TEST(RunReader, NamesWhatWasEditedByHand) {
  const std::vector<Edit> edits = {
      {"run.json", "/schema", "leakbench/summary",
       R"(/schema: must be "leakbench/run", is "leakbench/summary")"},
      {"run.json", "/schema_version", "new",
       R"(/schema_version: must be a version such as "1.0.0", is "new")"},
      {"run.json", "/status", "done",
       R"(/status: must be one of running, complete, failed, interrupted, is "done")"},
      {"run.json", "/plan/rounds", 0, "/plan/rounds: must be at least 1, is 0"},
      {"run.json", "/repetitions/0/file", "../run.json",
       R"(/repetitions/0/file: must be a file in the run's folder, is "../run.json")"},
      {"run.json", "/repetitions/0/file", "/etc/passwd",
       R"(/repetitions/0/file: must be a file in the run's folder, is "/etc/passwd")"},
      {"run.json", "/repetitions/0/file", "reps/../../x.json",
       R"(/repetitions/0/file: must be a file in the run's folder, is "reps/../../x.json")"},
      {"run.json", "/repetitions/0/file", nullptr, ": repetition 1 is complete but has no file"},
      {"run.json", "/profiles/0/kind", "wall",
       R"(/profiles/0/kind: must be cpu or heap, is "wall")"},
      {"run.json", "/profiles/0/profiles/0/moment", "later",
       R"(/profiles/0/profiles/0/moment: must be round, after or settled, is "later")"},
      {"run.json", "/profiles/0/profiles/0/file", "/etc/passwd",
       R"(/profiles/0/profiles/0/file: must be a file in the run's folder, is "/etc/passwd")"},
      {"summary.json", "/run_id", "another",
       R"(/run_id: is "another", run.json says "orphaned-task-20261122T200000Z-1a2b3c")"},
      {"summary.json", "/status", "failed", R"(/status: is "failed", run.json says "complete")"},
      {"summary.json", "/arms/0/repetitions", 3,
       "/arms/0/repetitions: is 3, run.json lists 1 complete ones of without-context"},
      {"summary.json", "/arms/0/metrics/live_tasks_after/median", 5,
       "/arms/0/metrics/live_tasks_after/median: is 5, the values beside it say 19990"},
      {"summary.json",
       "/arms/0/metrics/live_tasks_after/values",
       {1, 2},
       "/arms/0/metrics/live_tasks_after/values: has 2 values of 1 repetitions"},
      {"summary.json", "/table/3/medians/0", nullptr,
       "/table/3: has not measured for without-context, the median of its arm is 19990"},
      {"summary.json",
       "/table/3/medians",
       {1},
       "/table/3: has 1 medians and 2 changes in 2 columns"},
      {"summary.json", "/table/0/unit", "ells",
       R"(/table/0/unit: names no unit that this leakbench knows: "ells")"},
      {"summary.json", "/columns/1/held_against", "other",
       R"(/columns/1/held_against: is no arm of a column before it: "other")"},
      {"summary.json", "/arms/0/verdict/class", "fine",
       R"(/arms/0/verdict/class: must be clean, lingering, leaking or inconclusive, is "fine")"},
      {"summary.json", "/arms/0/verdict/class", "clean",
       R"(/arms/0/verdict/as_expected: contradicts "class" and "expected" beside it)"},
      {"summary.json", "/arms/0/verdict/as_expected", false,
       R"(/arms/0/verdict/as_expected: contradicts "class" and "expected" beside it)"},
      {"summary.json", "/arms/0/name", "another",
       R"(/arms/0/name: is "another", run.json says "without-context")"},
      {"summary.json", "/arms", nlohmann::ordered_json::array(),
       "/arms: has 0 arms, run.json plans 2"},
      {"summary.json", "/as_expected", false,
       "/as_expected: contradicts the verdicts of the arms or the control failures"},
      {"summary.json",
       "/control_failures",
       {"no place was found"},
       "/as_expected: contradicts the verdicts of the arms or the control failures"},
      {"summary.json", "/arms/0/leak_sites/0/live", -1,
       "/arms/0/leak_sites/0/live: must be at least 0, is -1"},
      {"summary.json", "/arms/0/leak_sites/0/live", "many",
       R"(/arms/0/leak_sites/0/live: must be a whole number, is a string ("many"))"},
      {"reps/001_with-context.json", "/metrics/live_tasks_after", 13,
       "summary.json: /arms/1/metrics/live_tasks_after/values/0: is 12, its repetition says 13"},
      {"reps/001_with-context.json", "/metrics/live_tasks_after", nullptr,
       "summary.json: /arms/1/metrics/live_tasks_after/values/0: is 12, its repetition says not "
       "measured"},
      {"reps/001_with-context.json", "/arm", "without-context",
       "/arm: is not what run.json says of this file"},
      {"reps/001_with-context.json", "/phases/0/end_ns", 1,
       "/phases/0/end_ns: must be at least 50000000, is 1"},
      {"reps/001_with-context.json",
       "/response_time/percentiles/0",
       {50},
       "/response_time/percentiles/0: must be a percentile and its value"},
  };
  for (const Edit& edit : edits) {
    const RecordedFiles files;
    files.set(edit.file, edit.pointer, edit.value);
    const std::string separator = edit.words.starts_with("/") ? ": " : "";
    const std::string file = edit.words.starts_with("summary.json") ? "" : edit.file;
    EXPECT_EQ(refused(files), file + separator + edit.words);
  }
}

TEST(RunReader, SeesFiguresThatWereChangedTogether) {
  const RecordedFiles files;
  files.edit("summary.json", [](auto& document) {
    auto& metric = document["arms"][0]["metrics"]["live_tasks_after"];
    metric["median"] = 0;
    metric["values"] = {0};
    for (auto& row : document["table"]) {
      if (row["metric"] == "live_tasks_after") row["medians"][0] = 0;
    }
  });
  EXPECT_EQ(refused(files),
            "summary.json: /arms/0/metrics/live_tasks_after/values/0: is 0, its repetition says "
            "19990");
}

// Makes the first arm's verdict this one everywhere in summary.json.
void claim(const RecordedFiles& files, const std::string& verdict_class) {
  files.edit("summary.json", [&](auto& document) {
    auto& verdict = document["arms"][0]["verdict"];
    verdict["class"] = verdict_class;
    verdict["as_expected"] = verdict_class == "lingering";
    document["as_expected"] = verdict_class == "lingering";
  });
}

TEST(RunReader, SeesAVerdictThatIsNotTheRepetitions) {
  const RecordedFiles files;
  for (const std::string word : {"clean", "inconclusive"}) {
    claim(files, word);
    EXPECT_EQ(refused(files), "summary.json: /arms/0/verdict/class: is " + word +
                                  ", the repetitions say lingering");
  }
}

// Gives the first arm a second repetition, of this class, in every file.
void add_repetition(const RecordedFiles& files, const std::string& verdict_class) {
  auto report = nlohmann::ordered_json::parse(files.text("reps/002_without-context.json"));
  report["index"] = 3;
  report["verdict"]["class"] = verdict_class;
  report["verdict"]["as_expected"] = verdict_class == "lingering";
  files.write("reps/003_without-context.json", report.dump());
  files.edit("run.json", [](auto& document) {
    auto entry = document["repetitions"][1];
    entry["index"] = 3;
    entry["file"] = "reps/003_without-context.json";
    document["repetitions"].push_back(entry);
  });
  files.edit("summary.json", [](auto& document) {
    auto& arm = document["arms"][0];
    arm["repetitions"] = 2;
    for (auto& metric : arm["metrics"]) metric["values"].push_back(metric["values"][0]);
  });
}

TEST(RunReader, TakesRepetitionsThatDisagreeForInconclusiveOnly) {
  const RecordedFiles files;
  add_repetition(files, "clean");
  EXPECT_EQ(refused(files),
            "summary.json: /arms/0/verdict/class: is lingering, the repetitions say inconclusive");
  claim(files, "inconclusive");
  EXPECT_EQ(read_complete_repetitions(read_run(files.path())).size(), 3U);
}

TEST(RunReader, SeesAnotherVerdictExpectedThanThePlans) {
  const RecordedFiles files;
  files.edit("summary.json", [](auto& document) {
    document["arms"][0]["verdict"]["expected"] = "clean";
    document["arms"][0]["verdict"]["as_expected"] = false;
    document["as_expected"] = false;
  });
  EXPECT_EQ(refused(files),
            R"(summary.json: /arms/0/verdict/expected: is "clean", run.json says "lingering")");
}

}  // namespace
}  // namespace leakbench
