#include "harness/probe/prometheus_selector.h"

#include <gtest/gtest.h>

#include <random>

namespace leakbench {
namespace {

using Labels = std::map<std::string, std::string>;

constexpr const char* kExposition =
    "jvm_memory_used_bytes{area=\"heap\",id=\"Eden\"} 100\n"
    "jvm_memory_used_bytes{id=\"Old, \\\"G1\\\"\",area=\"heap\",} 20\n"
    "jvm_memory_used_bytes{area=\"nonheap\",id=\"Metaspace\"} 3\n"
    "jvm_memory_used_bytes_max 7\n"
    "threads 5\n"
    "threads{state=\"x\"} 6\n"
    "broken{value=\"a\"} NaN\n"
    "broken{value=\"b\"} 1\n";

TEST(PrometheusSelector, IsReadAsASeriesIsWritten) {
  const auto bare = parse_prometheus_selector("go_goroutines");
  ASSERT_TRUE(bare.has_value());
  EXPECT_EQ(bare->name, "go_goroutines");
  EXPECT_EQ(bare->labels, Labels{});
  const auto labelled = parse_prometheus_selector(R"( ns:x { a = "1" ,b="q\"\\\n{}," , } )");
  ASSERT_TRUE(labelled.has_value());
  EXPECT_EQ(labelled->name, "ns:x");
  EXPECT_EQ(labelled->labels, (Labels{{"a", "1"}, {"b", "q\"\\\n{},"}}));
  EXPECT_EQ(parse_prometheus_selector("x{}")->labels, Labels{});
}

TEST(PrometheusSelector, OtherTextsAreNone) {
  for (const char* text : {"", " ", "1a", "{a=\"b\"}", "x{", "x{a}", "x{a=}", "x{a=b}", "x{a=\"b}",
                           "x{a=\"b\"", "x{a=\"b\" c=\"d\"}", "x{,}", "x{a=\"b\"} 5", "x y",
                           "x{a=\"b\\", "x{=\"b\"}", "sum(x)", "x[5m]"}) {
    EXPECT_FALSE(parse_prometheus_selector(text).has_value()) << text;
  }
}

TEST(PrometheusSelector, SumsTheSeriesThatCarryItsLabelsInAnyOrder) {
  const PrometheusSeries series = parse_prometheus_text(kExposition);
  EXPECT_EQ(sum_of_series(series, "jvm_memory_used_bytes"), 123);
  EXPECT_EQ(sum_of_series(series, "jvm_memory_used_bytes{area=\"heap\"}"), 120);
  EXPECT_EQ(sum_of_series(series, "jvm_memory_used_bytes{id=\"Eden\",area=\"heap\"}"), 100);
  EXPECT_EQ(sum_of_series(series, "jvm_memory_used_bytes{id=\"Old, \\\"G1\\\"\"}"), 20);
  EXPECT_EQ(sum_of_series(series, "threads"), 11);
  EXPECT_EQ(sum_of_series(series, "threads{state=\"x\"}"), 6);
}

TEST(PrometheusSelector, WhatIsNotThereHasNoSum) {
  const PrometheusSeries series = parse_prometheus_text(kExposition);
  for (const char* selector :
       {"jvm_memory_used", "jvm_memory_used_bytes{area=\"h\"}", "threads{state=\"x\",a=\"\"}",
        "threads{other=\"x\"}", "broken", "broken{value=\"a\"}", "not a selector"}) {
    EXPECT_EQ(sum_of_series(series, selector), std::nullopt) << selector;
  }
  EXPECT_EQ(sum_of_series(series, "broken{value=\"b\"}"), 1);
}

// Seeded and so repeatable; the sanitizer builds run it too.
TEST(PrometheusSelectorFuzz, DamagedSelectorsAreReadOrAreNone) {
  const std::string valid = R"(jvm_memory_used_bytes{area="heap",id="Old, \"G1\"",x = "\n\\"})";
  const std::string alphabet("ab_{}\"\\,= 1:\n\t\xff\0", 17);
  const PrometheusSeries series = parse_prometheus_text(kExposition);
  int read = 0;
  for (unsigned seed = 0; seed < 20'000; ++seed) {
    std::mt19937 random(seed);
    std::string text = valid;
    for (unsigned edits = random() % 4; edits > 0 && !text.empty(); --edits) {
      const std::size_t at = random() % text.size();
      switch (random() % 3) {
        case 0:
          text[at] = alphabet[random() % alphabet.size()];
          break;
        case 1:
          text.insert(at, 1, alphabet[random() % alphabet.size()]);
          break;
        default:
          text.erase(at, 1 + random() % 10);
      }
    }
    // A copy of exactly that size: reading past it is reading past an allocation.
    const auto selector = parse_prometheus_selector(std::string(text.begin(), text.end()));
    read += selector.has_value();
    EXPECT_FALSE(selector && selector->name.empty()) << text;
    const auto sum = sum_of_series(series, text);
    EXPECT_TRUE(!sum || *sum <= 123) << text;
  }
  EXPECT_GT(read, 6'000);
  EXPECT_LT(read, 17'000);
}

}  // namespace
}  // namespace leakbench
