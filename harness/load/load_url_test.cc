#include "harness/load/load_url.h"

#include <gtest/gtest.h>

#include <string>

#include "harness/base/error.h"

namespace leakbench {
namespace {

std::string refusal_of(std::string_view url) {
  try {
    parse_load_url(url);
  } catch (const Error& e) {
    EXPECT_EQ(e.exit_code(), ExitCode::kUsage);
    EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos);
    return e.what();
  }
  return "accepted";
}

TEST(LoadUrl, HasHostPortPathAndQuery) {
  const LoadUrl url = parse_load_url("http://127.0.0.2:8080/a/b?c=d");
  EXPECT_EQ(url.address, 0x7f000002u);
  EXPECT_EQ(url.port, 8080);
  EXPECT_EQ(url.host, "127.0.0.2:8080");
  EXPECT_EQ(url.target, "/a/b?c=d");
}

TEST(LoadUrl, MayLeaveOutWhatHasADefault) {
  const LoadUrl url = parse_load_url("http://localhost");
  EXPECT_EQ(url.address, 0x7f000001u);
  EXPECT_EQ(url.port, 80);
  EXPECT_EQ(url.host, "localhost");
  EXPECT_EQ(url.target, "/");
  EXPECT_EQ(parse_load_url("http://localhost:81?q").target, "/?q");
}

TEST(LoadUrl, NeverLeavesThisMachine) {
  for (const char* url : {"http://192.168.0.1:80/", "http://example.test/", "http://[::1]:80/",
                          "http://127.0.0.1.example.test/", "http://localhost@example.test/",
                          "http://128.0.0.1/", "http://2130706433/", "http://127.1/", "http:///"}) {
    EXPECT_NE(refusal_of(url).find("not on this machine"), std::string::npos) << url;
  }
}

TEST(LoadUrl, RefusesWhatItCannotSpeak) {
  EXPECT_NE(refusal_of("https://localhost/").find("TLS"), std::string::npos);
  EXPECT_NE(refusal_of("localhost:8080").find("http://"), std::string::npos);
  EXPECT_NE(refusal_of("").find("http://"), std::string::npos);
  EXPECT_NE(refusal_of("http://localhost:0/").find("port"), std::string::npos);
  EXPECT_NE(refusal_of("http://localhost:99999/").find("port"), std::string::npos);
  EXPECT_NE(refusal_of("http://localhost:/").find("port"), std::string::npos);
  EXPECT_NE(refusal_of("http://localhost/a b").find("percent-encode"), std::string::npos);
  EXPECT_NE(refusal_of("http://localhost/a\nb").find("percent-encode"), std::string::npos);
}

}  // namespace
}  // namespace leakbench
