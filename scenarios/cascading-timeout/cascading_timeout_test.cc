// All four processes of the scenario as four servers on one scheduler.
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "runtime/base/eventually_for_testing.h"
#include "runtime/http/http_client.h"
#include "runtime/http/http_server.h"
#include "runtime/net/epoll_poller.h"
#include "runtime/testing/expect_no_leaked_tasks.h"
#include "scenarios/cascading-timeout/server.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;
using Given = std::map<std::string, std::string>;

// One process of the scenario, but for being one.
class Process {
 public:
  Process(Scheduler& scheduler, const std::string& variant, Given given)
      : scenario_(std::move(given)) {
    cascading_timeout(scenario_);
    scenario_.refuse_unknown_options();
    server_.emplace(scheduler, HttpServer::Options{.deadline_from_header = true});
    const auto& chosen = scenario_.find_variant(variant);
    server_->handle("/", chosen.handler, chosen.location);
    server_->start();
  }

  HttpServer& server() { return *server_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()) + "/"; }
  std::int64_t wasted() const { return scenario_.counters().at(0)->value(); }

 private:
  ScenarioBuilder scenario_;
  std::optional<HttpServer> server_;
};

class CascadingTimeout : public testing::Test {
 protected:
  void start(const std::string& variant, Given options) {
    const auto started = [&](const std::string& role) {
      Given given = options;
      given["role"] = role;
      return std::make_unique<Process>(scheduler_, variant, given);
    };
    user_ = started("user");
    order_ = started("order");
    payment_ = started("payment");
    options["user-url"] = user_->url();
    options["order-url"] = order_->url();
    options["payment-url"] = payment_->url();
    api_ = started("api");
  }
  ~CascadingTimeout() override {
    for (auto* process : {&api_, &user_, &order_, &payment_}) {
      if (*process == nullptr) continue;
      EXPECT_TRUE((*process)->server().shutdown(20s));
    }
  }

  Response ask() {
    HttpResult result = scheduler_.run(client_.get(background(), api_->url()));
    EXPECT_TRUE(result) << result.failure.message();
    return result ? *result.response : Response();
  }
  bool all_is_quiet() {
    return eventually([&] { return scheduler_.live_tasks() == 0; });
  }

  Scheduler scheduler_{{.workers = 2, .make_poller = make_epoll_poller}};
  const NoLeakedTasks no_leaks_{scheduler_};
  const HttpClient client_;
  std::unique_ptr<Process> api_, user_, order_, payment_;
};

const Given kFast = {{"user-latency", "1ms"}, {"order-latency", "2ms"}, {"payment-latency", "1ms"},
                     {"slow-share", "0"},     {"spread", "0"},          {"step", "1ms"}};

Given with(Given options, const Given& changes) {
  for (const auto& [name, value] : changes) options[name] = value;
  return options;
}

TEST_F(CascadingTimeout, AnswersWhenAllThreeHave) {
  for (const char* variant : {"with-context", "without-context"}) {
    start(variant, kFast);
    const Response response = ask();
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "done\ndone\ndone\n");
    EXPECT_TRUE(all_is_quiet());
  }
}

TEST_F(CascadingTimeout, WithTheContextOneDeadlineEndsEverything) {
  start("with-context", with(kFast, {{"slow-share", "1"},
                                     {"slow-latency", "1h"},
                                     {"longest-latency", "1h"},
                                     {"client-timeout", "1h"},
                                     {"step", "1h"},
                                     {"deadline", "50ms"}}));
  EXPECT_EQ(ask().status, 504);
  EXPECT_TRUE(all_is_quiet());  // an hour before the work would have ended
  EXPECT_EQ(payment_->wasted(), 0);
}

TEST_F(CascadingTimeout, WithoutItTheAnswerWaitsForTheClientsTimeoutAndTheWorkGoesOn) {
  start("without-context", with(kFast, {{"slow-share", "1"},
                                        {"slow-latency", "1500ms"},
                                        {"client-timeout", "200ms"},
                                        {"deadline", "1ms"}}));
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(ask().status, 504);
  EXPECT_GE(std::chrono::steady_clock::now() - began, 200ms);
  EXPECT_TRUE(eventually([&] { return payment_->wasted() > 0; }));
  EXPECT_TRUE(all_is_quiet());
  EXPECT_GE(std::chrono::steady_clock::now() - began, 1500ms);
  EXPECT_EQ(user_->wasted() + order_->wasted(), 0);
}

TEST_F(CascadingTimeout, WithTheContextACallerThatGivesUpStopsTheServicesToo) {
  start("with-context", with(kFast, {{"slow-share", "1"},
                                     {"slow-latency", "1h"},
                                     {"longest-latency", "1h"},
                                     {"client-timeout", "1h"},
                                     {"step", "1h"},
                                     {"deadline", "1h"}}));
  auto [ctx, cancel] = with_cancel(background());
  scheduler_.go([](const HttpClient* client, Context ctx, std::string url) -> task<> {
    const HttpResult result = co_await client->get(ctx, url);
    EXPECT_EQ(result.failure, canceled());
  }(&client_, ctx, api_->url()));
  ASSERT_TRUE(eventually([&] { return payment_->server().counts().requests_in_flight == 1; }));
  cancel();
  EXPECT_TRUE(all_is_quiet());
}

TEST_F(CascadingTimeout, WithTheContextAShutdownEndsCallsUnderWay) {
  start("with-context", with(kFast, {{"slow-share", "1"},
                                     {"slow-latency", "1h"},
                                     {"longest-latency", "1h"},
                                     {"client-timeout", "1h"},
                                     {"deadline", "1h"}}));
  scheduler_.go([](const HttpClient* client, std::string url) -> task<> {
    const HttpResult result = co_await client->get(background(), url);
    EXPECT_TRUE(result && result.response->status == 504);
  }(&client_, api_->url()));
  ASSERT_TRUE(eventually([&] { return payment_->server().counts().requests_in_flight == 1; }));
  EXPECT_TRUE(api_->server().shutdown(0s));
  EXPECT_TRUE(all_is_quiet());
  api_ = nullptr;
}

TEST_F(CascadingTimeout, AServiceThatIsDownIsSaidSoAtOnce) {
  start("with-context", kFast);
  ASSERT_TRUE(user_->server().shutdown(20s));
  user_ = nullptr;
  const Response response = ask();
  EXPECT_EQ(response.status, 502);
  EXPECT_NE(response.body.find("refused"), std::string::npos) << response.body;
}

TEST(CascadingTimeoutOptions, WrongOnesAreRefused) {
  const auto error_of = [](Given given) {
    ScenarioBuilder builder(std::move(given));
    try {
      cascading_timeout(builder);
    } catch (const OptionError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(error_of({{"user-url", "localhost:7001"}}),
            "--user-url must be a URL such as http://127.0.0.1:7001/, is \"localhost:7001\"");
  EXPECT_EQ(error_of({{"deadline", "0s"}}), "--deadline must be longer than nothing");
  EXPECT_EQ(error_of({{"step", "0s"}}), "--step must be longer than nothing");
  EXPECT_EQ(error_of({{"role", "stock"}}),
            "--role must be one of api, user, order, payment, is \"stock\"");
  EXPECT_EQ(error_of({{"slow-share", "1.5"}}),
            "--slow-share must be a number of at most 1 with at most 3 decimals such as 0.2, is "
            "\"1.5\"");
}

}  // namespace
}  // namespace leakbench
