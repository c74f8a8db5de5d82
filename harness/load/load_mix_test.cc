// Several requests by weight, on real sockets.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

#include "harness/load/request_mix.h"
#include "harness/load/test_load.h"

namespace leakbench {
namespace {

class LoadMixTest : public LoadTest {
 protected:
  static LoadPlan mixed_plan(std::uint16_t port, std::size_t connections, std::size_t requests) {
    LoadPlan plan = plan_for(port, connections, requests);
    plan.mix = {{.target = "/a", .weight = 3}, {.method = "POST", .target = "/b", .body = "b"}};
    plan.seed = 11;
    return plan;
  }

  // How often each request of the mix is to come among the first `requests`.
  static std::vector<std::uint64_t> expected(const LoadPlan& plan) {
    const RequestMix mix(plan);
    std::vector<std::uint64_t> counts(mix.size());
    for (std::uint64_t number = 0; number < plan.requests; ++number) ++counts[mix.of(number).index];
    return counts;
  }
};

TEST_P(LoadMixTest, SendsWhatIsDrawnForEachNumberWhateverTheThreadsAre) {
  for (const std::size_t threads : {1u, 2u, 3u}) {
    const TestResponder responder([](std::size_t, std::size_t) { return ok_reply(); });
    const LoadPlan plan = mixed_plan(responder.port(), 7, 700);
    GeneratorSetup setup = GetParam();
    setup.threads = threads;
    LoadGenerator generator(plan, setup);
    generator.connect(background());
    const LoadResult result = generator.run(background());
    ASSERT_EQ(result.by_request.size(), 2u);
    const auto counts = expected(plan);
    EXPECT_EQ(result.by_request[0].of(Outcome::kOk), counts[0]);
    EXPECT_EQ(result.by_request[1].of(Outcome::kOk), counts[1]);
    EXPECT_EQ(result.by_request[0].total() + result.by_request[1].total(), 700u);
  }
}

TEST_P(LoadMixTest, SendsTheBytesOfTheRequestThatIsDrawn) {
  std::vector<std::string> seen;
  std::atomic<const TestResponder*> self = nullptr;
  const TestResponder responder([&](std::size_t, std::size_t) {
    while (self == nullptr) std::this_thread::yield();
    seen.push_back(self.load()->last_request());
    return ok_reply();
  });
  self = &responder;
  const LoadPlan plan = mixed_plan(responder.port(), 1, 40);
  EXPECT_EQ(load(plan).outcomes.of(Outcome::kOk), 40u);
  const RequestMix mix(plan);
  ASSERT_EQ(seen.size(), 40u);
  for (std::uint64_t number = 0; number < 40; ++number) {
    EXPECT_EQ(seen[number], mix.of(number).bytes) << number;
  }
}

TEST_P(LoadMixTest, ReadsEachAnswerByTheRulesOfItsRequest) {
  // A connection carries HEAD and GET in turns: an answer that tells of ten bytes has none of them
  // in the one case, and all in the other.
  std::atomic<const TestResponder*> self = nullptr;
  const TestResponder responder([&](std::size_t, std::size_t) {
    while (self == nullptr) std::this_thread::yield();
    const bool is_head = self.load()->last_request().starts_with("HEAD");
    return Reply{{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n" +
                  std::string(is_head ? "" : "0123456789")}};
  });
  self = &responder;
  LoadPlan plan = plan_for(responder.port(), 1, 60);
  plan.mix = {{.method = "HEAD"}, {.method = "GET"}};
  const auto counts = expected(plan);
  ASSERT_GT(counts[0], 0u);
  ASSERT_GT(counts[1], 0u);
  const LoadResult result = load(plan);
  EXPECT_EQ(result.outcomes.of(Outcome::kOk), 60u);
  EXPECT_EQ(result.by_request[0].of(Outcome::kOk), counts[0]);
  EXPECT_EQ(responder.accepted(), 1u);
}

TEST_P(LoadMixTest, CountsTheOutcomesOfEachRequestApart) {
  std::atomic<const TestResponder*> self = nullptr;
  const TestResponder responder([&](std::size_t, std::size_t) {
    while (self == nullptr) std::this_thread::yield();
    return status_reply(self.load()->last_request().starts_with("POST") ? 503 : 200);
  });
  self = &responder;
  const LoadPlan plan = mixed_plan(responder.port(), 1, 50);
  const auto counts = expected(plan);
  const LoadResult result = load(plan);
  EXPECT_EQ(result.by_request[0].of(Outcome::kOk), counts[0]);
  EXPECT_EQ(result.by_request[1].of(Outcome::kHttp5xx), counts[1]);
  EXPECT_EQ(result.by_request[1].of(Outcome::kOk), 0u);
}

LEAKBENCH_ON_EVERY_ENGINE(LoadMixTest);

}  // namespace
}  // namespace leakbench
