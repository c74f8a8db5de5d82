#include "harness/load/benchmark_dialogue.h"

#include <gtest/gtest.h>

namespace leakbench {
namespace {

constexpr std::string_view kRequest = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

std::string send_all(BenchmarkDialogue& dialogue, std::size_t bytes_per_send) {
  std::string sent;
  while (!dialogue.unsent().empty()) {
    const std::string_view some = dialogue.unsent().substr(0, bytes_per_send);
    sent += some;
    dialogue.sent(some.size());
  }
  return sent;
}

std::string answers(std::size_t count) {
  std::string repeated;
  for (std::size_t i = 0; i < count; ++i) repeated += BenchmarkDialogue::kAnswer;
  return repeated;
}

TEST(BenchmarkDialogue, AnswersAWholeHeadOnce) {
  BenchmarkDialogue dialogue;
  EXPECT_EQ(dialogue.receive(kRequest), 1U);
  EXPECT_EQ(send_all(dialogue, 1000), answers(1));
  EXPECT_TRUE(dialogue.unsent().empty());
}

TEST(BenchmarkDialogue, WaitsForTheEndOfAHeadWhereverItIsCut) {
  for (std::size_t cut = 1; cut < kRequest.size(); ++cut) {
    BenchmarkDialogue dialogue;
    EXPECT_EQ(dialogue.receive(kRequest.substr(0, cut)), 0U) << cut;
    EXPECT_TRUE(dialogue.unsent().empty()) << cut;
    EXPECT_EQ(dialogue.receive(kRequest.substr(cut)), 1U) << cut;
  }
}

TEST(BenchmarkDialogue, IsNotMisledByWhatLooksLikeTheEndOfAHead) {
  BenchmarkDialogue dialogue;
  EXPECT_EQ(dialogue.receive("A: \r\r\nB: \r\n\nC: \r\n\r"), 0U);
  EXPECT_EQ(dialogue.receive("\r\n\r"), 0U);
  EXPECT_EQ(dialogue.receive("\n"), 1U);
}

TEST(BenchmarkDialogue, AnswersEachOfSeveralRequestsHoweverTheAnswersAreSent) {
  constexpr std::size_t kRequests = 200;
  std::string requests;
  for (std::size_t i = 0; i < kRequests; ++i) requests += kRequest;
  for (const std::size_t bytes_per_send : {1, 7, 1000, 1'000'000}) {
    BenchmarkDialogue dialogue;
    EXPECT_EQ(dialogue.receive(requests), kRequests);
    EXPECT_EQ(send_all(dialogue, bytes_per_send), answers(kRequests)) << bytes_per_send;
  }
}

}  // namespace
}  // namespace leakbench
