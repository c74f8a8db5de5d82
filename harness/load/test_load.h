// What the tests of the load generator share.
#ifndef LEAKBENCH_HARNESS_LOAD_TEST_LOAD_H_
#define LEAKBENCH_HARNESS_LOAD_TEST_LOAD_H_

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <thread>

#include "harness/load/descriptor_limit_for_testing.h"
#include "harness/load/load_generator.h"
#include "harness/load/test_responder.h"

namespace leakbench {

// On the setup that is its parameter: see LEAKBENCH_ON_EVERY_ENGINE.
class LoadTest : public testing::TestWithParam<GeneratorSetup> {
 protected:
  void SetUp() override {
#ifdef __SANITIZE_THREAD__
    if (GetParam().engine == EngineKind::kIoUring) {
      GTEST_SKIP() << "ThreadSanitizer does not see what io_uring puts in order";
    }
#endif
    if (GetParam().engine == EngineKind::kIoUring && !io_uring_is_available()) {
      GTEST_SKIP() << "this system does not let the tests use io_uring";
    }
  }

  static LoadPlan plan_for(std::uint16_t port, std::size_t connections, std::size_t requests) {
    LoadPlan plan;
    plan.port = port;
    plan.connections = connections;
    plan.requests = requests;
    return plan;
  }

  // The whole load at once; checks what holds for every one.
  LoadResult load(const LoadPlan& plan) {
    LoadGenerator generator(plan, GetParam());
    const ConnectResult connected = generator.connect(background());
    EXPECT_EQ(connected.asked, plan.connections);
    EXPECT_EQ(connected.outcomes.total(), plan.connections);
    EXPECT_EQ(connected.established, connected.outcomes.of(Outcome::kOk));
    EXPECT_EQ(connected.connect_time.of(Outcome::kOk).count(), connected.established);
    EXPECT_EQ(generator.progress().connected(), connected.established);
    const LoadResult result = generator.run(background());
    EXPECT_EQ(result.outcomes.total(), result.sent);
    EXPECT_EQ(result.response_time.of(Outcome::kOk).count(), result.outcomes.of(Outcome::kOk));
    EXPECT_EQ(result.service_time.of(Outcome::kOk).count(), result.outcomes.of(Outcome::kOk));
    EXPECT_EQ(generator.progress().sent(), result.sent);
    return result;
  }

  // One connection, one request, one outcome.
  Outcome outcome_of(const LoadPlan& plan) {
    const LoadResult result = load(plan);
    EXPECT_EQ(result.sent, 1u);
    for (const Outcome outcome : kAllOutcomes) {
      if (result.outcomes.of(outcome) == 1) return outcome;
    }
    ADD_FAILURE() << "no outcome";
    return Outcome::kCutByEnd;
  }
  Outcome outcome_of(const Reply& reply) {
    const TestResponder responder([&reply](std::size_t, std::size_t) { return reply; });
    return outcome_of(plan_for(responder.port(), 1, 1));
  }

  // Waits for a state, at most 20 s; tells whether it came.
  static bool eventually(const std::function<bool()>& state) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!state()) {
      if (std::chrono::steady_clock::now() > limit) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
  }
};

// Two threads each, so that whatever they share is shared.
#define LEAKBENCH_ON_EVERY_ENGINE(test)                                              \
  INSTANTIATE_TEST_SUITE_P(                                                          \
      OnEveryEngine, test,                                                           \
      testing::Values(GeneratorSetup{.threads = 2, .engine = EngineKind::kEpoll},    \
                      GeneratorSetup{.threads = 2, .engine = EngineKind::kIoUring}), \
      [](const auto& info) { return std::string(to_string(info.param.engine)); })

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_TEST_LOAD_H_
