#include "harness/load/response_parser.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

namespace leakbench {
namespace {

using Status = ResponseParser::Status;

Status put_byte_by_byte(ResponseParser& parser, std::string_view bytes) {
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
    EXPECT_EQ(parser.put(bytes.substr(i, 1)), Status::kIncomplete) << "at byte " << i;
  }
  return parser.put(bytes.substr(bytes.size() - 1));
}

// Whole, in two pieces at every place, and byte by byte.
void expect_complete(const std::string& bytes, int code, bool keep_alive, bool to_head = false) {
  SCOPED_TRACE(bytes);
  ResponseParser parser;  // the same for all: it is good for one answer after another
  parser.expect_answer_to_head(to_head);
  EXPECT_EQ(parser.put(bytes), Status::kComplete);
  EXPECT_EQ(parser.status_code(), code);
  EXPECT_EQ(parser.keep_alive(), keep_alive);
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
    SCOPED_TRACE(cut);
    ASSERT_EQ(parser.put(bytes.substr(0, cut)), Status::kIncomplete);
    ASSERT_EQ(parser.put(bytes.substr(cut)), Status::kComplete);
    EXPECT_EQ(parser.status_code(), code);
    EXPECT_EQ(parser.keep_alive(), keep_alive);
  }
  EXPECT_EQ(put_byte_by_byte(parser, bytes), Status::kComplete);
  EXPECT_EQ(parser.status_code(), code);
  EXPECT_EQ(parser.keep_alive(), keep_alive);
}

void expect_malformed(const std::string& bytes, bool to_head = false) {
  SCOPED_TRACE(bytes);
  ResponseParser parser;
  parser.expect_answer_to_head(to_head);
  EXPECT_EQ(parser.put(bytes), Status::kMalformed);
}

TEST(ResponseParser, FollowsABodyOfKnownLength) {
  expect_complete("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, true);
  expect_complete("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 404, true);
}

TEST(ResponseParser, FollowsChunks) {
  const std::string header = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  expect_complete(header + "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", 200, true);
  expect_complete(header + "a;name=value\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n", 200, true);
}

TEST(ResponseParser, FollowsAChunkedBodyWithoutAnyChunk) {
  expect_complete("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200, true);
}

TEST(ResponseParser, KnowsWhichAnswersHaveNoBody) {
  expect_complete("HTTP/1.1 204 No Content\r\n\r\n", 204, true);
  expect_complete("HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\n\r\n", 304, true);
  expect_complete("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", 200, true, true);
  expect_complete("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 200, true, true);
}

TEST(ResponseParser, SaysWhenTheConnectionEndsWithTheAnswer) {
  expect_complete("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", 200,
                  false);
  expect_complete("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, false);
  expect_complete("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok", 200,
                  true);
}

TEST(ResponseParser, PassesOverInterimAnswers) {
  expect_complete(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
      "HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\nno",
      503, true);
  expect_complete("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", 200,
                  true, true);
}

TEST(ResponseParser, ABodyWithoutLengthLastsUntilTheEnd) {
  ResponseParser parser;
  EXPECT_EQ(parser.put("HTTP/1.1 200 OK\r\n\r\nsome"), Status::kIncomplete);
  EXPECT_EQ(parser.put(" more"), Status::kIncomplete);
  EXPECT_EQ(parser.put_end(), Status::kComplete);
  EXPECT_EQ(parser.status_code(), 200);
  EXPECT_FALSE(parser.keep_alive());
  EXPECT_EQ(parser.put("HTTP/1.1 500 X\r\n\r\n"), Status::kIncomplete);
  EXPECT_EQ(parser.put_end(), Status::kComplete);
  EXPECT_EQ(parser.status_code(), 500);
}

TEST(ResponseParser, AnEndBeforeTheAnswerIsWholeLeavesItIncomplete) {
  for (const std::string_view part :
       {"", "H", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no", "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n"}) {
    SCOPED_TRACE(part);
    ResponseParser parser;
    if (!part.empty()) {
      EXPECT_EQ(parser.put(part), Status::kIncomplete);
    }
    EXPECT_EQ(parser.put_end(), Status::kIncomplete);
  }
}

TEST(ResponseParser, BytesBehindTheAnswerAreMalformed) {
  expect_malformed("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokay");
  expect_malformed("HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n");
  expect_malformed("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", true);
  expect_malformed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n0");
}

TEST(ResponseParser, WhatIsNotHttpIsMalformed) {
  expect_malformed("SSH-2.0-OpenSSH_9.2\r\n");
  expect_malformed("HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n");
  expect_malformed("HTTP/1.1 2x0 OK\r\n\r\n");
  expect_malformed("HTTP/1.1 200 OK\r\nno colon\r\n\r\n");
  expect_malformed("HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n");
  expect_malformed("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n");
  expect_malformed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n");
}

TEST(ResponseParser, StatusesThatAnswerNothingWeAskedAreMalformed) {
  expect_malformed("HTTP/1.1 101 Switching Protocols\r\n\r\n");
  expect_malformed("HTTP/1.1 099 X\r\n\r\n");
  expect_malformed("HTTP/1.1 600 X\r\nContent-Length: 0\r\n\r\n");
}

TEST(ResponseParser, TakesBodiesOfAnySizeWithoutKeepingThem) {
  ResponseParser parser;
  const std::string piece(1 << 20, 'x');
  EXPECT_EQ(parser.put("HTTP/1.1 200 OK\r\nContent-Length: 67108864\r\n\r\n"), Status::kIncomplete);
  for (int i = 0; i < 63; ++i) ASSERT_EQ(parser.put(piece), Status::kIncomplete);
  EXPECT_EQ(parser.put(piece), Status::kComplete);
}

// How many bytes of `lines`, given one at a time, the parser takes before it has enough.
std::size_t bytes_until_malformed(std::string_view begin, const std::string& line,
                                  std::size_t at_a_time) {
  ResponseParser parser;
  if (parser.put(begin) == Status::kMalformed) return 0;
  std::string lines;
  while (lines.size() < 8 * ResponseParser::kHeaderLimit) lines += line;
  for (std::size_t given = 0; given < lines.size(); given += at_a_time) {
    if (parser.put(lines.substr(given, at_a_time)) == Status::kMalformed) return given;
  }
  return lines.size();
}

TEST(ResponseParser, AHeaderMayFillItsLimitAndNoMore) {
  const std::string end = "\r\nContent-Length: 0\r\n\r\n";
  const std::string big = "HTTP/1.1 200 OK\r\nBig: ";
  const std::string fits(ResponseParser::kHeaderLimit - big.size() - end.size(), 'x');
  EXPECT_EQ(ResponseParser().put(big + fits + end), Status::kComplete);

  const std::string line = "Header: value\r\n";
  for (const std::size_t at_a_time : {std::size_t{1}, line.size(), std::size_t{4096}}) {
    SCOPED_TRACE(at_a_time);
    EXPECT_LE(bytes_until_malformed("HTTP/1.1 200 OK\r\n", line, at_a_time),
              ResponseParser::kHeaderLimit);
    EXPECT_LE(bytes_until_malformed("HTTP/1.1 200 ", "O", at_a_time), ResponseParser::kHeaderLimit);
    EXPECT_LE(bytes_until_malformed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
                                    line, at_a_time),
              ResponseParser::kHeaderLimit);
    EXPECT_LE(bytes_until_malformed("", "HTTP/1.1 100 Continue\r\n\r\n", at_a_time),
              2 * ResponseParser::kHeaderLimit);
  }
}

TEST(ResponseParser, MovesWithAnAnswerUnderWay) {
  ResponseParser parser;
  EXPECT_EQ(parser.put("HTTP/1.1 200 OK\r\nContent-Le"), Status::kIncomplete);
  ResponseParser moved = std::move(parser);
  EXPECT_EQ(moved.put("ngth: 2\r\n\r\nok"), Status::kComplete);
  EXPECT_EQ(moved.status_code(), 200);
}

}  // namespace
}  // namespace leakbench
