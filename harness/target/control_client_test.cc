#include "harness/target/control_client.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <vector>

#include "harness/target/ports.h"
#include "harness/target/test_server.h"

namespace leakbench {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr ControlClient::Limits kShort{milliseconds(200), 1 << 20};

TEST(ControlClient, GivesStatusAndBody) {
  const TestHttpServer server([](httplib::Server& http) {
    http.Get("/ok",
             [](const auto&, auto& response) { response.set_content("fine", "text/plain"); });
    http.Get("/busy", [](const auto&, auto& response) { response.status = 503; });
  });
  ControlClient client(server.port());
  const ControlReply reply = client.get("/ok");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "fine");
  EXPECT_EQ(reply.problem, "");
  EXPECT_EQ(client.get("/busy").status, 503);
  EXPECT_EQ(client.get("/nowhere").status, 404);
}

TEST(ControlClient, ComesBackAtOnceWhenItIsCancelled) {
  std::atomic<bool> asked = false;
  std::atomic<bool> answer = false;
  const TestHttpServer server([&](httplib::Server& http) {
    http.Get("/slow", [&](const auto&, auto&) {
      asked = true;
      while (!answer) std::this_thread::yield();
    });
  });
  ControlClient client(server.port(), {seconds(600), 1 << 20});
  std::thread canceller([&] {
    while (!asked) std::this_thread::yield();
    client.cancel();
  });
  const auto start = Clock::now();
  const ControlReply reply = client.get("/slow");
  EXPECT_LT(Clock::now() - start, seconds(60));
  EXPECT_EQ(reply.status, 0);
  EXPECT_EQ(reply.problem, "cancelled");
  EXPECT_EQ(client.get("/slow").problem, "cancelled") << "also later ones";
  answer = true;
  canceller.join();
}

TEST(ControlClient, KeepsItsConnection) {
  std::mutex mutex;
  std::set<int> client_ports;
  const TestHttpServer server([&](httplib::Server& http) {
    http.set_keep_alive_max_count(1'000);
    http.Get("/", [&](const httplib::Request& request, auto&) {
      const std::lock_guard lock(mutex);
      client_ports.insert(request.remote_port);
    });
  });
  ControlClient client(server.port());
  for (int i = 0; i < 50; ++i) ASSERT_EQ(client.get("/").status, 200);
  EXPECT_EQ(client_ports.size(), 1u);
}

TEST(ControlClient, IsNotHeldUpByDelayedAcknowledgements) {
  const TestRawServer server([](int socket) {
    char buffer[4096];
    while (::recv(socket, buffer, sizeof buffer, 0) > 0) {
      send_text(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
      send_text(socket, "ok");
    }
  });
  ControlClient client(server.port());
  const auto start = Clock::now();
  for (int i = 0; i < 100; ++i) ASSERT_EQ(client.get("/").body, "ok");
  // 100 requests that each wait for the kernel's 40 ms would take 4 s.
  EXPECT_LT(Clock::now() - start, seconds(2));
}

TEST(ControlClient, ConnectsAnewWhenTheServerHasClosedAKeptConnection) {
  std::atomic<int> connections = 0;
  // Answers one request per connection and closes without having announced it.
  const TestRawServer server([&](int socket) {
    ++connections;
    char buffer[4096];
    if (::recv(socket, buffer, sizeof buffer, 0) > 0) {
      send_text(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }
  });
  ControlClient client(server.port());
  for (int i = 0; i < 20; ++i) EXPECT_EQ(client.get("/").body, "ok");
  EXPECT_EQ(connections, 20);
}

TEST(ControlClient, SaysThatNobodyListens) {
  ControlClient client(pick_free_port());
  const ControlReply reply = client.get("/");
  EXPECT_EQ(reply.status, 0);
  EXPECT_EQ(reply.problem, "nobody accepts connections");
}

// Whatever the server does, get() comes back in time.
void expect_bounded(const std::function<void(int)>& talk) {
  const TestRawServer server(talk);
  ControlClient client(server.port(), kShort);
  const auto start = Clock::now();
  const ControlReply reply = client.get("/");
  EXPECT_LT(Clock::now() - start, seconds(5));
  EXPECT_EQ(reply.status, 0);
  EXPECT_NE(reply.problem, "");
  EXPECT_EQ(reply.body, "");
}

TEST(ControlClient, ComesBackFromAServerThatSaysNothing) {
  expect_bounded([](int socket) {
    char buffer[4096];
    while (::recv(socket, buffer, sizeof buffer, 0) > 0) {
    }
  });
}

TEST(ControlClient, ComesBackFromAServerThatTricklesItsHeader) {
  expect_bounded([](int socket) {
    bool alive = send_text(socket, "HTTP/1.1 200 OK\r\nX-Slow: ");
    while (alive) {
      std::this_thread::sleep_for(milliseconds(5));
      alive = send_text(socket, "x");
    }
  });
}

TEST(ControlClient, ComesBackFromAServerThatSendsHeadersWithoutEnd) {
  expect_bounded([](int socket) {
    bool alive = send_text(socket, "HTTP/1.1 200 OK\r\n");
    while (alive) alive = send_text(socket, "X-More: of the same\r\n");
  });
}

TEST(ControlClient, RefusesABodyWithoutEnd) {
  expect_bounded([](int socket) {
    bool alive = send_text(socket, "HTTP/1.1 200 OK\r\n\r\n");
    const std::string chunk(64 << 10, 'x');
    while (alive) alive = send_text(socket, chunk);
  });
}

TEST(ControlClient, ComesBackFromAServerThatSpeaksNoHttp) {
  expect_bounded([](int socket) { send_text(socket, "220 mail.example ESMTP\r\n"); });
}

TEST(ControlClient, WorksAgainAfterARequestThatWasCutOff) {
  std::atomic<bool> hang = true;
  const TestRawServer server([&](int socket) {
    char buffer[4096];
    while (::recv(socket, buffer, sizeof buffer, 0) > 0) {
      if (!hang) send_text(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }
  });
  ControlClient client(server.port(), kShort);
  EXPECT_EQ(client.get("/").problem, "no complete answer within 200 ms");
  hang = false;
  EXPECT_EQ(client.get("/").body, "ok");
}

TEST(ControlClient, SeveralThreadsMayAskAtOnce) {
  const TestHttpServer server([](httplib::Server& http) {
    http.Get("/", [](const auto&, auto& response) { response.set_content("ok", "text/plain"); });
  });
  ControlClient client(server.port(), {seconds(20), 1 << 20});
  std::atomic<int> answered = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 50; ++j) answered += client.get("/").body == "ok";
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(answered, 200);
}

}  // namespace
}  // namespace leakbench
