#include "harness/cli/request_options.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "harness/base/error.h"

namespace leakbench {
namespace {

TEST(ParseHeader, SplitsAtTheFirstColon) {
  using Header = std::pair<std::string, std::string>;
  EXPECT_EQ(parse_header("Accept: a:b"), (Header{"Accept", "a:b"}));
  EXPECT_EQ(parse_header("Connection:close"), (Header{"Connection", "close"}));
  EXPECT_EQ(parse_header("X-Empty:  "), (Header{"X-Empty", ""}));
}

TEST(ParseHeader, RefusesWhatHasNoName) {
  EXPECT_THROW(parse_header("Accept"), Error);
  EXPECT_THROW(parse_header(": x"), Error);
}

TEST(ReadBody, IsTheTextOrTheFile) {
  EXPECT_EQ(read_body("some text"), "some text");
  const std::string path = testing::TempDir() + "leakbench_body_" + std::to_string(::getpid());
  std::ofstream(path, std::ios::binary) << std::string("a\0b\r\n", 5);
  EXPECT_EQ(read_body("@" + path), std::string("a\0b\r\n", 5));
  std::remove(path.c_str());
}

TEST(ReadBody, NamesAFileThatCannotBeRead) {
  for (const char* text : {"@/nonexistent", "@/"}) {
    try {
      read_body(text);
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(text + 1), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace leakbench
