// What this machine can't do is not the target's outcome.
#include <gtest/gtest.h>

#include <string>

#include "harness/base/error.h"
#include "harness/load/test_load.h"

namespace leakbench {
namespace {

class LoadEnvironmentTest : public LoadTest {};

TEST_F(LoadEnvironmentTest, TooFewDescriptorsIsAnErrorThatNamesTheRemedy) {
  const Listener listener(0);  // the kernel accepts, and takes no descriptors for it
  // Once with enough, for the types that UndefinedBehaviorSanitizer has yet to see.
  EXPECT_EQ(load(plan_for(listener.port(), 3, 0)).connect.established, 3u);
  LoadGenerator generator(scheduler_, plan_for(listener.port(), 200, 200));
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

TEST_F(LoadEnvironmentTest, TooFewDescriptorsToReconnectIsOneAsWell) {
  const TestResponder responder([](std::size_t, std::size_t) {
    Reply reply = ok_reply();
    reply.then = Reply::Then::kClose;
    return reply;
  });
  LoadPlan plan = plan_for(responder.port(), 5, 500);
  plan.reconnect = true;
  EXPECT_EQ(load(plan).sent, 500u);  // once with enough, as above
  LoadGenerator generator(scheduler_, plan);
  generator.connect(background());
  try {
    const DescriptorLimit few(4);  // over before the catch: UBSan needs descriptors to look at `e`
    generator.run(background());
    FAIL() << "connections were opened again with 4 descriptors";
  } catch (const Error& e) {
    EXPECT_EQ(e.exit_code(), ExitCode::kEnvironmentUnfit);
    EXPECT_NE(std::string(e.what()).find("of 5 connections"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace leakbench
