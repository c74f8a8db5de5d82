#include "runtime/http/response_reader.h"

#include <gtest/gtest.h>

#include <string>

namespace leakbench {
namespace {

using Status = ResponseReader::Status;

ResponseReader reader_of(ResponseReader::Limits limits = {}, bool to_head = false) {
  return ResponseReader(limits, to_head);
}

TEST(ResponseReader, ReadsAResponseByteByByte) {
  for (const std::string bytes :
       {"HTTP/1.1 201 Created\r\nX-Key: value\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 201 Created\r\nX-Key: value\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3\r\nhel\r\n2;ext=1\r\nlo\r\n0\r\nTrailer: t\r\n\r\n"}) {
    ResponseReader reader = reader_of();
    EXPECT_FALSE(reader.has_begun());
    for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
      ASSERT_EQ(reader.put(bytes.substr(i, 1)), Status::kNeedMore) << i;
      ASSERT_TRUE(reader.has_begun());
    }
    ASSERT_EQ(reader.put(bytes.substr(bytes.size() - 1)), Status::kComplete);
    EXPECT_TRUE(reader.keep_alive());
    const Response response = reader.take();
    EXPECT_EQ(response.status, 201);
    EXPECT_EQ(response.header("x-key"), "value");
    EXPECT_EQ(response.body, "hello");
  }
}

TEST(ResponseReader, ABodyOfUntoldLengthEndsWithItsConnection) {
  ResponseReader reader = reader_of();
  ASSERT_EQ(reader.put("HTTP/1.1 200 OK\r\n\r\nhello"), Status::kNeedMore);
  ASSERT_EQ(reader.put_end(), Status::kComplete);
  EXPECT_FALSE(reader.keep_alive());
  EXPECT_EQ(reader.take().body, "hello");
}

TEST(ResponseReader, AnEarlyEndCompletesNothing) {
  for (const char* bytes :
       {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 103 Early\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n"}) {
    ResponseReader reader = reader_of();
    ASSERT_EQ(reader.put(bytes), Status::kNeedMore) << bytes;
    EXPECT_EQ(reader.put_end(), Status::kNeedMore) << bytes;
  }
}

TEST(ResponseReader, SomeResponsesHaveNoBody) {
  for (const char* head :
       {"HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 304 Not Modified\r\n\r\n"}) {
    ResponseReader reader = reader_of();
    ASSERT_EQ(reader.put(head), Status::kComplete);
    EXPECT_TRUE(reader.keep_alive());
    EXPECT_EQ(reader.take().body, "");
  }
  ResponseReader to_head = reader_of({}, true);
  ASSERT_EQ(to_head.put("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"), Status::kComplete);
  EXPECT_EQ(to_head.take().header("Content-Length"), "5");
}

TEST(ResponseReader, PassesOverInterimResponses) {
  ResponseReader reader = reader_of();
  ASSERT_EQ(reader.put("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"),
            Status::kNeedMore);
  ASSERT_EQ(reader.put("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), Status::kComplete);
  const Response response = reader.take();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header("Link"), std::nullopt);
}

TEST(ResponseReader, KnowsWhetherTheConnectionGoesOn) {
  const auto keep_alive = [](const std::string& bytes) {
    ResponseReader reader = reader_of();
    EXPECT_EQ(reader.put(bytes), Status::kComplete) << bytes;
    return reader.keep_alive();
  };
  EXPECT_TRUE(keep_alive("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_FALSE(keep_alive("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_FALSE(keep_alive("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_FALSE(keep_alive("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nmore"));
}

TEST(ResponseReader, RefusesWhatIsNoResponse) {
  for (const char* bytes :
       {"nonsense\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 \r\n\r\n",
        "HTTP/1.1 099 Low\r\n\r\n", "HTTP/1.1 600 High\r\n\r\n",
        "HTTP/1.1 999 High\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n"}) {
    ResponseReader reader = reader_of();
    EXPECT_EQ(reader.put(bytes), Status::kMalformed) << bytes;
  }
}

TEST(ResponseReader, RefusesWhatIsTooLargeAsSoonAsThatIsKnown) {
  const ResponseReader::Limits limits{.header_bytes = 500, .body_bytes = 10};
  const auto status_of = [&](const std::string& bytes) { return reader_of(limits).put(bytes); };
  EXPECT_EQ(status_of("HTTP/1.1 200 OK\r\nX: " + std::string(600, 'x')), Status::kTooLarge);
  EXPECT_EQ(status_of("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n"), Status::kTooLarge);
  EXPECT_EQ(status_of("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello"), Status::kTooLarge);
  EXPECT_EQ(status_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                      "b\r\nhello world\r\n0\r\n\r\n"),
            Status::kTooLarge);
  EXPECT_EQ(status_of("HTTP/1.1 200 OK\r\n\r\nhello world"), Status::kTooLarge);
  std::string interim;
  for (int i = 0; i < 30; ++i) interim += "HTTP/1.1 100 Continue\r\n\r\n";
  EXPECT_EQ(status_of(interim), Status::kTooLarge);
  EXPECT_EQ(status_of("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhelloworld"),
            Status::kComplete);
}

}  // namespace
}  // namespace leakbench
