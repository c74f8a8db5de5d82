// A server that answers like a Go server's net/http/pprof and expvar, or not at all like one.
#ifndef LEAKBENCH_HARNESS_PROBE_TEST_GO_SERVER_H_
#define LEAKBENCH_HARNESS_PROBE_TEST_GO_SERVER_H_

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "harness/probe/test_goroutines.h"
#include "harness/target/test_server.h"

namespace leakbench {

struct TestAnswer {
  int status = 200;
  std::string body = {};
};

// Answers by path and query; what is not known is answered as Go does. Thread safe.
class TestGoServer {
 public:
  explicit TestGoServer(std::map<std::string, TestAnswer> answers)
      : answers_(std::move(answers)), server_([this](httplib::Server& http) {
          http.Get(".*", [this](const httplib::Request& request, httplib::Response& response) {
            const std::lock_guard lock(mutex_);
            asked_.push_back(request.target);
            const auto known = answers_.find(request.target);
            const TestAnswer answer =
                known == answers_.end() ? TestAnswer{404, "Unknown profile\n"} : known->second;
            response.status = answer.status;
            response.set_content(answer.body, "application/octet-stream");
          });
        }) {}

  // What a whole one answers: of 68 goroutines, 56 of them the application's.
  static std::map<std::string, TestAnswer> captured_answers() {
    return {{"/debug/pprof/goroutine", {200, captured("goroutine.pb.gz")}},
            {"/debug/pprof/goroutine?debug=1", {200, captured("goroutine_debug1.txt")}},
            {"/debug/pprof/goroutine?debug=2", {200, captured("goroutine_debug2.txt")}},
            {"/debug/pprof/goroutineleak", {200, captured("goroutineleak.pb.gz")}},
            {"/debug/pprof/heap?gc=1", {200, captured("heap.pb.gz")}},
            {"/debug/pprof/heap?debug=1",
             {200,
              "heap profile: 0: 0 [0: 0] @ heap/1048576\n\n# runtime.MemStats\n# HeapAlloc = 700\n"
              "# PauseNs = [1 2 3]\n# NumGC = 3\n"}},
            {"/debug/vars",
             {200, R"({"memstats":{"HeapAlloc":1000,"NumGC":5,"PauseTotalNs":12345}})"}}};
  }

  std::uint16_t port() const { return server_.port(); }

  void answer(const std::string& target, TestAnswer answer) {
    const std::lock_guard lock(mutex_);
    answers_[target] = std::move(answer);
  }

  // What was asked for since the last call.
  std::vector<std::string> take_asked() {
    const std::lock_guard lock(mutex_);
    return std::exchange(asked_, {});
  }

 private:
  std::mutex mutex_;
  std::map<std::string, TestAnswer> answers_;
  std::vector<std::string> asked_;
  const TestHttpServer server_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_TEST_GO_SERVER_H_
