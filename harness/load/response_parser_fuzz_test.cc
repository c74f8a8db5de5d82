// Seeded and so repeatable: random answers cut at random, and answers damaged at random.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "harness/load/response_parser.h"
#include "runtime/testing/damage.h"

namespace leakbench {
namespace {

// What HTTP has rules for.
constexpr std::string_view kTelling[] = {"\r", "\n",      "\r\n", " ",  ":", ";", "0",
                                         "f",  {"\0", 1}, "\xff", "\t", ",", "-"};

using Status = ResponseParser::Status;

struct Answer {
  std::string bytes;
  int status = 200;
  bool ends_with_connection = false;
};

std::string chunks(Dice& dice) {
  std::string text;
  for (std::size_t left = dice.below(5); left > 0; --left) {
    const std::string piece = dice.letters(40) + "x";
    char size[17];
    std::snprintf(size, sizeof(size), dice.one_in(2) ? "%zx" : "%zX", piece.size());
    text += size;
    if (dice.one_in(4)) text += ";name=\"some; value\"";
    text += "\r\n" + piece + "\r\n";
  }
  text += "0\r\n";
  if (dice.one_in(3)) text += "Checksum: " + dice.letters(10) + "\r\n";
  return text + "\r\n";
}

Answer random_answer(Dice& dice) {
  Answer answer;
  while (dice.one_in(4)) answer.bytes += "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
  constexpr int kStatuses[] = {200, 201, 204, 302, 304, 404, 500, 599};
  answer.status = kStatuses[dice.below(8)];
  answer.bytes += "HTTP/1.1 " + std::to_string(answer.status) + " " + dice.letters(12) + "\r\n";
  for (std::size_t left = dice.below(7); left > 0; --left) {
    answer.bytes += "X-" + dice.letters(8) + ": " + dice.letters(30) + "\r\n";
  }
  if (answer.status == 204 || answer.status == 304) {
    answer.bytes += "\r\n";
    return answer;
  }
  switch (dice.below(3)) {
    case 0: {
      const std::string body = dice.letters(200);
      answer.bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
      break;
    }
    case 1:
      answer.bytes += "Transfer-Encoding: chunked\r\n\r\n" + chunks(dice);
      break;
    default:
      answer.bytes += "\r\n" + dice.letters(200);
      answer.ends_with_connection = true;
  }
  return answer;
}

// Gives `bytes` in random pieces until the parser wants no more, or all is given.
Status put_in_pieces(ResponseParser& parser, std::string_view bytes, Dice& dice,
                     std::size_t& given) {
  const std::size_t longest = dice.one_in(3) ? 1 : 1 + dice.below(61);
  Status status = Status::kIncomplete;
  given = 0;
  while (given < bytes.size() && status == Status::kIncomplete) {
    const std::string_view piece = bytes.substr(given, 1 + dice.below(longest));
    // A copy of exactly that size: reading past it is reading past an allocation.
    status = parser.put(std::string(piece));
    given += piece.size();
  }
  return status;
}

TEST(ResponseParserFuzz, AnswersAreCompleteWithTheirLastByteHoweverTheyAreCut) {
  Dice dice(20261122);
  ResponseParser parser;
  for (int round = 0; round < 5'000; ++round) {
    const Answer answer = random_answer(dice);
    SCOPED_TRACE(answer.bytes);
    std::size_t given = 0;
    Status status = put_in_pieces(parser, answer.bytes, dice, given);
    ASSERT_EQ(given, answer.bytes.size());
    if (answer.ends_with_connection) {
      ASSERT_EQ(status, Status::kIncomplete);
      status = parser.put_end();
    }
    ASSERT_EQ(status, Status::kComplete);
    ASSERT_EQ(parser.status_code(), answer.status);
    ASSERT_EQ(parser.keep_alive(), !answer.ends_with_connection);
  }
}

TEST(ResponseParserFuzz, DamagedAnswersDoNoHarmAndCuttingThemChangesNoVerdictOfComplete) {
  Dice dice(42);
  int malformed = 0;
  for (int round = 0; round < 10'000; ++round) {
    const std::string bytes = damaged(random_answer(dice).bytes, dice, kTelling);
    SCOPED_TRACE(bytes);
    ResponseParser whole;
    const Status at_once = whole.put(bytes);
    ResponseParser cut;
    std::size_t given = 0;
    const Status in_pieces = put_in_pieces(cut, bytes, dice, given);
    switch (at_once) {
      case Status::kComplete:
        ASSERT_EQ(in_pieces, Status::kComplete);
        ASSERT_EQ(given, bytes.size());
        ASSERT_EQ(cut.status_code(), whole.status_code());
        ASSERT_GE(whole.status_code(), 200);
        ASSERT_LE(whole.status_code(), 599);
        break;
      case Status::kMalformed:
        ++malformed;
        // With some bytes still to come, or before they are looked at.
        ASSERT_TRUE(in_pieces != Status::kComplete || given < bytes.size());
        break;
      case Status::kIncomplete:
        ASSERT_EQ(in_pieces, Status::kIncomplete);
        ASSERT_EQ(whole.put_end(), cut.put_end());
    }
  }
  EXPECT_GT(malformed, 2'500);  // or the damage does nothing
}

}  // namespace
}  // namespace leakbench
