#include "harness/probe/prometheus_source.h"

#include <gtest/gtest.h>

#include "harness/probe/test_wire_writer.h"
#include "harness/target/test_server.h"

namespace leakbench {
namespace {

using Strings = std::vector<std::string>;

constexpr auto kEveryTime = ReadingPace::kEveryTime;

class PrometheusSourceTest : public testing::Test {
 protected:
  PrometheusSource source(MetricsSourceSpec spec = {}) {
    spec.kind = MetricsSourceKind::kPrometheus;
    return PrometheusSource(server_.port(), spec, kEveryTime, clock_, ControlClient::Limits());
  }

  void publish(const std::string& text) {
    const std::lock_guard lock(mutex_);
    text_ = text;
  }

  const SteadyClock clock_;
  std::mutex mutex_;
  std::string text_;
  const TestHttpServer server_{[this](httplib::Server& http) {
    const auto answer = [this](const httplib::Request&, httplib::Response& response) {
      const std::lock_guard lock(mutex_);
      response.set_content(text_, "text/plain; version=0.0.4");
    };
    http.Get("/metrics", answer);
    http.Get("/actuator/prometheus", answer);
    http.Get("/packed", [this](const httplib::Request&, httplib::Response& response) {
      const std::lock_guard lock(mutex_);
      response.set_header("Content-Encoding", "gzip");
      response.set_content(gzipped(text_), "text/plain");
    });
  }};
};

TEST_F(PrometheusSourceTest, KnowsGo) {
  publish(
      "# TYPE go_goroutines gauge\ngo_goroutines 18\n"
      "go_gc_duration_seconds{quantile=\"0.5\"} 0.0001\n"
      "go_gc_duration_seconds_sum 0.012345678\ngo_gc_duration_seconds_count 42\n"
      "go_memstats_heap_alloc_bytes 1.0024312e+07\ngo_memstats_heap_inuse_bytes 1.1e+07\n");
  PrometheusSource source = this->source();
  const MetricsReading reading = source.read();
  EXPECT_EQ(reading.live_tasks, 18);
  EXPECT_EQ(reading.heap_in_use_bytes, 10'024'312);
  EXPECT_EQ(reading.gc_pause_total_ns, 12'345'678);
  EXPECT_EQ(reading.gc_cycles_total, 42);
  EXPECT_EQ(source.description(),
            "live tasks from go_goroutines, heap in use from go_memstats_heap_alloc_bytes");
  EXPECT_EQ(source.take_problems(), Strings{});
}

struct Exporter {
  const char* name;
  const char* text;
  std::int64_t live_tasks;
  std::optional<std::int64_t> heap;
};

TEST_F(PrometheusSourceTest, KnowsWhatTheUsualExportersPublish) {
  const Exporter exporters[] = {
      {"Micrometer",
       "jvm_threads_live_threads{application=\"shop\"} 31\n"
       "jvm_memory_used_bytes{area=\"heap\",id=\"Eden\"} 100\n"
       "jvm_memory_used_bytes{area=\"nonheap\",id=\"Metaspace\"} 7\n"
       "jvm_memory_used_bytes{area=\"heap\",id=\"Old\"} 20\n",
       31, 120},
      {"JVM client", "jvm_threads_current 12\njvm_memory_bytes_used{area=\"heap\"} 5.5e3\n", 12,
       5'500},
      {"JVM, OpenTelemetry",
       "jvm_thread_count{jvm_thread_state=\"waiting\"} 3\n"
       "jvm_thread_count{jvm_thread_state=\"runnable\"} 4\n"
       "jvm_memory_used_bytes{jvm_memory_type=\"heap\",jvm_memory_pool_name=\"Old\"} 9\n"
       "jvm_memory_used_bytes{jvm_memory_type=\"non_heap\"} 1\n",
       7, 9},
      {"prom-client",
       "nodejs_active_handles_total 4\nnodejs_active_resources_total 17\n"
       "nodejs_heap_size_used_bytes 40000000\n",
       17, 40'000'000},
      {"old prom-client", "nodejs_active_handles_total 4\n", 4, std::nullopt},
      {"tokio-metrics", "tokio_workers_count 2\ntokio_live_tasks_count 1001\n", 1'001,
       std::nullopt},
      {"tokio", "tokio_num_alive_tasks{node_id=\"a\"} 5\ntokio_num_alive_tasks{node_id=\"b\"} 6\n",
       11, std::nullopt},
      {"our own names", "leakbench_live_tasks 8\nleakbench_heap_in_use_bytes 90\n", 8, 90},
  };
  for (const Exporter& exporter : exporters) {
    SCOPED_TRACE(exporter.name);
    publish(exporter.text);
    PrometheusSource source = this->source();
    const MetricsReading reading = source.read();
    EXPECT_EQ(reading.live_tasks, exporter.live_tasks);
    EXPECT_EQ(reading.heap_in_use_bytes, exporter.heap);
  }
}

TEST_F(PrometheusSourceTest, ReadsTheSeriesOfTheManifest) {
  publish(
      "asyncio_tasks{state=\"pending\",loop=\"main\"} 40\nasyncio_tasks{state=\"done\"} 2\n"
      "go_goroutines 1\nheap 7\n");
  PrometheusSource source = this->source({.metrics_path = "/actuator/prometheus",
                                          .live_tasks_series = "asyncio_tasks{state=\"pending\"}",
                                          .heap_in_use_series = "heap"});
  EXPECT_EQ(source.read().live_tasks, 40);
  EXPECT_EQ(source.read().heap_in_use_bytes, 7);
  EXPECT_EQ(source.series({"asyncio_tasks", "unknown"}), (SeriesValues{42, std::nullopt}));
  EXPECT_EQ(source.take_problems(), Strings{});
}

TEST_F(PrometheusSourceTest, AFigureIsNeverTakenFromAnotherSeriesThanBefore) {
  publish("jvm_threads_current 12\n");
  PrometheusSource source = this->source();
  EXPECT_EQ(source.read().live_tasks, 12);
  publish("jvm_threads_current 13\ngo_goroutines 5\n");
  EXPECT_EQ(source.read().live_tasks, 13);
  publish("go_goroutines 5\n");
  EXPECT_EQ(source.read().live_tasks, std::nullopt);
}

TEST_F(PrometheusSourceTest, SaysOnceWhatIsMissingOrNoCount) {
  publish("other 1\nhalf 0.5\n");
  PrometheusSource unknown = this->source();
  PrometheusSource wrong =
      this->source({.live_tasks_series = "asyncio_tasks", .heap_in_use_series = "sum(heap)"});
  PrometheusSource half =
      this->source({.live_tasks_series = "half", .heap_in_use_series = "other"});
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(unknown.read().live_tasks, std::nullopt);
    EXPECT_EQ(wrong.read().live_tasks, std::nullopt);
    EXPECT_EQ(half.read().live_tasks, std::nullopt);
  }
  EXPECT_EQ(unknown.take_problems(),
            (Strings{"GET /metrics (live tasks): none of the series that are known; name one with "
                     "live_tasks",
                     "GET /metrics (heap in use): none of the series that are known; name one with "
                     "heap_in_use"}));
  EXPECT_EQ(wrong.take_problems(),
            (Strings{"GET /metrics (live tasks): no series \"asyncio_tasks\"",
                     "GET /metrics (heap in use): \"sum(heap)\" is no series: it is written as "
                     "name or name{label=\"value\"}"}));
  EXPECT_EQ(half.take_problems(),
            Strings{"GET /metrics (live tasks): \"half\" is 0.5, which is no count"});
}

TEST_F(PrometheusSourceTest, ReadsAPackedExposition) {
  publish("go_goroutines 18\n");
  EXPECT_EQ(source({.metrics_path = "/packed"}).read().live_tasks, 18);
}

}  // namespace
}  // namespace leakbench
