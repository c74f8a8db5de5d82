#include "runtime/http/request_reader.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <utility>

namespace leakbench {
namespace {

using Status = RequestReader::Status;

// Feeds `bytes` in pieces of the sizes `next_size` gives, as a connection does.
template <typename NextSize>
Status feed(RequestReader& reader, std::string_view bytes, NextSize next_size,
            std::size_t* left = nullptr) {
  std::string pending;
  Status status = Status::kNeedMore;
  while (!bytes.empty() && status == Status::kNeedMore) {
    const std::size_t size = std::min<std::size_t>(next_size(), bytes.size());
    pending.append(bytes.substr(0, size));
    bytes.remove_prefix(size);
    const auto progress = reader.put(pending);
    pending.erase(0, progress.consumed);
    status = progress.status;
  }
  if (left != nullptr) *left = pending.size() + bytes.size();
  return status;
}

Status feed_whole(RequestReader& reader, std::string_view bytes) {
  return feed(reader, bytes, [&] { return bytes.size(); });
}

constexpr std::string_view kPost =
    "POST /work?n=1 HTTP/1.1\r\nHost: x\r\nX-Key: value\r\nContent-Length: 5\r\n\r\nhello";

constexpr std::string_view kChunked =
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    "3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nTrailer: t\r\n\r\n";

TEST(RequestReader, ReadsARequestWithABody) {
  RequestReader reader({});
  ASSERT_EQ(feed_whole(reader, kPost), Status::kComplete);
  const Request request = reader.take();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/work?n=1");
  EXPECT_EQ(request.header("x-key"), "value");
  EXPECT_EQ(request.body, "hello");
  EXPECT_TRUE(request.keep_alive);
}

TEST(RequestReader, ReadsThemByteByByte) {
  for (const auto bytes : {kPost, kChunked}) {
    RequestReader reader({});
    ASSERT_EQ(feed(reader, bytes, [] { return 1; }), Status::kComplete);
    EXPECT_EQ(reader.take().body, bytes == kPost ? "hello" : "abcde");
  }
}

TEST(RequestReader, ReadsAnEmptyChunkedBodyByteByByte) {
  RequestReader reader({});
  ASSERT_EQ(
      feed(reader, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           [] { return 1; }),
      Status::kComplete);
  EXPECT_EQ(reader.take().body, "");
}

TEST(RequestReader, LeavesAPipelinedRequestForTheNextReader) {
  RequestReader reader({});
  const std::string both = std::string(kPost) + "GET / HTTP/1.1\r\n";
  const auto progress = reader.put(both);
  EXPECT_EQ(progress.status, Status::kComplete);
  EXPECT_EQ(progress.consumed, kPost.size());
}

TEST(RequestReader, KnowsWhetherTheConnectionGoesOn) {
  const auto keep_alive = [](std::string_view head) {
    RequestReader reader({});
    EXPECT_EQ(feed_whole(reader, head), Status::kComplete) << head;
    return reader.take().keep_alive;
  };
  EXPECT_TRUE(keep_alive("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_FALSE(keep_alive("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
  EXPECT_FALSE(keep_alive("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(keep_alive("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

TEST(RequestReader, RefusesWhatIsMalformedOrTooLarge) {
  const auto refusal = [](const std::string& bytes) {
    RequestReader reader({.header_bytes = 500, .body_bytes = 10});
    EXPECT_EQ(feed_whole(reader, bytes), Status::kRefused) << bytes;
    return reader.refusal();
  };
  EXPECT_EQ(refusal("hello\r\n\r\n"), 400);
  EXPECT_EQ(refusal(std::string(100, '\0')), 400);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nno colon\r\n\r\n"), 400);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\n\r\n"), 400);  // no Host
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), 400);
  EXPECT_EQ(refusal("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"), 400);
  EXPECT_EQ(refusal("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"),
            400);
  EXPECT_EQ(refusal("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n"), 413);
  EXPECT_EQ(refusal("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n"), 413);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(1'000, 'x')), 431);
  EXPECT_EQ(refusal("GET /" + std::string(1'000, 'x')), 431);
  EXPECT_EQ(refusal("GET / HTTP/3.0\r\nHost: x\r\n\r\n"), 505);
}

// However it is cut, and whatever the body looks like: as more of the header, it could carry
// fields.
TEST(RequestReader, RefusesALengthOverTheLimitWhereverThePacketsEnd) {
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 24\r\n\r\n";
  for (const std::string body : {"twenty-four bytes of body", "X-Smuggled: 1\r\nX-B: 2\r\n",
                                 "Content-Length: 5\r\n\r\nabc", "\r\n"}) {
    const std::string bytes = head + body;
    for (std::size_t cut = 1; cut <= bytes.size(); ++cut) {
      RequestReader reader({.header_bytes = 500, .body_bytes = 10});
      std::size_t first = cut;
      const Status status = feed(reader, bytes, [&] { return std::exchange(first, bytes.size()); });
      ASSERT_EQ(status, Status::kRefused) << "cut at " << cut << " of " << bytes;
      EXPECT_EQ(reader.refusal(), 413) << "cut at " << cut << " of " << bytes;
    }
  }
}

TEST(RequestReader, TakesABodyUpToTheLimitWhereverThePacketsEnd) {
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n";
  const std::string bytes = head + "ten bytes!";
  for (std::size_t cut = 1; cut <= bytes.size(); ++cut) {
    RequestReader reader({.header_bytes = 500, .body_bytes = 10});
    std::size_t first = cut;
    ASSERT_EQ(feed(reader, bytes, [&] { return std::exchange(first, bytes.size()); }),
              Status::kComplete)
        << "cut at " << cut;
    EXPECT_EQ(reader.take().body, "ten bytes!");
  }
}

// A limit for what is shown at once would let a patient client send as much as it likes.
TEST(RequestReader, RefusesAHeaderOverTheLimitThatComesLineByLine) {
  std::string bytes = "GET / HTTP/1.1\r\nHost: x\r\n";
  for (int i = 0; i < 50; ++i) bytes += "X-Line-" + std::to_string(i) + ": some value\r\n";
  bytes += "\r\n";
  RequestReader reader({.header_bytes = 500, .body_bytes = 10});
  EXPECT_EQ(feed(reader, bytes, [] { return 20; }), Status::kRefused);
  EXPECT_EQ(reader.refusal(), 431);
}

TEST(RequestReader, RefusesALengthBesideChunksWhichCouldSmuggleARequest) {
  RequestReader reader({});
  EXPECT_EQ(feed_whole(reader,
                       "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n"
                       "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            Status::kRefused);
}

TEST(RequestReader, SaysWhenTheClientWaitsForContinue) {
  RequestReader reader({});
  EXPECT_FALSE(reader.expects_continue());
  const auto progress =
      reader.put("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(progress.status, Status::kNeedMore);
  EXPECT_TRUE(reader.expects_continue());
  EXPECT_EQ(reader.put("ok").status, Status::kComplete);
  EXPECT_FALSE(reader.expects_continue());
}

// Mutated and cut requests in random pieces: any answer will do, but it must be one of the three,
// and no more may be consumed than was given. Worth most under the sanitizers.
TEST(RequestReader, SurvivesRandomMutationsInRandomPieces) {
  std::mt19937_64 random(20'000);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(round % 2 == 0 ? kPost : kChunked);
    for (std::uint64_t m = random() % 4; m > 0; --m) {
      const std::size_t at = random() % bytes.size();
      switch (random() % 3) {
        case 0:
          bytes[at] = static_cast<char>(random());
          break;
        case 1:
          bytes.erase(at, random() % 8);
          break;
        default:
          bytes.insert(at, bytes.substr(random() % bytes.size(), random() % 16));
      }
      if (bytes.empty()) bytes = "x";
    }
    RequestReader reader({.header_bytes = 200, .body_bytes = 20});
    std::size_t left = 0;
    const Status status = feed(
        reader, bytes, [&] { return 1 + random() % 40; }, &left);
    EXPECT_LE(left, bytes.size());
    if (status == Status::kComplete) {
      EXPECT_LE(reader.take().body.size(), 20u);
    } else if (status == Status::kRefused) {
      EXPECT_GE(reader.refusal(), 400);
    }
  }
}

}  // namespace
}  // namespace leakbench
