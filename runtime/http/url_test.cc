#include "runtime/http/url.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

TEST(Url, SaysWhereAndWhat) {
  const auto url = parse_url("http://127.0.0.2:8080/a/b?c=/d");
  ASSERT_TRUE(url);
  EXPECT_EQ(ntohl(url->address.sin_addr.s_addr), 0x7f000002u);
  EXPECT_EQ(ntohs(url->address.sin_port), 8080);
  EXPECT_EQ(url->authority, "127.0.0.2:8080");
  EXPECT_EQ(url->target, "/a/b?c=/d");
}

TEST(Url, FillsInWhatIsLeftOut) {
  const auto bare = parse_url("http://localhost");
  ASSERT_TRUE(bare);
  EXPECT_EQ(ntohl(bare->address.sin_addr.s_addr), 0x7f000001u);
  EXPECT_EQ(ntohs(bare->address.sin_port), 80);
  EXPECT_EQ(bare->authority, "localhost");
  EXPECT_EQ(bare->target, "/");
  const auto query = parse_url("http://localhost:1?q");
  ASSERT_TRUE(query);
  EXPECT_EQ(query->target, "/?q");
}

TEST(Url, IsNothingElse) {
  for (const char* text :
       {"", "http://", "127.0.0.1", "https://127.0.0.1/", "http:///path", "http://example.com/",
        "http://127.0.0.1:/", "http://127.0.0.1:0/", "http://127.0.0.1:65536/",
        "http://127.0.0.1:8x/", "http://127.0.0.1:-1/", "http://user@127.0.0.1/", "http://[::1]/",
        "http://127.0.0.1/a b", "http://127.0.0.1/a\r\nX: y", "http://127.0.0.1/#top",
        "http://127.0.0.1/\x7f", "http://127.0.0.1/\xc3\xa9"}) {
    EXPECT_FALSE(parse_url(text)) << text;
  }
}

}  // namespace
}  // namespace leakbench
