// What this machine can't do is not the target's outcome.
#include <gtest/gtest.h>

#include <string>

#include "harness/base/error.h"
#include "harness/load/test_load.h"

namespace leakbench {
namespace {

class LoadEnvironmentTest : public LoadTest {};

TEST_F(LoadEnvironmentTest, TooFewDescriptorsIsAnErrorThatNamesTheRemedy) {
  const TestResponder responder([](std::size_t, std::size_t) { return ok_reply(); });
  LoadGenerator generator(scheduler_, plan_for(responder.port(), 200, 200));
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
  generator.close();
  EXPECT_TRUE(eventually([&] { return responder.open() == 0; }));
}

}  // namespace
}  // namespace leakbench
