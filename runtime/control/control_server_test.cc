#include "runtime/control/control_server.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "runtime/control/allocator.h"
#include "runtime/net/epoll_poller.h"
#include "runtime/task/sleep.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

class ControlServerTest : public testing::Test {
 protected:
  std::string get(const std::string& path) {
    httplib::Client client("127.0.0.1", control_.port());
    client.set_read_timeout(20s);
    const auto result = client.Get(path);
    if (!result) {
      ADD_FAILURE() << path << ": " << httplib::to_string(result.error());
      return "";
    }
    status_ = result->status;
    return result->body;
  }
  nlohmann::json get_json(const std::string& path) { return nlohmann::json::parse(get(path)); }

  void start_sleepers(int count) {
    for (int i = 0; i < count; ++i) {
      scheduler_.go([](Context ctx) -> task<> { (void)co_await sleep_for(ctx, 1h); }(ctx_.context),
                    "sleeper");
    }
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (get_json("/debug/tasks")["sites"].back()["waits"].value("timer", 0) != count) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    }
  }

  int status_ = 0;
  Cancellable ctx_ = with_cancel(background());
  Scheduler scheduler_{{.workers = 2, .make_poller = make_epoll_poller}};
  HttpServer server_{scheduler_, {}};
  ControlServer control_{scheduler_, server_, 0};
};

TEST_F(ControlServerTest, SaysThatItIsHealthy) {
  EXPECT_EQ(get("/healthz"), "ok\n");
  EXPECT_EQ(status_, 200);
}

TEST_F(ControlServerTest, CountsLiveTasksBySite) {
  start_sleepers(25);
  const auto json = get_json("/debug/tasks");
  EXPECT_EQ(json["schema"], "leakbench/tasks");
  EXPECT_EQ(json["live_tasks"], 25);
  EXPECT_EQ(json["system_tasks"], 2);  // a heartbeat per worker; the server was not started
  EXPECT_FALSE(json.contains("tasks"));
  const auto& site = json["sites"].back();
  EXPECT_EQ(site["name"], "sleeper");
  EXPECT_EQ(site["kind"], "application");
  EXPECT_EQ(site["live"], 25);
  EXPECT_EQ(site["waits"], nlohmann::json({{"timer", 25}}));
}

TEST_F(ControlServerTest, AgreesWithTheRegistry) {
  start_sleepers(10);
  EXPECT_EQ(get_json("/debug/tasks")["live_tasks"], scheduler_.live_tasks());
  EXPECT_NE(get("/metrics").find("\nleakbench_live_tasks 10"), std::string::npos);
}

TEST_F(ControlServerTest, ListsTasksOneByOneWhenAsked) {
  start_sleepers(5);
  const auto json = get_json("/debug/tasks?full=1");
  EXPECT_EQ(json["truncated"], false);
  int sleepers = 0;
  for (const auto& task : json["tasks"]) {
    if (task["site"]["name"] != "sleeper") continue;
    ++sleepers;
    EXPECT_EQ(task["waits_for"], "timer");
    EXPECT_NE(task["wait_file"].get<std::string>().find("control_server_test.cc"),
              std::string::npos);
    EXPECT_GT(task["frame_bytes"], 0);
    EXPECT_GE(task["waiting_ns"], 0);
  }
  EXPECT_EQ(sleepers, 5);
  const auto cut = get_json("/debug/tasks?full=1&limit=2");
  EXPECT_EQ(cut["tasks"].size(), 2u);
  EXPECT_EQ(cut["truncated"], true);
}

TEST_F(ControlServerTest, RefusesALimitThatIsNotOne) {
  for (const char* limit : {"x", "-1", "5x", "", "99999999999"}) {
    get(std::string("/debug/tasks?full=1&limit=") + limit);
    EXPECT_EQ(status_, 400) << limit;
  }
}

TEST_F(ControlServerTest, ServesMetricsInPrometheusText) {
  const std::string text = get("/metrics");
  for (const char* line :
       {"# TYPE leakbench_live_tasks gauge", "# TYPE leakbench_requests_total counter",
        "leakbench_connections_open 0", "leakbench_requests_in_flight 0"}) {
    EXPECT_NE(text.find(line), std::string::npos) << text;
  }
  EXPECT_EQ(text.find("leakbench_heap_in_use_bytes") != std::string::npos,
            heap_in_use_bytes().has_value());
}

TEST_F(ControlServerTest, ServesCountersOfTheApplicationsOwn) {
  const auto counter = std::make_shared<Counter>("my_retries_total", "Calls made again.");
  const ControlServer control(scheduler_, server_, 0, {counter});
  httplib::Client client("127.0.0.1", control.port());
  counter->add(123'456'789'012);
  const auto result = client.Get("/metrics");
  ASSERT_TRUE(result);
  EXPECT_NE(result->body.find("# HELP my_retries_total Calls made again.\n"
                              "# TYPE my_retries_total counter\n"
                              "my_retries_total 123456789012\n"),
            std::string::npos)
      << result->body;
}

TEST_F(ControlServerTest, TellsHowLateTheHeartbeatsCame) {
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  nlohmann::json json;
  do {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    json = get_json("/debug/pause");
  } while (json["count"] < 20);
  EXPECT_EQ(json["interval_ns"], 1'000'000);
  std::uint64_t sum = 0;
  for (const auto& bucket : json["buckets"]) sum += bucket[1].get<std::uint64_t>();
  EXPECT_EQ(sum, json["count"]);
  EXPECT_EQ(json["os_thread"]["interval_ns"], 1'000'000);
  EXPECT_TRUE(json["os_thread"]["buckets"].is_array());
}

TEST_F(ControlServerTest, APortInUseIsAnError) {
  EXPECT_THROW(ControlServer(scheduler_, server_, control_.port()), std::system_error);
}

}  // namespace
}  // namespace leakbench
