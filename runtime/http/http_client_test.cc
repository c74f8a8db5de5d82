#include "runtime/http/http_client.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "runtime/base/eventually_for_testing.h"
#include "runtime/http/http_server.h"
#include "runtime/http/raw_server_for_testing.h"
#include "runtime/net/epoll_poller.h"
#include "runtime/net/listener.h"
#include "runtime/sync/wait_group.h"
#include "runtime/task/sleep.h"
#include "runtime/testing/expect_no_leaked_tasks.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

class HttpClientTest : public testing::Test {
 protected:
  HttpResult send(const HttpClient& client, Context ctx, const std::string& url, Request request) {
    return scheduler_.run(client.send(std::move(ctx), url, std::move(request)));
  }
  HttpResult get(const HttpClient& client, const std::string& url) {
    return scheduler_.run(client.get(background(), url));
  }
  HttpResult get_within(const HttpClient& client, const std::string& url, Duration timeout) {
    return scheduler_.run(
        [](const HttpClient* client, std::string url, Duration timeout) -> task<HttpResult> {
          auto [ctx, cancel] = with_timeout(background(), timeout);
          HttpResult result = co_await client->get(ctx, url);
          co_return result;
        }(&client, url, timeout));
  }

  Scheduler scheduler_{{.workers = 1, .make_poller = make_epoll_poller}};
  const NoLeakedTasks no_leaks_{scheduler_};
};

void echo_number(RawConnection& connection) {
  while (!connection.read_head().empty()) connection.send_ok(std::to_string(connection.number()));
}

TEST_F(HttpClientTest, SendsTheRequestAndGivesTheResponse) {
  std::string head;
  RawServer server([&](RawConnection& connection) {
    head = connection.read_head();
    connection.send("HTTP/1.1 404 Not Found\r\nX-Key: value\r\nContent-Length: 4\r\n\r\ngone");
  });
  const HttpClient client;
  const HttpResult result = send(
      client, background(), server.url("/a?b=c"),
      {.method = "POST", .target = "/ignored", .headers = {{"X-Trace", "1"}}, .body = "hello"});
  ASSERT_TRUE(result) << result.failure.message();
  EXPECT_EQ(result.response->status, 404);
  EXPECT_EQ(result.response->header("x-key"), "value");
  EXPECT_EQ(result.response->body, "gone");
  EXPECT_TRUE(head.starts_with("POST /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:")) << head;
  EXPECT_NE(head.find("\r\nX-Trace: 1\r\n"), head.npos) << head;
  EXPECT_NE(head.find("\r\nContent-Length: 5\r\n"), head.npos) << head;
  EXPECT_EQ(head.find("X-Envoy"), head.npos) << head;
}

TEST_F(HttpClientTest, ReadsEveryKindOfBody) {
  for (const auto& [bytes, body] : std::vector<std::pair<std::string, std::string>>{
           {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n",
            "abcd"},
           {"HTTP/1.1 200 OK\r\n\r\nuntil the end", "until the end"},
           {"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", "x"},
           {"HTTP/1.1 204 No Content\r\n\r\n", ""}}) {
    RawServer server([&bytes = bytes](RawConnection& connection) {
      (void)connection.read_head();
      for (const char byte : bytes) connection.send({&byte, 1});
    });
    const HttpClient client;
    const HttpResult result = get(client, server.url());
    ASSERT_TRUE(result) << result.failure.message();
    EXPECT_EQ(result.response->body, body);
  }
}

TEST_F(HttpClientTest, UsesAConnectionAgain) {
  RawServer server(echo_number);
  const HttpClient client;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(get(client, server.url()).response->body, "0");
  EXPECT_EQ(client.counts().connections_opened, 1u);
  EXPECT_EQ(client.counts().connections_idle, 1u);
}

TEST_F(HttpClientTest, UsesTheConnectionThatWasGivenBackLast) {
  std::atomic<int> arrived{0};
  std::atomic<int> may_answer{-1};
  RawServer server([&](RawConnection& connection) {
    while (!connection.read_head().empty()) {
      ++arrived;
      EXPECT_TRUE(eventually([&] { return may_answer.load() >= connection.number(); }));
      connection.send_ok(std::to_string(connection.number()));
    }
  });
  const HttpClient client;
  for (int i = 0; i < 2; ++i) {
    scheduler_.go([](const HttpClient* client, std::string url) -> task<> {
      const HttpResult result = co_await client->get(background(), url);
      EXPECT_TRUE(result);
    }(&client, server.url()));
    ASSERT_TRUE(eventually([&] { return arrived == i + 1; }));
  }
  for (int i = 0; i < 2; ++i) {
    may_answer = i;
    ASSERT_TRUE(eventually([&] { return client.counts().connections_idle == std::size_t(i) + 1; }));
  }
  EXPECT_EQ(get(client, server.url()).response->body, "1");
}

TEST_F(HttpClientTest, KeepsNoMoreIdleConnectionsThanAllowed) {
  std::atomic<int> arrived{0};
  RawServer server([&](RawConnection& connection) {
    (void)connection.read_head();
    ++arrived;
    EXPECT_TRUE(eventually([&] { return arrived == 3; }));
    connection.send_ok("");
    EXPECT_TRUE(connection.read_to_end());
  });
  HttpClient client({.most_idle_per_address = 2});
  scheduler_.run([](const HttpClient* client, std::string url) -> task<> {
    wait_group group;
    group.add(3);
    for (int i = 0; i < 3; ++i) {
      go([](const HttpClient* client, std::string url, wait_group* group) -> task<> {
        const DoneAtEnd done(*group);
        const HttpResult result = co_await client->get(background(), url);
        EXPECT_TRUE(result);
      }(client, url, &group));
    }
    (void)co_await group.wait(background());
  }(&client, server.url()));
  EXPECT_EQ(client.counts().connections_idle, 2u);
}

TEST_F(HttpClientTest, ClosesWhatWasIdleForTooLong) {
  std::atomic<bool> closed{false};
  RawServer server([&](RawConnection& connection) {
    echo_number(connection);
    closed = true;
  });
  const HttpClient client({.idle_timeout = 20ms});
  EXPECT_TRUE(get(client, server.url()));
  EXPECT_TRUE(eventually([&] { return closed.load(); }));
  EXPECT_TRUE(eventually([&] { return client.counts().connections_idle == 0; }));
}

TEST_F(HttpClientTest, ClosesIdleConnectionsWhenItGoes) {
  std::atomic<int> closed{0};
  RawServer server([&](RawConnection& connection) {
    echo_number(connection);
    ++closed;
  });
  {
    const HttpClient client;
    EXPECT_TRUE(get(client, server.url()));
    EXPECT_EQ(scheduler_.live_tasks(), 0);  // an idle connection is no task of the application
  }
  EXPECT_TRUE(eventually([&] { return closed == 1; }));
}

TEST_F(HttpClientTest, OutlivesASchedulerAndWorksOnTheNext) {
  RawServer server(echo_number);
  const HttpClient client;
  for (int i = 0; i < 2; ++i) {
    Scheduler scheduler({.workers = 1, .make_poller = make_epoll_poller});
    const HttpResult result = scheduler.run(client.get(background(), server.url()));
    ASSERT_TRUE(result);
    EXPECT_EQ(result.response->body, std::to_string(i));
  }
}

TEST_F(HttpClientTest, ReplacesAConnectionThatTheServerHasClosed) {
  RawServer server([&](RawConnection& connection) {
    (void)connection.read_head();
    connection.send_ok(std::to_string(connection.number()));
  });
  const HttpClient client;
  EXPECT_EQ(get(client, server.url()).response->body, "0");
  // The end may come before the next request, when it is seen, or after it, when that is sent
  // again.
  EXPECT_EQ(get(client, server.url()).response->body, "1");
  EXPECT_EQ(client.counts().connections_opened, 2u);
}

// Answers once, and closes when it has read a second request.
void close_on_the_second(RawConnection& connection) {
  (void)connection.read_head();
  connection.send_ok(std::to_string(connection.number()));
  (void)connection.read_head();
}

TEST_F(HttpClientTest, SendsAgainWhatAStaleConnectionTookWithoutAWord) {
  RawServer server(close_on_the_second);
  const HttpClient client;
  EXPECT_EQ(get(client, server.url()).response->body, "0");
  EXPECT_EQ(get(client, server.url()).response->body, "1");
}

TEST_F(HttpClientTest, SendsNothingTwiceThatMayNotBeRepeated) {
  RawServer server(close_on_the_second);
  const HttpClient client;
  EXPECT_TRUE(get(client, server.url()));
  const HttpResult result = send(client, background(), server.url(), {.method = "POST"});
  EXPECT_FALSE(result);
  EXPECT_EQ(result.error, std::errc::connection_aborted);
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(HttpClientTest, SendsAgainOnlyOnceAndNotAfterTheFirstByte) {
  RawServer hangs_up([](RawConnection& connection) {
    if (connection.number() == 0) {
      close_on_the_second(connection);
    } else {
      (void)connection.read_head();
    }
  });
  const HttpClient client;
  EXPECT_TRUE(get(client, hangs_up.url()));
  EXPECT_EQ(get(client, hangs_up.url()).error, std::errc::connection_aborted);
  EXPECT_EQ(hangs_up.connections(), 2);

  RawServer begins([](RawConnection& connection) {
    (void)connection.read_head();
    connection.send_ok("");
    (void)connection.read_head();
    connection.send("H");
  });
  EXPECT_TRUE(get(client, begins.url()));
  EXPECT_EQ(get(client, begins.url()).error, std::errc::connection_aborted);
  EXPECT_EQ(begins.connections(), 1);
}

TEST_F(HttpClientTest, UnderADoneContextItDoesNotEvenConnect) {
  RawServer server(echo_number);
  const HttpClient client;
  auto [ctx, cancel] = with_cancel(background());
  cancel();
  const HttpResult result = scheduler_.run(client.get(ctx, server.url()));
  EXPECT_EQ(result.failure, canceled());
  EXPECT_EQ(result.error, std::errc::operation_canceled);
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(HttpClientTest, GivesUpConnectingWithItsContext) {
  // A backlog that is full lets further connections wait in SYN_SENT.
  const FileDescriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof(address);
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), length), 0);
  ASSERT_EQ(::listen(listener.get(), 0), 0);
  ::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &length);
  std::vector<FileDescriptor> filling;
  for (int i = 0; i < 8; ++i) filling.push_back(start_connect(address).fd);
  const HttpClient client;
  const HttpResult result =
      get_within(client, "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/", 50ms);
  EXPECT_EQ(result.failure, deadline_exceeded());
  EXPECT_EQ(client.counts().connections_opened, 0u);
}

// Cancels once the server says that the phase has come; then the server must see the end.
struct Phase {
  const char* name;
  const char* sent;  // by the server, before it says so
  bool reads;        // the server, the request
};

class HttpClientCancel : public HttpClientTest, public testing::WithParamInterface<Phase> {};

TEST_P(HttpClientCancel, EndsAtOnceAndClosesTheConnection) {
  std::atomic<bool> reached{false}, cancelled{false}, closed{false};
  RawServer server([&](RawConnection& connection) {
    if (GetParam().reads) (void)connection.read_head();
    connection.send(GetParam().sent);
    reached = true;
    EXPECT_TRUE(eventually([&] { return cancelled.load(); }));
    closed = connection.read_to_end();
  });
  const HttpClient client;
  auto [ctx, cancel] = with_cancel(background());
  std::atomic<bool> ended{false};
  scheduler_.go([](const HttpClient* client, Context ctx, std::string url, bool much,
                   std::atomic<bool>* ended) -> task<> {
    Request request{.method = "PUT", .body = std::string(much ? 64 << 20 : 10, 'x')};
    const HttpResult result = co_await client->send(ctx, url, std::move(request));
    EXPECT_EQ(result.failure, canceled());
    EXPECT_EQ(result.error, std::errc::operation_canceled);
    *ended = true;
  }(&client, ctx, server.url(), !GetParam().reads, &ended));
  ASSERT_TRUE(eventually([&] { return reached.load(); }));
  cancel();
  EXPECT_TRUE(eventually([&] { return ended.load(); }));
  cancelled = true;
  EXPECT_TRUE(eventually([&] { return closed.load(); }));
  EXPECT_EQ(client.counts().connections_idle, 0u);
}

INSTANTIATE_TEST_SUITE_P(
    InEachPhase, HttpClientCancel,
    testing::Values(Phase{"Sending", "", false}, Phase{"WaitingForTheResponse", "", true},
                    Phase{"InTheHeader", "HTTP/1.1 200 OK\r\nX: ", true},
                    Phase{"InTheBody", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", true},
                    Phase{"InAChunk",
                          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", true},
                    Phase{"InABodyWithoutEnd", "HTTP/1.1 200 OK\r\n\r\nabc", true}),
    [](const auto& info) { return info.param.name; });

TEST_F(HttpClientTest, AServerThatHangsIsGivenUpAtTheDeadlineOrTheClientsTimeout) {
  RawServer server([](RawConnection& connection) { EXPECT_TRUE(connection.read_to_end()); });
  const HttpClient client, impatient({.timeout = 20ms});
  const HttpResult late = get_within(client, server.url(), 20ms);
  EXPECT_EQ(late.failure, deadline_exceeded());
  EXPECT_EQ(late.error, std::errc::operation_canceled);
  EXPECT_EQ(get(impatient, server.url()).failure, deadline_exceeded());
}

TEST_F(HttpClientTest, AServerThatNeverStopsSendingIsGivenUpToo) {
  RawServer server([](RawConnection& connection) {
    connection.send("HTTP/1.1 200 OK\r\n\r\n");
    std::atomic<bool> ended{false};
    std::thread watch([&] {
      EXPECT_TRUE(connection.read_to_end());
      ended = true;
    });
    while (!ended) connection.send(std::string(100'000, 'x'));
    watch.join();
  });
  const HttpClient client({.limits = {.body_bytes = 1'000'000'000'000}});
  EXPECT_EQ(get_within(client, server.url(), 20ms).failure, deadline_exceeded());
}

TEST_F(HttpClientTest, SaysWhatWentWrong) {
  const auto error_of = [this](RawServer::Serve serve) {
    RawServer server(std::move(serve));
    const HttpClient client({.limits = {.header_bytes = 1'000, .body_bytes = 100}});
    const HttpResult result = get(client, server.url("/x"));
    EXPECT_FALSE(result);
    EXPECT_TRUE(result.failure.message().starts_with("GET http://127.0.0.1:"))
        << result.failure.message();
    EXPECT_FALSE(result.failure.is_timeout());
    EXPECT_EQ(client.counts().connections_idle, 0u);
    return result.error;
  };
  const auto answering = [](std::string bytes) {
    return [bytes](RawConnection& connection) {
      (void)connection.read_head();
      connection.send(bytes);
    };
  };
  EXPECT_EQ(error_of([](RawConnection& connection) {
              (void)connection.read_head();
              connection.reset_on_close();
            }),
            std::errc::connection_reset);
  EXPECT_EQ(error_of(answering("")), std::errc::connection_aborted);
  EXPECT_EQ(error_of(answering("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort")),
            std::errc::connection_aborted);
  EXPECT_EQ(error_of(answering("SSH-2.0-OpenSSH_9.2\r\n")), std::errc::bad_message);
  EXPECT_EQ(error_of(answering("HTTP/1.1 200 OK\r\nX: " + std::string(5'000, 'x'))),
            std::errc::message_size);
  EXPECT_EQ(error_of(answering("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n")),
            std::errc::message_size);
}

TEST_F(HttpClientTest, SaysThatNobodyListens) {
  const std::uint16_t gone = Listener(0).port();
  const HttpClient client;
  const HttpResult result = get(client, "http://127.0.0.1:" + std::to_string(gone) + "/");
  EXPECT_EQ(result.error, std::errc::connection_refused);
  EXPECT_NE(result.failure.message().find("cannot connect"), std::string::npos);
}

TEST_F(HttpClientTest, SendsNothingThatWouldBreakOutOfItsLine) {
  RawServer server(echo_number);
  const HttpClient client;
  EXPECT_EQ(get(client, server.url("/ HTTP/1.1\r\nX: y")).error, std::errc::invalid_argument);
  EXPECT_EQ(get(client, "ftp://127.0.0.1/").error, std::errc::invalid_argument);
  EXPECT_EQ(
      send(client, background(), server.url(), {.method = "GET", .headers = {{"X", "a\r\nY: b"}}})
          .error,
      std::errc::invalid_argument);
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(HttpClientTest, AnAnswerBeforeTheWholeRequestCounts) {
  RawServer server([](RawConnection& connection) {
    (void)connection.read_head();
    connection.send(
        "HTTP/1.1 413 Payload Too Large\r\nConnection: close\r\n"
        "Content-Length: 0\r\n\r\n");
    EXPECT_TRUE(connection.read_to_end());
  });
  const HttpClient client;
  const HttpResult result =
      send(client, background(), server.url(),
           {.method = "POST", .target = "/", .body = std::string(8'000'000, 'x')});
  ASSERT_TRUE(result) << result.failure.message();
  EXPECT_EQ(result.response->status, 413);
}

TEST(HttpClientConcurrency, ManyTasksOfSeveralWorkersUseOneClient) {
  Scheduler scheduler({.workers = 3, .make_poller = make_epoll_poller});
  HttpServer server(scheduler, {});
  server.handle("/", [](Context, Request request) -> task<Response> {
    co_return Response::text(request.target);
  });
  server.start();
  const NoLeakedTasks no_leaks(scheduler);
  std::optional<HttpClient> client(std::in_place);
  std::atomic<int> right{0};
  std::atomic<int> left{300};
  const std::string url = "http://127.0.0.1:" + std::to_string(server.port());
  for (int i = 0; i < 300; ++i) {
    scheduler.go([](const HttpClient* client, std::string url, std::string target,
                    std::atomic<int>* right, std::atomic<int>* left) -> task<> {
      for (int round = 0; round < 5; ++round) {
        auto [ctx, cancel] = with_timeout(background(), round == 2 ? 1us : 20s);
        const HttpResult result = co_await client->get(ctx, url + target);
        if (result && result.response->body == target) ++*right;
      }
      --*left;
    }(&*client, url, "/?" + std::to_string(i), &right, &left));
  }
  ASSERT_TRUE(eventually([&] { return left == 0; }));
  EXPECT_GE(right, 300 * 4);
  client.reset();
  EXPECT_TRUE(server.shutdown(20s));
}

}  // namespace
}  // namespace leakbench
