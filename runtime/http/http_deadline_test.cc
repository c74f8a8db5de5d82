// Deadlines from one process to the next: HttpClient tells how much time is left, HttpServer takes
// it.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <string>

#include "runtime/base/eventually_for_testing.h"
#include "runtime/http/deadline_header.h"
#include "runtime/http/http_client.h"
#include "runtime/http/http_server.h"
#include "runtime/net/epoll_poller.h"
#include "runtime/task/sleep.h"
#include "runtime/testing/expect_no_leaked_tasks.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

class HttpDeadlineTest : public testing::Test {
 protected:
  void start(HttpServer::Options options) {
    server_.emplace(scheduler_, options);
    // What the handler has left, in milliseconds, and what it was told.
    server_->handle("/left", [](Context ctx, Request request) -> task<Response> {
      const auto header = request.header(kDeadlineHeader);
      const auto deadline = ctx.deadline();
      const Duration left = deadline ? *deadline - Worker::current()->timers().now() : -1ms;
      co_return Response{
          200, {{"Told", std::string(header.value_or("nothing"))}}, std::to_string(left / 1ms)};
    });
    server_->handle("/wait", [this](Context ctx, Request) -> task<Response> {
      ++waiting_;
      ended_ = co_await done(ctx);
      cause_ = ctx.cause();
      --waiting_;
      co_return Response::text("stopped", 504);
    });
    server_->start();
  }
  std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(server_->port()) + path;
  }
  HttpResult get(const HttpClient& client, std::optional<Duration> timeout,
                 std::optional<std::string> header = {}) {
    return scheduler_.run([](const HttpClient* client, std::string url,
                             std::optional<Duration> timeout,
                             std::optional<std::string> header) -> task<HttpResult> {
      Cancellable limit;
      if (timeout) limit = with_timeout(background(), *timeout);
      Request request{.method = "GET"};
      if (header) request.headers.emplace_back(kDeadlineHeader, *header);
      HttpResult result = co_await client->send(limit.context, url, std::move(request));
      co_return result;
    }(&client, url("/left"), timeout, std::move(header)));
  }
  static int left(const HttpResult& result) { return std::stoi(result.response->body); }

  Scheduler scheduler_{{.workers = 2, .make_poller = make_epoll_poller}};
  const NoLeakedTasks no_leaks_{scheduler_};
  std::atomic<int> waiting_{0};
  Failure ended_, cause_;  // read once nobody waits
  std::optional<HttpServer> server_;
};

TEST_F(HttpDeadlineTest, TheTimeLeftTravels) {
  start({.deadline_from_header = true});
  const HttpClient client;
  const HttpResult result = get(client, 1min);
  ASSERT_TRUE(result);
  EXPECT_GT(left(result), 0);
  EXPECT_LE(left(result), 60'000);
  EXPECT_EQ(left(get(client, std::nullopt)), -1);
  EXPECT_EQ(get(client, std::nullopt).response->header("Told"), "nothing");
}

TEST_F(HttpDeadlineTest, TheClientsOwnTimeoutTravelsWhenItIsShorter) {
  start({.deadline_from_header = true});
  const HttpClient client({.timeout = 1min});
  EXPECT_LE(left(get(client, std::nullopt)), 60'000);
  EXPECT_GT(left(get(client, std::nullopt)), 0);
  EXPECT_LE(left(get(client, 1h)), 60'000);
}

TEST_F(HttpDeadlineTest, AClientMayKeepItToItself) {
  start({.deadline_from_header = true});
  const HttpClient client({.send_deadline = false});
  const HttpResult result = get(client, 1min);
  ASSERT_TRUE(result);
  EXPECT_EQ(result.response->header("Told"), "nothing");
  EXPECT_EQ(left(result), -1);
}

TEST_F(HttpDeadlineTest, AServerIsNotToldToWaitLongerThanItsOwnTimeout) {
  start({.request_timeout = 10min, .deadline_from_header = true});
  const HttpClient client;
  EXPECT_LE(left(get(client, 1min)), 60'000);
  const int own = left(get(client, 1h));
  EXPECT_GT(own, 60'000);
  EXPECT_LE(own, 600'000);
}

TEST_F(HttpDeadlineTest, AServerThatWasNotAskedToTakesNoOrders) {
  start({});
  const HttpClient client;
  const HttpResult result = get(client, 1min);
  ASSERT_TRUE(result);
  EXPECT_NE(result.response->header("Told"), "nothing");
  EXPECT_EQ(left(result), -1);
}

TEST_F(HttpDeadlineTest, NonsenseInTheHeaderSaysNothing) {
  start({.deadline_from_header = true});
  const HttpClient client;
  for (const char* value : {"soon", "0", "-1", "5s", "99999999999"}) {
    const HttpResult result = get(client, std::nullopt, value);
    ASSERT_TRUE(result);
    EXPECT_EQ(result.response->status, 200);
    EXPECT_EQ(left(result), -1) << value;
  }
  EXPECT_GT(left(get(client, std::nullopt, "60000")), 0);
}

TEST_F(HttpDeadlineTest, ACallThatIsCancelledStopsTheServer) {
  start({.deadline_from_header = true});
  const HttpClient client;
  auto [ctx, cancel] = with_cancel(background());
  scheduler_.go([](const HttpClient* client, Context ctx, std::string url) -> task<> {
    const HttpResult result = co_await client->get(ctx, url);
    EXPECT_EQ(result.failure, canceled());
  }(&client, ctx, url("/wait")));
  ASSERT_TRUE(eventually([&] { return waiting_ == 1; }));
  cancel();
  ASSERT_TRUE(eventually([&] { return waiting_ == 0; }));
  EXPECT_EQ(ended_, canceled());
  EXPECT_EQ(cause_, client_gone());
}

TEST_F(HttpDeadlineTest, AServerStopsAtTheDeadlineItWasToldEvenWhenNobodyHangsUp) {
  start({.deadline_from_header = true});
  const HttpClient patient;
  const HttpResult result = scheduler_.run(
      patient.send(background(), url("/wait"),
                   {.method = "GET", .headers = {{std::string(kDeadlineHeader), "20"}}}));
  ASSERT_TRUE(result);
  EXPECT_EQ(result.response->status, 504);
  EXPECT_EQ(ended_, deadline_exceeded());
}

}  // namespace
}  // namespace leakbench
