#include "harness/probe/leakbench_source.h"

#include <gtest/gtest.h>

#include "harness/probe/none_source.h"
#include "harness/target/ports.h"
#include "harness/target/test_server.h"

namespace leakbench {
namespace {

using std::chrono::milliseconds;

constexpr ControlClient::Limits kShort{milliseconds(200), 1 << 20};

void serve(httplib::Server& http, const char* path, const std::string& body) {
  http.Get(path, [body](const httplib::Request&, httplib::Response& response) {
    response.set_content(body, "text/plain");
  });
}

TEST(LeakbenchSource, ReadsTheCountsOfTheControlPort) {
  const TestHttpServer server([](httplib::Server& http) {
    serve(http, "/metrics",
          "# TYPE leakbench_live_tasks gauge\n"
          "leakbench_live_tasks 20000\nleakbench_system_tasks 10003\n"
          "leakbench_requests_in_flight 0\nleakbench_connections_open 10000\n"
          "leakbench_tasks_started_total 4.0001e+04\nleakbench_requests_total 20000\n"
          "leakbench_heap_in_use_bytes 123456789\nleakbench_unhandled_exceptions_total 3\n");
  });
  LeakbenchSource source(server.port());
  const MetricsReading reading = source.read();
  EXPECT_EQ(reading.live_tasks, 20'000);
  EXPECT_EQ(reading.system_tasks, 10'003);
  EXPECT_EQ(reading.requests_in_flight, 0);
  EXPECT_EQ(reading.connections_open, 10'000);
  EXPECT_EQ(reading.tasks_started_total, 40'001);
  EXPECT_EQ(reading.requests_total, 20'000);
  EXPECT_EQ(reading.heap_in_use_bytes, 123'456'789);
  EXPECT_EQ(reading.unhandled_exceptions_total, 3);
}

TEST(LeakbenchSource, WhatIsAbsentOrNoCountIsNotMeasured) {
  const TestHttpServer server([](httplib::Server& http) {
    serve(http, "/metrics",
          "leakbench_live_tasks NaN\nleakbench_system_tasks -1\n"
          "leakbench_requests_in_flight 1.5\nleakbench_connections_open +Inf\n"
          "leakbench_requests_total{code=\"200\"} 5\nleakbench_tasks_started_total 1e300\n");
  });
  LeakbenchSource source(server.port());
  const MetricsReading reading = source.read();
  EXPECT_EQ(reading.live_tasks, std::nullopt);
  EXPECT_EQ(reading.system_tasks, std::nullopt);
  EXPECT_EQ(reading.requests_in_flight, std::nullopt);
  EXPECT_EQ(reading.connections_open, std::nullopt);
  EXPECT_EQ(reading.tasks_started_total, std::nullopt);
  EXPECT_EQ(reading.requests_total, std::nullopt);
  EXPECT_EQ(reading.heap_in_use_bytes, std::nullopt);
}

TEST(LeakbenchSource, ReadsProfileAndPause) {
  const TestHttpServer server([](httplib::Server& http) {
    serve(http, "/debug/tasks",
          R"({"schema":"leakbench/tasks","schema_version":"1.0.0","live_tasks":5,"sites":[]})");
    serve(http, "/debug/pause",
          R"({"schema":"leakbench/pause","schema_version":"1.0.0","interval_ns":1000000,
              "count":1,"max_ns":9,"buckets":[[10,1]],
              "os_thread":{"interval_ns":1000000,"count":2,"max_ns":8,"buckets":[[10,2]]}})");
  });
  LeakbenchSource source(server.port());
  ASSERT_TRUE(source.task_profile().has_value());
  EXPECT_EQ(source.task_profile()->live_tasks, 5);
  ASSERT_TRUE(source.pause().has_value());
  EXPECT_EQ(source.pause()->max_ns, 9);
  ASSERT_TRUE(source.os_pause().has_value());
  EXPECT_EQ(source.os_pause()->max_ns, 8);
}

TEST(LeakbenchSource, AsksForAListOfTasksWhereAllIsToBeSaid) {
  std::string asked;
  const TestHttpServer server([&](httplib::Server& http) {
    http.Get("/debug/tasks", [&](const httplib::Request& request, httplib::Response& response) {
      asked = request.target;
      response.set_content(
          R"({"schema":"leakbench/tasks","schema_version":"1.0.0","live_tasks":1,
              "sites":[{"name":"work","live":1}],"truncated":false,
              "tasks":[{"site":{"name":"work"},"waits_for":"timer","wait_file":"a.cc",
                        "wait_line":7,"waiting_ns":5,"frame_bytes":64}]})",
          "application/json");
    });
  });
  LeakbenchSource source(server.port());
  const auto profile = source.full_task_profile();
  EXPECT_EQ(asked, "/debug/tasks?full=1&limit=20000");
  ASSERT_TRUE(profile.has_value());
  ASSERT_EQ(profile->sites.size(), 1u);
  EXPECT_EQ(profile->sites[0].waits_at->line, 7);
  EXPECT_EQ(profile->sites[0].bytes, 64);
}

TEST(LeakbenchSource, SaysWhatIsWrongOnceAndNothingOfWhatIsNotThere) {
  const TestHttpServer server([](httplib::Server& http) {
    serve(http, "/metrics", "other 5\n");
    serve(http, "/debug/tasks", "<html>");
  });
  LeakbenchSource source(server.port());
  for (int i = 0; i < 2; ++i) {
    source.read();
    source.task_profile();
    source.pause();  // 404
  }
  EXPECT_EQ(source.take_problems(),
            (std::vector<std::string>{
                "GET /metrics: no count in leakbench_live_tasks; it starts with \"other 5\\x0a\"",
                "GET /debug/tasks: not the JSON that was expected; it starts with \"<html>\""}));
  EXPECT_TRUE(source.take_problems().empty());
}

TEST(LeakbenchSource, AServerThatTellsOnlyOneHeartbeatIsNoProblem) {
  const TestHttpServer server([](httplib::Server& http) {
    serve(http, "/debug/pause",
          R"({"schema":"leakbench/pause","schema_version":"1.0.0","interval_ns":1000000,
              "count":1,"max_ns":9,"buckets":[[10,1]]})");
  });
  LeakbenchSource source(server.port());
  EXPECT_TRUE(source.pause().has_value());
  EXPECT_FALSE(source.os_pause().has_value());
  EXPECT_TRUE(source.take_problems().empty());
}

TEST(LeakbenchSource, ReadsPausesOfACollectorWhereThereIsOne) {
  const TestHttpServer server([](httplib::Server& http) {
    serve(http, "/metrics", "leakbench_live_tasks 5\nleakbench_gc_pause_seconds_sum 0.25\n");
  });
  EXPECT_EQ(LeakbenchSource(server.port()).read().gc_pause_total_ns, 250'000'000);
}

void expect_nothing(MetricsSource& source) {
  EXPECT_EQ(source.read().live_tasks, std::nullopt);
  EXPECT_EQ(source.read().heap_in_use_bytes, std::nullopt);
  EXPECT_FALSE(source.task_profile().has_value());
  EXPECT_FALSE(source.pause().has_value());
  EXPECT_FALSE(source.os_pause().has_value());
}

TEST(LeakbenchSource, AServerThatIsGoneHangsOrTalksNonsenseGivesNothing) {
  LeakbenchSource gone(pick_free_port(), kShort);
  expect_nothing(gone);

  const TestRawServer silent([](int socket) {
    char buffer[4096];
    while (::recv(socket, buffer, sizeof buffer, 0) > 0) {
    }
  });
  LeakbenchSource hanging(silent.port(), kShort);
  expect_nothing(hanging);

  const TestHttpServer nonsense([](httplib::Server& http) {
    for (const char* path : {"/metrics", "/debug/tasks", "/debug/pause"}) {
      serve(http, path, "<html>It works!</html>");
    }
  });
  LeakbenchSource confused(nonsense.port(), kShort);
  expect_nothing(confused);

  const TestHttpServer empty([](httplib::Server&) {});
  LeakbenchSource not_found(empty.port(), kShort);
  expect_nothing(not_found);
}

TEST(LeakbenchSource, AnErrorPageIsNoReadingEvenWithCountsInIt) {
  const TestHttpServer server([](httplib::Server& http) {
    http.Get("/metrics", [](const httplib::Request&, httplib::Response& response) {
      response.status = 500;
      response.set_content("leakbench_live_tasks 5\n", "text/plain");
    });
  });
  LeakbenchSource source(server.port());
  EXPECT_EQ(source.read().live_tasks, std::nullopt);
}

TEST(MetricsSource, IsMadeByItsKind) {
  const TestHttpServer server(
      [](httplib::Server& http) { serve(http, "/metrics", "leakbench_live_tasks 5\n"); });
  EXPECT_EQ(make_metrics_source({{.kind = MetricsSourceKind::kLeakbench}}, server.port())
                ->read()
                .live_tasks,
            5);
  const auto none = make_metrics_source({{.kind = MetricsSourceKind::kNone}}, server.port());
  expect_nothing(*none);
}

}  // namespace
}  // namespace leakbench
