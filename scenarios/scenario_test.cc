#include "scenarios/scenario.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

using namespace std::chrono_literals;
using Given = std::map<std::string, std::string>;

std::string error_of(auto call) {
  try {
    call();
  } catch (const OptionError& e) {
    return e.what();
  }
  return "no error";
}

TEST(ScenarioBuilder, GivesTheDefaultOrWhatWasGiven) {
  ScenarioBuilder builder(Given{{"step", "20ms"}});
  EXPECT_EQ(builder.duration("job-duration", "5s", "how long"), 5s);
  EXPECT_EQ(builder.duration("step", "100ms", "how often"), 20ms);
  EXPECT_EQ(builder.count("payload", "4096", 8'192, "bytes"), 4096);
  EXPECT_EQ(builder.choice("kind", "mutex", {"select", "mutex"}, "what"), "mutex");
  ASSERT_EQ(builder.options().size(), 4u);
  EXPECT_EQ(builder.options()[1].fallback, "100ms");
  EXPECT_EQ(builder.options()[3].help, "what: select, mutex");
}

TEST(ScenarioBuilder, CountersHaveNamesThatAreTheScenariosOwn) {
  ScenarioBuilder builder(Given{});
  builder.counter("retries_total", "Calls made again.")->add(3);
  ASSERT_EQ(builder.counters().size(), 1u);
  EXPECT_EQ(builder.counters()[0]->name(), "leakbench_scenario_retries_total");
  EXPECT_EQ(builder.counters()[0]->help(), "Calls made again.");
  EXPECT_EQ(builder.counters()[0]->value(), 3);
}

TEST(ScenarioBuilder, CountsInThousandths) {
  const auto read = [](const std::string& text) {
    return ScenarioBuilder(Given{{"share", text}}).thousandths("share", "5", 1'000, "");
  };
  EXPECT_EQ(ScenarioBuilder(Given{}).thousandths("share", "0.25", 1'000, ""), 250);
  EXPECT_EQ(read("5"), 5'000);
  EXPECT_EQ(read("0.1"), 100);
  EXPECT_EQ(read("12.345"), 12'345);
  EXPECT_EQ(read("1000"), 1'000'000);
  EXPECT_EQ(read("0"), 0);
  for (const char* text : {"", "-1", "+1", "1000.001", "0.0001", "1.", ".5", "1.2.3", "1e3", "1,5",
                           "0.-1", "-0.5", "0. 1", "99999999999999999999", "9223372036854775807"}) {
    EXPECT_EQ(error_of([&] { read(text); }),
              "--share must be a number of at most 1000 with at most 3 decimals such as 5, is \"" +
                  std::string(text) + "\"");
  }
}

TEST(ScenarioBuilder, SaysWhichOptionIsWrongAndWhatWouldBeRight) {
  ScenarioBuilder builder(Given{
      {"step", "soon"}, {"payload", "4k"}, {"work", "-1"}, {"passes", "11"}, {"kind", "Mutex"}});
  EXPECT_EQ(error_of([&] { builder.duration("step", "100ms", ""); }),
            "--step must be a duration such as 100ms, is \"soon\"");
  EXPECT_EQ(error_of([&] { builder.count("payload", "4096", 8'192, ""); }),
            "--payload must be a whole number of at most 8192 such as 4096, is \"4k\"");
  EXPECT_EQ(error_of([&] { builder.count("work", "1", 10, ""); }),
            "--work must be a whole number of at most 10 such as 1, is \"-1\"");
  EXPECT_EQ(error_of([&] { builder.count("passes", "1", 10, ""); }),
            "--passes must be a whole number of at most 10 such as 1, is \"11\"");
  EXPECT_EQ(error_of([&] {
              builder.choice("kind", "mutex", {"select", "mutex"}, "");
            }),
            "--kind must be one of select, mutex, is \"Mutex\"");
}

TEST(ScenarioBuilder, NamesWhatThereIsWhenAskedForWhatThereIsNot) {
  ScenarioBuilder builder(Given{{"stop", "1s"}});
  builder.duration("step", "100ms", "");
  builder.variant("with-context", {});
  builder.variant("without-context", {});
  EXPECT_EQ(error_of([&] { builder.refuse_unknown_options(); }),
            "unknown option --stop; this scenario has --step");
  EXPECT_EQ(error_of([&] { builder.find_variant("with"); }),
            "no variant \"with\"; this scenario has with-context, without-context");
  EXPECT_EQ(error_of([&] { builder.find_variant(""); }),
            "--variant is missing; this scenario has with-context, without-context");
  EXPECT_EQ(builder.find_variant("with-context").name, "with-context");
}

}  // namespace
}  // namespace leakbench
