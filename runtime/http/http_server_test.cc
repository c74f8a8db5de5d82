#include "runtime/http/http_server.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

#include "runtime/base/eventually_for_testing.h"
#include "runtime/net/stream.h"
#include "runtime/task/sleep.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

// A blocking client on a plain socket, so that the server is tested against something else.
class Client {
 public:
  explicit Client(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const sockaddr_in address = loopback(port);
    connected_ =
        ::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    const timeval limit{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  }

  bool connected() const { return connected_; }
  void send(std::string_view bytes) {
    (void)!::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  void finish_sending() { ::shutdown(fd_.get(), SHUT_WR); }
  void close() { fd_ = FileDescriptor(); }

  // Everything until the answer ends with `end`, or the connection does.
  std::string read_until(std::string_view end) {
    std::string all;
    char buffer[4096];
    while (!all.ends_with(end)) {
      const ssize_t count = ::recv(fd_.get(), buffer, sizeof(buffer), 0);
      if (count <= 0) return all + "<end>";
      all.append(buffer, static_cast<std::size_t>(count));
    }
    return all;
  }
  std::string read_to_end() { return read_until("<no such end>"); }

 private:
  FileDescriptor fd_;
  bool connected_ = false;
};

int status_of(const std::string& answer) {
  return answer.size() < 12 ? 0 : std::atoi(answer.c_str() + 9);
}

// How the context of a handler ended, as the handler saw it.
struct Ending {
  std::atomic<bool> running{false};
  std::atomic<bool> ended{false};
  Failure err, cause;  // written before `ended`
};

task<> watch(Context ctx, Ending* ending) {
  ending->running = true;
  ending->err = co_await done(ctx);
  ending->cause = ctx.cause();
  ending->ended = true;
}

class HttpServerTest : public testing::Test {
 protected:
  void start(HttpServer::Options options = {}) {
    server_.emplace(scheduler_, options);
    server_->handle("/ok",
                    [](Context, Request) -> task<Response> { co_return Response::text("ok"); });
    server_->handle("/echo", [](Context, Request request) -> task<Response> {
      co_return Response::text(request.method + " " + request.body);
    });
    server_->handle("/throw", [](Context, Request) -> task<Response> {
      throw std::runtime_error("boom");
      co_return Response();
    });
    server_->handle("/wait", [this](Context ctx, Request) -> task<Response> {
      co_await watch(ctx, &handler_);
      co_return Response::text("stopped");
    });
    server_->handle("/background", [this](Context ctx, Request) -> task<Response> {
      go(watch(ctx, &background_), "background");
      co_return Response::text("ok");
    });
    server_->handle("/slow", [](Context ctx, Request) -> task<Response> {
      const Failure stopped = co_await sleep_for(ctx, 50ms);
      co_return Response::text(stopped ? "cut" : "finished");
    });
    server_->start();
  }

  Ending handler_, background_;
  // Destroyed in this order: server, then scheduler with all tasks.
  Scheduler scheduler_{{.workers = 2, .make_poller = make_epoll_poller}};
  std::optional<HttpServer> server_;
};

constexpr std::string_view kGetOk = "GET /ok HTTP/1.1\r\nHost: x\r\n\r\n";

TEST_F(HttpServerTest, AnswersManyRequestsOnOneConnection) {
  start();
  Client client(server_->port());
  for (int i = 0; i < 3; ++i) {
    client.send(kGetOk);
    const std::string answer = client.read_until("\r\n\r\nok");
    EXPECT_EQ(status_of(answer), 200) << answer;
    EXPECT_NE(answer.find("Content-Length: 2\r\n"), std::string::npos);
    EXPECT_NE(answer.find(" GMT\r\n"), std::string::npos);
  }
  EXPECT_EQ(server_->counts().requests_total, 3u);
  EXPECT_EQ(server_->counts().connections_open, 1);
}

TEST_F(HttpServerTest, AnswersPipelinedAndSlowlySentRequestsInOrder) {
  start();
  Client client(server_->port());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na"
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nb");
  const std::string answers = client.read_until("POST b");
  EXPECT_LT(answers.find("POST a"), answers.find("POST b"));
  for (const char byte : kGetOk) client.send({&byte, 1});
  EXPECT_EQ(status_of(client.read_until("\r\n\r\nok")), 200);
}

TEST_F(HttpServerTest, ClosesWhenTheClientAsksForIt) {
  start();
  Client client(server_->port());
  client.send("GET /ok HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string answer = client.read_to_end();
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("ok<end>"));
}

TEST_F(HttpServerTest, AnswersUnknownPathsAndThrowingHandlers) {
  start();
  Client client(server_->port());
  client.send("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(status_of(client.read_until("found\n")), 404);
  client.send("GET /throw HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(status_of(client.read_until("error\n")), 500);
  client.send(kGetOk);
  EXPECT_EQ(status_of(client.read_until("ok")), 200);
}

TEST_F(HttpServerTest, RefusesBadRequestsAndGoesOnServingOthers) {
  start({.limits = {.header_bytes = 1'000, .body_bytes = 100}});
  const auto status_for = [this](const std::string& bytes) {
    Client client(server_->port());
    client.send(bytes);
    return status_of(client.read_to_end());
  };
  EXPECT_EQ(status_for("nonsense\r\n\r\n"), 400);
  EXPECT_EQ(status_for("GET /ok HTTP/1.1\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n"), 431);
  EXPECT_EQ(status_for("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n" +
                       std::string(2'000'000, 'x')),
            413);
  EXPECT_EQ(status_for(std::string(kGetOk) + "rubbish\r\n\r\n"), 200);
  EXPECT_TRUE(eventually([this] { return server_->counts().connections_open == 0; }));
}

TEST_F(HttpServerTest, TellsASlowClientThatItsTimeIsUp) {
  start({.read_timeout = 30ms});
  Client client(server_->port());
  client.send("GET /ok HTTP/1.1\r\nHost:");
  EXPECT_EQ(status_of(client.read_to_end()), 408);
}

TEST_F(HttpServerTest, SaysContinueToAClientThatWaitsForIt) {
  start();
  Client client(server_->port());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hi");
  EXPECT_EQ(status_of(client.read_until("POST hi")), 200);
}

TEST_F(HttpServerTest, TheContextIsDoneWhenTheHandlerHasReturned) {
  start();
  Client client(server_->port());
  client.send("GET /background HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(status_of(client.read_until("ok")), 200);
  EXPECT_TRUE(eventually([this] { return background_.ended.load(); }));
  EXPECT_EQ(background_.err, canceled());
  EXPECT_EQ(background_.cause, canceled());
}

TEST_F(HttpServerTest, TheContextIsDoneWhenTheClientDisconnects) {
  start();
  Client client(server_->port());
  client.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(eventually([this] { return handler_.running.load(); }));
  client.close();
  ASSERT_TRUE(eventually([this] { return handler_.ended.load(); }));
  EXPECT_EQ(handler_.err, canceled());
  EXPECT_EQ(handler_.cause, client_gone());
}

TEST_F(HttpServerTest, TheContextIsDoneWhenTheRequestTimeoutPasses) {
  start({.request_timeout = 20ms});
  Client client(server_->port());
  client.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(status_of(client.read_until("stopped")), 200);
  EXPECT_EQ(handler_.err, deadline_exceeded());
}

TEST_F(HttpServerTest, TheContextIsDoneWhenTheServerShutsDown) {
  start();
  Client client(server_->port());
  client.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(eventually([this] { return handler_.running.load(); }));
  EXPECT_TRUE(server_->shutdown(10ms));
  EXPECT_EQ(handler_.cause, server_closed());
  EXPECT_EQ(status_of(client.read_until("stopped")), 200);
}

TEST_F(HttpServerTest, ShutdownClosesIdleConnectionsAndThePort) {
  start();
  Client client(server_->port());
  client.send(kGetOk);
  (void)client.read_until("ok");
  EXPECT_TRUE(server_->shutdown(20s));
  EXPECT_EQ(client.read_to_end(), "<end>");
  EXPECT_TRUE(eventually([this] { return !Client(server_->port()).connected(); }));
}

TEST_F(HttpServerTest, ShutdownLetsARequestUnderWayFinish) {
  start();
  Client client(server_->port());
  client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(eventually([this] { return server_->counts().requests_in_flight == 1; }));
  EXPECT_TRUE(server_->shutdown(20s));
  const std::string answer = client.read_to_end();
  EXPECT_TRUE(answer.ends_with("finished<end>")) << answer;
}

TEST_F(HttpServerTest, AConnectionIsALiveTaskOnlyWhileAHandlerRuns) {
  start();
  Client idle(server_->port()), waiting(server_->port());
  idle.send(kGetOk);
  (void)idle.read_until("ok");
  EXPECT_EQ(scheduler_.live_tasks(), 0);
  waiting.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(eventually([this] { return handler_.running.load(); }));
  EXPECT_EQ(scheduler_.live_tasks(), 1);
  bool named = false;
  for (const auto& site : scheduler_.profile()) {
    if (site.site.name == "/wait" && site.live == 1) named = true;
  }
  EXPECT_TRUE(named);
  waiting.close();
  EXPECT_TRUE(eventually([this] { return scheduler_.live_tasks() == 0; }));
}

TEST_F(HttpServerTest, ServesManyConnectionsAtOnce) {
  start();
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 200; ++i) clients.push_back(std::make_unique<Client>(server_->port()));
  for (auto& client : clients) client->send(kGetOk);
  for (auto& client : clients) EXPECT_EQ(status_of(client->read_until("ok")), 200);
  EXPECT_EQ(server_->counts().connections_open, 200);
  clients.clear();
  EXPECT_TRUE(eventually([this] { return server_->counts().connections_open == 0; }));
}

}  // namespace
}  // namespace leakbench
