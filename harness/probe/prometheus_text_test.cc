#include "harness/probe/prometheus_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace leakbench {
namespace {

TEST(PrometheusText, ReadsNamesLabelsAndValues) {
  const PrometheusSeries series = parse_prometheus_text(
      "# HELP live_tasks Tasks that run now\n"
      "# TYPE live_tasks gauge\n"
      "live_tasks 20000\n"
      "\n"
      "  requests_total { code=\"200\" } \t 7 1395066363000\r\n"
      "requests_total{code=\"500\",method=\"GET\"} 1.5e3 # {trace=\"x\"} 0.5\n"
      "empty_labels{} 3\n"
      "ns:recorded -2.5");
  EXPECT_EQ(series.size(), 5u);
  EXPECT_EQ(series.at("live_tasks"), 20'000);
  EXPECT_EQ(series.at("requests_total{ code=\"200\" }"), 7);
  EXPECT_EQ(series.at("requests_total{code=\"500\",method=\"GET\"}"), 1'500);
  EXPECT_EQ(series.at("empty_labels"), 3);
  EXPECT_EQ(series.at("ns:recorded"), -2.5);
}

TEST(PrometheusText, ALabelMayHoldBracesQuotesAndBlanks) {
  const PrometheusSeries series =
      parse_prometheus_text("x{path=\"/a} 9\",q=\"say \\\"hi\\\" \\\\\"} 4\n");
  ASSERT_EQ(series.size(), 1u);
  EXPECT_EQ(series.begin()->second, 4);
}

TEST(PrometheusText, ReadsInfinityAndNotANumber) {
  const PrometheusSeries series = parse_prometheus_text("a +Inf\nb -Inf\nc NaN\n");
  EXPECT_EQ(series.at("a"), INFINITY);
  EXPECT_EQ(series.at("b"), -INFINITY);
  EXPECT_TRUE(std::isnan(series.at("c")));
}

TEST(PrometheusText, TheLastValueOfASeriesCounts) {
  EXPECT_EQ(parse_prometheus_text("a 1\na 2\n").at("a"), 2);
}

TEST(PrometheusText, SkipsWhatMakesNoSense) {
  for (const char* text :
       {"", "\n\n", "a", "a ", "a x", "a 1x", "1a 2", "a{b=\"c\" 1", "a{", "a{b=\"", "a{b=\"\\",
        "{} 1", "a\"1", "a=1", "<html>404 Not Found</html>", "a 1e999", "a ++1", "a{}1e"}) {
    EXPECT_TRUE(parse_prometheus_text(text).empty()) << text;
  }
  EXPECT_EQ(parse_prometheus_text("garbage here\nlive 3\nmore{garbage\n").at("live"), 3);
}

TEST(PrometheusText, StopsAtTheLargestNumberOfSeries) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "series_" + std::to_string(i) + " 1\n";
  text += "series_0 2\n";
  const PrometheusSeries series = parse_prometheus_text(text, 10);
  EXPECT_EQ(series.size(), 10u);
  EXPECT_EQ(series.at("series_0"), 2);
}

TEST(PrometheusText, SurvivesMutatedTexts) {
  const std::string valid =
      "# TYPE live gauge\nlive 20000\nx{path=\"/a} 9\",q=\"say \\\"hi\\\"\"} 4.5e3 1395066\n"
      "empty{} +Inf\nlast -1";
  static constexpr char kAlphabet[] = "ab_{}\"\\,= 1e+-.#\n\t\r\xff\0";
  const std::string alphabet(kAlphabet, sizeof kAlphabet - 1);
  std::mt19937 random(1);
  std::size_t values = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = valid;
    for (std::size_t edits = 1 + random() % 8; edits > 0; --edits) {
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
          text += ' ';
      }
    }
    values += parse_prometheus_text(text).size();
  }
  EXPECT_GT(values, 20'000u);
  EXPECT_LT(values, 80'000u);
}

}  // namespace
}  // namespace leakbench
