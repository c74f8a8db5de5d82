// Whatever a server does, every source comes back in time, knows nothing rather than something
// wrong, and says so in one line.
#include <gtest/gtest.h>

#include <chrono>
#include <memory>

#include "harness/probe/go_source.h"
#include "harness/probe/leakbench_source.h"
#include "harness/probe/prometheus_source.h"
#include "harness/probe/test_go_server.h"
#include "harness/target/ports.h"

namespace leakbench {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Strings = std::vector<std::string>;

constexpr ControlClient::Limits kShort{milliseconds(150), 1 << 20};
const SteadyClock kSteadyClock;

std::unique_ptr<MetricsSource> source_of(MetricsSourceKind kind, std::uint16_t port,
                                         ControlClient::Limits limits = kShort) {
  if (kind == MetricsSourceKind::kLeakbench) {
    return std::make_unique<LeakbenchSource>(port, limits);
  }
  if (kind == MetricsSourceKind::kGo) {
    return std::make_unique<GoSource>(port, MetricsSourceSpec{.kind = kind},
                                      ReadingPace::kEveryTime, kSteadyClock,
                                      GoSource::Limits{.reading = limits, .full = limits});
  }
  return std::make_unique<PrometheusSource>(port, MetricsSourceSpec{.kind = kind},
                                            ReadingPace::kEveryTime, kSteadyClock, limits);
}

void expect_nothing_known(const MetricsReading& reading) {
  EXPECT_EQ(reading.live_tasks, std::nullopt);
  EXPECT_EQ(reading.system_tasks, std::nullopt);
  EXPECT_EQ(reading.heap_in_use_bytes, std::nullopt);
  EXPECT_EQ(reading.gc_pause_total_ns, std::nullopt);
}

// Calls of every kind, twice.
void expect_nothing_in_time(MetricsSource& source) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 2; ++i) {
    expect_nothing_known(source.read());
    EXPECT_FALSE(source.task_profile().has_value());
    EXPECT_FALSE(source.full_task_profile().has_value());
    EXPECT_FALSE(source.pause().has_value());
    EXPECT_FALSE(source.os_pause().has_value());
    source.collect_garbage();
  }
  // Twelve calls of up to four requests; the full profile of a server of ours takes ten times the
  // limit. A call without a bound would never end.
  EXPECT_LT(std::chrono::steady_clock::now() - start, seconds(60));
  const Strings problems = source.take_problems();
  EXPECT_FALSE(problems.empty());
  for (const std::string& problem : problems) {
    EXPECT_EQ(problem.find('\n'), std::string::npos) << problem;
    EXPECT_LT(problem.size(), 700u);
  }
  // The same again is nothing new.
  expect_nothing_known(source.read());
  EXPECT_EQ(source.take_problems(), Strings{});
}

class HostileServer : public testing::TestWithParam<MetricsSourceKind> {
 protected:
  void expect_nothing_of(const std::function<void(int)>& talk) {
    const TestRawServer server(talk);
    expect_nothing_in_time(*source_of(GetParam(), server.port()));
  }
  void expect_nothing_of_answer(int status, const std::string& body,
                                const std::string& encoding = "") {
    const TestHttpServer server([&](httplib::Server& http) {
      http.Get(".*", [=](const httplib::Request&, httplib::Response& response) {
        response.status = status;
        if (!encoding.empty()) response.set_header("Content-Encoding", encoding);
        response.set_content(body, "text/plain");
      });
    });
    expect_nothing_in_time(*source_of(GetParam(), server.port()));
  }
};

TEST_P(HostileServer, IsGone) { expect_nothing_in_time(*source_of(GetParam(), pick_free_port())); }

TEST_P(HostileServer, Hangs) {
  expect_nothing_of([](int socket) {
    char buffer[4096];
    while (::recv(socket, buffer, sizeof buffer, 0) > 0) {
    }
  });
}

TEST_P(HostileServer, HasNoSuchEndpoint) { expect_nothing_of_answer(404, "404 page not found\n"); }

TEST_P(HostileServer, AnswersWithAnError) {
  expect_nothing_of_answer(500, "leakbench_live_tasks 5\ngoroutine profile: total 5\n");
}

TEST_P(HostileServer, AnswersWithAnotherPage) {
  expect_nothing_of_answer(200, "<html>\nIt works!\x1b[2J\n</html>");
}

TEST_P(HostileServer, AnswersWithNothing) { expect_nothing_of_answer(200, ""); }

TEST_P(HostileServer, AnswersWithBinaryGarbage) {
  std::string garbage = "\x1f\x8b";
  for (unsigned i = 0; i < 50'000; ++i) garbage += static_cast<char>(i * 2'654'435'761u >> 13);
  expect_nothing_of_answer(200, garbage);
}

TEST_P(HostileServer, SendsATruncatedGzip) {
  expect_nothing_of_answer(200, captured("goroutine.pb.gz").substr(0, 700));
}

TEST_P(HostileServer, SaysThatItIsGzipAndItIsNot) { expect_nothing_of_answer(200, "no", "gzip"); }

TEST_P(HostileServer, SendsGarbageWithoutEnd) {
  const std::string chunk(1 << 20, 'x');
  expect_nothing_of([&](int socket) {
    char buffer[4096];
    ::recv(socket, buffer, sizeof buffer, 0);
    bool alive = send_text(socket, "HTTP/1.1 200 OK\r\n\r\n");
    while (alive) alive = send_text(socket, chunk);
  });
}

TEST_P(HostileServer, ClosesInTheMiddle) {
  expect_nothing_of([](int socket) {
    char buffer[4096];
    ::recv(socket, buffer, sizeof buffer, 0);
    send_text(socket, "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\ngoroutine profile: tot");
  });
}

TEST_P(HostileServer, TricklesItsAnswer) {
  expect_nothing_of([](int socket) {
    char buffer[4096];
    ::recv(socket, buffer, sizeof buffer, 0);
    bool alive = send_text(socket, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    while (alive) {
      std::this_thread::sleep_for(milliseconds(5));
      alive = send_text(socket, "x");
    }
  });
}

INSTANTIATE_TEST_SUITE_P(Sources, HostileServer,
                         testing::Values(MetricsSourceKind::kLeakbench, MetricsSourceKind::kGo,
                                         MetricsSourceKind::kPrometheus),
                         [](const auto& info) -> std::string {
                           switch (info.param) {
                             case MetricsSourceKind::kLeakbench:
                               return "Leakbench";
                             case MetricsSourceKind::kGo:
                               return "Go";
                             default:
                               return "Prometheus";
                           }
                         });

TEST(HostileGoServer, ADumpOf64MiBOfGarbageCostsItsSites) {
  auto answers = TestGoServer::captured_answers();
  answers["/debug/pprof/goroutine?debug=2"] = {200, std::string(64 << 20, 'x')};
  const TestGoServer server(std::move(answers));
  const auto source = source_of(MetricsSourceKind::kGo, server.port(), {seconds(30), 65 << 20});
  const auto profile = source->full_task_profile();
  ASSERT_TRUE(profile.has_value());
  EXPECT_EQ(profile->live_tasks, 56);
  EXPECT_EQ(profile->sites.front().function, "main.main.func1");
  ASSERT_EQ(source->take_problems().size(), 1u);
}

TEST(HostileGoServer, ADumpThatIsCutAt64MiBCostsItsSites) {
  // As Go cuts it: without a word, in the middle of a line.
  const std::string one = captured("goroutine_debug2.txt");
  std::string dump;
  while (dump.size() < 64 << 20) dump += one + "\n";
  dump.resize(64 << 20);
  auto answers = TestGoServer::captured_answers();
  answers["/debug/pprof/goroutine?debug=2"] = {200, dump};
  const TestGoServer server(std::move(answers));
  const auto source = source_of(MetricsSourceKind::kGo, server.port(), {seconds(30), 65 << 20});
  const auto profile = source->full_task_profile();
  ASSERT_TRUE(profile.has_value());
  EXPECT_EQ(profile->live_tasks, 56);
  const Strings problems = source->take_problems();
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_NE(problems[0].find("a dump that is cut after"), std::string::npos) << problems[0];
}

}  // namespace
}  // namespace leakbench
