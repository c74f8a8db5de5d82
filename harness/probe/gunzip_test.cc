#include "harness/probe/gunzip.h"

#include <gtest/gtest.h>

#include <string>

#include "harness/probe/test_wire_writer.h"

namespace leakbench {
namespace {

constexpr std::size_t kEnough = 1 << 20;

std::string error_of_gunzip(const std::string& bytes, std::size_t most_bytes = kEnough) {
  const auto unpacked = gunzip(bytes, most_bytes);
  EXPECT_FALSE(unpacked);
  return unpacked ? "" : unpacked.error();
}

TEST(Gunzip, UnpacksWhatWasPacked) {
  for (const std::string& content : {std::string("x"), std::string(64 * 1024, 'a'),
                                     std::string(500'000, '\0'), std::string("goroutine")}) {
    const auto unpacked = gunzip(gzipped(content), kEnough);
    ASSERT_TRUE(unpacked) << unpacked.error();
    EXPECT_EQ(*unpacked, content);
  }
}

TEST(Gunzip, UnpacksNothingAsNothing) {
  const auto unpacked = gunzip(gzipped(""), kEnough);
  ASSERT_TRUE(unpacked);
  EXPECT_EQ(*unpacked, "");
}

TEST(Gunzip, UnpacksExactlyTheLimitAndNoByteMore) {
  const std::string packed = gzipped(std::string(100'000, 'a'));
  EXPECT_TRUE(gunzip(packed, 100'000));
  EXPECT_EQ(error_of_gunzip(packed, 99'999), "gzip that unpacks to more than 99999 bytes");
}

TEST(Gunzip, RefusesMoreBytesOfGzipThanItMayUnpackTo) {
  const std::string packed = gzipped("x");
  EXPECT_EQ(error_of_gunzip(packed, 5),
            std::to_string(packed.size()) + " bytes of gzip where at most 5 are accepted");
}

TEST(Gunzip, NamesWhatIsNoGzip) {
  EXPECT_EQ(error_of_gunzip(""), "nothing where gzip was expected");
  EXPECT_EQ(error_of_gunzip("<html>\n404"), "not gzip: it starts with \"<html>\\x0a404\"");
}

TEST(Gunzip, SaysWhereGzipIsCut) {
  const std::string packed = gzipped("all of the goroutines");
  for (std::size_t size = 2; size < packed.size(); ++size) {
    EXPECT_EQ(error_of_gunzip(packed.substr(0, size)),
              "gzip that is cut at byte " + std::to_string(size));
  }
}

TEST(Gunzip, RefusesWhatFollowsTheEnd) {
  const std::string packed = gzipped("x");
  EXPECT_EQ(
      error_of_gunzip(packed + "more"),
      "gzip that ends at byte " + std::to_string(packed.size()) + " with 4 more bytes behind it");
}

TEST(Gunzip, NoticesAChecksumThatIsWrong) {
  std::string packed = gzipped("all of the goroutines");
  packed[packed.size() - 6] ^= 1;
  EXPECT_NE(error_of_gunzip(packed).find("damaged gzip at byte "), std::string::npos);
}

}  // namespace
}  // namespace leakbench
