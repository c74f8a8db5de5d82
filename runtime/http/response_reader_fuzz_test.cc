// Seeded and so repeatable: random responses cut at random, and responses damaged at random.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "runtime/http/response_reader.h"
#include "runtime/testing/damage.h"

namespace leakbench {
namespace {

// What HTTP has rules for.
constexpr std::string_view kTelling[] = {"\r", "\n",      "\r\n", " ",  ":", ";", "0",
                                         "f",  {"\0", 1}, "\xff", "\t", ",", "-"};

using Status = ResponseReader::Status;

constexpr ResponseReader::Limits kLimits{.header_bytes = 1'000, .body_bytes = 300};

struct Sent {
  std::string bytes;
  std::string body;
  bool ends_with_connection = false;
};

Sent random_response(Dice& dice) {
  Sent sent;
  if (dice.one_in(4)) sent.bytes = "HTTP/1.1 100 Continue\r\n\r\n";
  sent.bytes += "HTTP/1.1 200 " + dice.letters(10) + "\r\n";
  for (std::size_t left = dice.below(6); left > 0; --left) {
    sent.bytes += "X-" + dice.letters(8) + ": " + dice.letters(30) + "\r\n";
  }
  sent.body = dice.letters(200);
  const std::size_t kind = dice.below(3);
  if (kind == 0) {
    sent.bytes += "Content-Length: " + std::to_string(sent.body.size()) + "\r\n\r\n" + sent.body;
  } else if (kind == 1) {
    sent.bytes += "Transfer-Encoding: chunked\r\n\r\n";
    for (std::size_t at = 0; at < sent.body.size();) {
      const std::string piece = sent.body.substr(at, 1 + dice.below(61));
      char size[20];
      std::snprintf(size, sizeof(size), "%zx\r\n", piece.size());
      sent.bytes += size + piece + "\r\n";
      at += piece.size();
    }
    sent.bytes += "0\r\n\r\n";
  } else {
    sent.bytes += "\r\n" + sent.body;
    sent.ends_with_connection = true;
  }
  return sent;
}

// Gives `bytes` in random pieces until the reader wants no more.
Status put_in_pieces(ResponseReader& reader, std::string_view bytes, Dice& dice) {
  const std::size_t longest = dice.one_in(3) ? 1 : 1 + dice.below(61);
  Status status = Status::kNeedMore;
  while (!bytes.empty() && status == Status::kNeedMore) {
    const std::string_view piece = bytes.substr(0, 1 + dice.below(longest));
    // A copy of exactly that size: reading past it is reading past an allocation.
    status = reader.put(std::string(piece));
    bytes.remove_prefix(piece.size());
  }
  return status;
}

TEST(ResponseReaderFuzz, ResponsesAreReadWholeHoweverTheyAreCut) {
  Dice dice(20261127);
  for (int round = 0; round < 1'000; ++round) {
    const Sent sent = random_response(dice);
    SCOPED_TRACE(sent.bytes);
    ResponseReader reader(kLimits, false);
    Status status = put_in_pieces(reader, sent.bytes, dice);
    if (sent.ends_with_connection) {
      ASSERT_EQ(status, Status::kNeedMore);
      status = reader.put_end();
    }
    ASSERT_EQ(status, Status::kComplete);
    ASSERT_EQ(reader.keep_alive(), !sent.ends_with_connection);
    const Response response = reader.take();
    ASSERT_EQ(response.status, 200);
    ASSERT_EQ(response.body, sent.body);
  }
}

TEST(ResponseReaderFuzz, DamageDoesNoHarmAndCuttingItChangesNoResponse) {
  Dice dice(42);
  int refused = 0;
  for (int round = 0; round < 2'000; ++round) {
    const std::string bytes = damaged(random_response(dice).bytes, dice, kTelling);
    SCOPED_TRACE(bytes);
    ResponseReader whole(kLimits, false), cut(kLimits, false);
    Status at_once = whole.put(bytes);
    Status in_pieces = put_in_pieces(cut, bytes, dice);
    if (at_once == Status::kNeedMore) {
      ASSERT_EQ(in_pieces, Status::kNeedMore);
      at_once = whole.put_end();
      in_pieces = cut.put_end();
      ASSERT_EQ(in_pieces, at_once);
    }
    if (at_once == Status::kComplete) {
      ASSERT_EQ(in_pieces, Status::kComplete);
      const Response expected = whole.take(), response = cut.take();
      ASSERT_EQ(response.status, expected.status);
      ASSERT_EQ(response.headers, expected.headers);
      ASSERT_EQ(response.body, expected.body);
      ASSERT_LE(response.body.size(), kLimits.body_bytes);
    } else if (at_once != Status::kNeedMore) {
      ++refused;
      ASSERT_NE(in_pieces, Status::kComplete);
    }
  }
  EXPECT_GT(refused, 400);  // or the damage does nothing
}

}  // namespace
}  // namespace leakbench
