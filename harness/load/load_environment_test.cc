// What this machine can't do is not the target's outcome.
#include <gtest/gtest.h>

#include <string>

#include "harness/base/error.h"
#include "harness/load/test_load.h"

namespace leakbench {
namespace {

class LoadEnvironmentTest : public LoadTest {};

TEST_P(LoadEnvironmentTest, TooFewDescriptorsIsAnErrorThatNamesTheRemedy) {
  const Listener listener(0);  // the kernel accepts, and takes no descriptors for it
  // Once with enough, for the types that UndefinedBehaviorSanitizer has yet to see.
  EXPECT_EQ(load(plan_for(listener.port(), 3, 0)).connect.established, 3u);
  LoadGenerator generator(plan_for(listener.port(), 200, 200), GetParam());
  const DescriptorLimit few(64);
  try {
    generator.connect(background());
    FAIL() << "200 connections with 64 descriptors";
  } catch (const Error& e) {
    EXPECT_EQ(e.exit_code(), ExitCode::kEnvironmentUnfit);
    const std::string message = e.what();
    EXPECT_NE(message.find("of 200 connections"), std::string::npos) << message;
    EXPECT_NE(message.find("ulimit -n"), std::string::npos) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos);
  }
}

TEST_P(LoadEnvironmentTest, TooFewDescriptorsToReconnectIsOneAsWell) {
  const TestResponder responder([](std::size_t, std::size_t) {
    Reply reply = ok_reply();
    reply.then = Reply::Then::kClose;
    return reply;
  });
  LoadPlan plan = plan_for(responder.port(), 5, 500);
  plan.reconnect = true;
  EXPECT_EQ(load(plan).sent, 500u);  // once with enough, as above
  LoadGenerator generator(plan, GetParam());
  generator.connect(background());
  // What the kernel has accepted alone would never be answered without descriptors.
  ASSERT_TRUE(eventually([&] { return responder.open() == 5; }));
  try {
    const DescriptorLimit few(4);  // over before the catch: UBSan needs descriptors to look at `e`
    generator.run(background());
    FAIL() << "connections were opened again with 4 descriptors";
  } catch (const Error& e) {
    EXPECT_EQ(e.exit_code(), ExitCode::kEnvironmentUnfit);
    EXPECT_NE(std::string(e.what()).find("of 5 connections"), std::string::npos) << e.what();
  }
}

TEST_P(LoadEnvironmentTest, ThreadsWithDescriptorsOfTheirOwnHaveTheWholeLimitEach) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "ThreadSanitizer takes equal descriptors of two tables for one";
#endif
  const Listener listener(0);
  GeneratorSetup setup = GetParam();
  setup.own_descriptors = true;
  LoadGenerator generator(plan_for(listener.port(), 100, 0), setup);
  const DescriptorLimit few(80);
  EXPECT_EQ(generator.connect(background()).established, 100u);
}

TEST_P(LoadEnvironmentTest, ConnectionsComeFromAsManyAddressesAsAreAskedFor) {
  const TestResponder responder([](std::size_t, std::size_t) { return ok_reply(); });
  LoadPlan plan = plan_for(responder.port(), 9, 9);
  plan.source_addresses = 3;
  EXPECT_EQ(load(plan).outcomes.of(Outcome::kOk), 9u);
  EXPECT_EQ(responder.clients(), 3u);
}

TEST_P(LoadEnvironmentTest, ConnectionsAreOpenedNoFasterThanAsked) {
  const Listener listener(0);
  LoadPlan plan = plan_for(listener.port(), 11, 0);
  plan.connect_rate = 200;
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(load(plan).connect.established, 11u);
  EXPECT_GE(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(50));
}

LEAKBENCH_ON_EVERY_ENGINE(LoadEnvironmentTest);

}  // namespace
}  // namespace leakbench
