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

}  // namespace
}  // namespace leakbench
