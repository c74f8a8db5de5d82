#include "runtime/http/message.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

TEST(Request, FindsAHeaderWhateverItsCase) {
  Request request;
  request.headers = {{"Host", "a"}, {"X-Trace", "1"}, {"x-trace", "2"}};
  EXPECT_EQ(request.header("x-TRACE"), "1");
  EXPECT_EQ(request.header("x-trac"), std::nullopt);
}

TEST(Request, ThePathEndsAtTheQuery) {
  Request request;
  request.target = "/a/b?c=/d";
  EXPECT_EQ(request.path(), "/a/b");
  request.target = "/a";
  EXPECT_EQ(request.path(), "/a");
}

TEST(Response, IsSerializedWithItsLength) {
  EXPECT_EQ(serialize(Response::text("ok"), "now", true, true),
            "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Type: text/plain; charset=utf-8\r\n"
            "Content-Length: 2\r\n\r\nok");
  EXPECT_EQ(serialize({404, {}, "gone"}, "now", false, true),
            "HTTP/1.1 404 Not Found\r\nDate: now\r\nConnection: close\r\n"
            "Content-Length: 4\r\n\r\ngone");
}

TEST(Response, ToHeadAnnouncesTheBodyItLeavesOut) {
  EXPECT_EQ(serialize({200, {}, "four"}, "now", true, false),
            "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 4\r\n\r\n");
}

TEST(Response, WithoutContentHasNoLength) {
  EXPECT_EQ(serialize({204, {}, ""}, "now", true, true),
            "HTTP/1.1 204 No Content\r\nDate: now\r\n\r\n");
}

TEST(Request, IsSerializedWithItsHost) {
  Request request{.method = "GET", .target = "/a?b", .headers = {{"X-Key", "value"}}};
  EXPECT_EQ(serialize(request, "127.0.0.1:80"),
            "GET /a?b HTTP/1.1\r\nHost: 127.0.0.1:80\r\nX-Key: value\r\n\r\n");
  request = {.method = "POST", .target = "/", .keep_alive = false};
  EXPECT_EQ(serialize(request, "x"),
            "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  request = {.method = "DELETE", .target = "/", .body = "why"};
  EXPECT_EQ(serialize(request, "x"),
            "DELETE / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nwhy");
}

TEST(Request, NothingInItMayBreakOutOfItsLine) {
  const auto well_formed = [](std::string method, std::string name, std::string value) {
    return is_well_formed(
        {.method = std::move(method), .headers = {{std::move(name), std::move(value)}}});
  };
  EXPECT_TRUE(well_formed("GET", "X-Key_1", "any \t value \xc3\xa9"));
  EXPECT_FALSE(well_formed("", "X", ""));
  EXPECT_FALSE(well_formed("GET /", "X", ""));
  EXPECT_FALSE(well_formed("GET", "", ""));
  EXPECT_FALSE(well_formed("GET", "X:", ""));
  EXPECT_FALSE(well_formed("GET", "X\r\nY", ""));
  EXPECT_FALSE(well_formed("GET", "X", "a\r\nY: b"));
  EXPECT_FALSE(well_formed("GET", "X", "a\n"));
  EXPECT_FALSE(well_formed("GET", "X", std::string("a\0b", 3)));
}

}  // namespace
}  // namespace leakbench
