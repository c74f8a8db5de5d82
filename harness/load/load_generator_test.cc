#include "harness/load/load_generator.h"

#include <gtest/gtest.h>

#include <future>
#include <set>
#include <stdexcept>

#include "harness/base/error.h"
#include "harness/load/test_load.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

class LoadGeneratorTest : public LoadTest {};

TEST_P(LoadGeneratorTest, ServesManyConnectionsWithSeveralRequestsEach) {
  const DescriptorLimit enough(4096);
  const TestResponder responder([](std::size_t, std::size_t) { return ok_reply(); });
  const LoadResult result = load(plan_for(responder.port(), 500, 2503));
  EXPECT_EQ(result.connect.established, 500u);
  EXPECT_EQ(result.served, 500u);
  EXPECT_EQ(result.sent, 2503u);
  EXPECT_EQ(result.outcomes.of(Outcome::kOk), 2503u);
  EXPECT_EQ(responder.requests(), 2503u);
  EXPECT_EQ(responder.accepted(), 500u);
}

TEST_P(LoadGeneratorTest, NoRequestIsSentBeforeAllAreConnected) {
  constexpr std::size_t kConnections = 100;
  std::atomic<const LoadProgress*> progress = nullptr;
  std::atomic<bool> released = false;
  std::atomic<int> early = 0;
  const TestResponder responder([&](std::size_t, std::size_t) {
    if (!released || progress.load()->connected() != kConnections) ++early;
    return ok_reply();
  });
  LoadPlan plan = plan_for(responder.port(), kConnections, 2 * kConnections);
  plan.connects_in_flight = 7;
  LoadGenerator generator(plan, GetParam());
  progress = &generator.progress();
  EXPECT_EQ(generator.connect(background()).established, kConnections);
  ASSERT_TRUE(eventually([&] { return responder.accepted() == kConnections; }));
  EXPECT_EQ(generator.progress().sent(), 0u);
  released = true;
  EXPECT_EQ(generator.run(background()).outcomes.of(Outcome::kOk), 2 * kConnections);
  EXPECT_EQ(early, 0);
}

TEST_P(LoadGeneratorTest, AllRequestsAreUnderWayTogether) {
  constexpr std::size_t kConnections = 50;
  const TestResponder responder([](std::size_t, std::size_t) { return Reply{}; });
  LoadPlan plan = plan_for(responder.port(), kConnections, 10 * kConnections);
  plan.request_timeout = 20s;
  auto [ctx, cancel] = with_cancel(background());
  LoadGenerator generator(plan, GetParam());
  generator.connect(ctx);
  auto result = std::async(std::launch::async, [&, &ctx = ctx] { return generator.run(ctx); });
  // Nobody is answered, and still everybody has asked.
  EXPECT_TRUE(eventually([&] { return responder.requests() == kConnections; }));
  EXPECT_EQ(generator.progress().sent(), kConnections);
  EXPECT_EQ(generator.progress().answered(), 0u);
  cancel();
  EXPECT_EQ(result.get().sent, kConnections);
}

TEST_P(LoadGeneratorTest, SpreadsTheRequestsEvenly) {
  std::mutex mutex;
  std::multiset<std::size_t> requests_by_connection;
  const TestResponder responder([&](std::size_t connection, std::size_t) {
    std::lock_guard guard(mutex);
    requests_by_connection.insert(connection);
    return ok_reply();
  });
  EXPECT_EQ(load(plan_for(responder.port(), 4, 10)).served, 4u);
  std::multiset<std::size_t> shares;
  for (std::size_t i = 0; i < 4; ++i) shares.insert(requests_by_connection.count(i));
  EXPECT_EQ(shares, (std::multiset<std::size_t>{2, 2, 3, 3}));
}

TEST_P(LoadGeneratorTest, AConnectionWithoutAShareIsEstablishedButNotServed) {
  const TestResponder responder([](std::size_t, std::size_t) { return ok_reply(); });
  const LoadResult result = load(plan_for(responder.port(), 5, 2));
  EXPECT_EQ(result.connect.established, 5u);
  EXPECT_EQ(result.served, 2u);
  EXPECT_EQ(result.sent, 2u);
}

TEST_P(LoadGeneratorTest, ConnectionsStayOpenUntilTheyAreClosed) {
  const TestResponder responder([](std::size_t, std::size_t) { return ok_reply(); });
  LoadGenerator generator(plan_for(responder.port(), 10, 20), GetParam());
  generator.connect(background());
  EXPECT_EQ(generator.run(background()).served, 10u);
  EXPECT_EQ(responder.open(), 10u);
  generator.close();
  EXPECT_TRUE(eventually([&] { return responder.open() == 0; }));
  generator.close();
}

TEST_P(LoadGeneratorTest, GoingAwayClosesTheConnections) {
  const TestResponder responder([](std::size_t, std::size_t) { return ok_reply(); });
  {
    LoadGenerator generator(plan_for(responder.port(), 10, 10), GetParam());
    generator.connect(background());
    EXPECT_TRUE(eventually([&] { return responder.open() == 10; }));
  }
  EXPECT_TRUE(eventually([&] { return responder.open() == 0; }));
}

TEST_P(LoadGeneratorTest, TimesLieBetweenReleaseAndTheLastAnswer) {
  const TestResponder responder([](std::size_t, std::size_t) { return ok_reply(); });
  const auto before = std::chrono::steady_clock::now();
  const LoadResult result = load(plan_for(responder.port(), 20, 100));
  const auto after = std::chrono::steady_clock::now();
  ASSERT_TRUE(result.released && result.first_sent && result.last_response);
  EXPECT_LE(before, *result.released);
  EXPECT_LE(*result.released, *result.first_sent);
  EXPECT_LT(*result.first_sent, *result.last_response);
  EXPECT_LE(*result.last_response, after);
  EXPECT_LE(*result.response_time.of(Outcome::kOk).max(),
            (*result.last_response - *result.released).count());
  // What was due waits at least as long as what was sent.
  EXPECT_GE(*result.response_time.of(Outcome::kOk).max(),
            *result.service_time.of(Outcome::kOk).max());
  EXPECT_GE(*result.response_time.of(Outcome::kOk).mean(),
            *result.service_time.of(Outcome::kOk).mean());
  EXPECT_GT(*result.service_time.of(Outcome::kOk).min(), 0);
}

TEST_P(LoadGeneratorTest, AnswersWithAnErrorStatusStayOutOfTheTimes) {
  const TestResponder responder([](std::size_t, std::size_t request) {
    return request == 0 ? ok_reply() : status_reply(500);
  });
  const LoadResult result = load(plan_for(responder.port(), 2, 8));
  EXPECT_EQ(result.outcomes.of(Outcome::kHttp5xx), 6u);
  EXPECT_EQ(result.response_time.of(Outcome::kOk).count(), 2u);
  EXPECT_EQ(result.served, 2u);
}

TEST_P(LoadGeneratorTest, CancellingCutsWhatIsUnderWayAndSendsNoMore) {
  constexpr std::size_t kConnections = 40;
  const TestResponder responder(
      [](std::size_t, std::size_t request) { return request == 0 ? ok_reply() : Reply{}; });
  LoadPlan plan = plan_for(responder.port(), kConnections, 100 * kConnections);
  auto [ctx, cancel] = with_cancel(background());
  LoadGenerator generator(plan, GetParam());
  generator.connect(ctx);
  auto running = std::async(std::launch::async, [&, &ctx = ctx] { return generator.run(ctx); });
  EXPECT_TRUE(eventually([&] { return generator.progress().sent() == 2 * kConnections; }));
  cancel();
  const LoadResult result = running.get();
  EXPECT_EQ(result.sent, 2 * kConnections);
  EXPECT_EQ(result.outcomes.of(Outcome::kOk), kConnections);
  EXPECT_EQ(result.outcomes.of(Outcome::kCutByEnd), kConnections);
  EXPECT_EQ(result.served, kConnections);
}

TEST_P(LoadGeneratorTest, CancelledWhileItConnectsItSaysHowFarItCame) {
  const Listener full(0, 1);  // nobody accepts, and the kernel queues two
  LoadPlan plan = plan_for(full.port(), 30, 30);
  plan.connects_in_flight = 10;
  plan.connect_timeout = 60s;
  auto [ctx, cancel] = with_cancel(background());
  LoadGenerator generator(plan, GetParam());
  auto connecting =
      std::async(std::launch::async, [&, &ctx = ctx] { return generator.connect(ctx); });
  EXPECT_TRUE(eventually([&] { return generator.progress().connected() > 0; }));
  cancel();
  const ConnectResult connected = connecting.get();
  EXPECT_EQ(connected.asked, 30u);
  EXPECT_EQ(connected.established + connected.outcomes.of(Outcome::kCutByEnd), 30u);
  EXPECT_GT(connected.outcomes.of(Outcome::kCutByEnd), 0u);
  const LoadResult result = generator.run(ctx);
  EXPECT_EQ(result.sent, 0u);
  EXPECT_EQ(result.connect.established, connected.established);
}

TEST_P(LoadGeneratorTest, StepsOutOfOrderAreProgrammingErrors) {
  const TestResponder responder([](std::size_t, std::size_t) { return ok_reply(); });
  LoadGenerator generator(plan_for(responder.port(), 1, 1), GetParam());
  EXPECT_THROW(generator.run(background()), std::logic_error);
  generator.connect(background());
  EXPECT_THROW(generator.connect(background()), std::logic_error);
  generator.run(background());
  EXPECT_THROW(generator.run(background()), std::logic_error);
}

TEST_P(LoadGeneratorTest, APlanThatCannotBeIsRefusedAtOnce) {
  EXPECT_THROW(LoadGenerator(plan_for(0, 1, 1), GetParam()), Error);
  EXPECT_THROW(LoadGenerator(plan_for(80, 0, 1), GetParam()), Error);
}

LEAKBENCH_ON_EVERY_ENGINE(LoadGeneratorTest);

}  // namespace
}  // namespace leakbench
