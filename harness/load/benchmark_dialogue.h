// One connection of benchmark_responder: what has been asked, and what of the answers is unsent.
#ifndef LEAKBENCH_HARNESS_LOAD_BENCHMARK_DIALOGUE_H_
#define LEAKBENCH_HARNESS_LOAD_BENCHMARK_DIALOGUE_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace leakbench {

// Every request head, whatever is in it, gets the same answer. Bodies are not known: a request that
// has one must have no empty line in it.
class BenchmarkDialogue {
 public:
  // Clients of HTTP/1.0 keep a connection only where they are told that they may.
  static constexpr std::string_view kAnswer =
      "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok";

  // Returns how many heads end in `bytes`, which may begin and end anywhere.
  std::size_t receive(std::string_view bytes) {
    constexpr std::string_view kEnd = "\r\n\r\n";
    std::size_t heads = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (matched_ == 0) {
        i = bytes.find('\r', i);
        if (i == std::string_view::npos) break;
      }
      if (bytes[i] == kEnd[matched_]) {
        ++matched_;
      } else {
        matched_ = bytes[i] == '\r' ? 1 : 0;
      }
      if (matched_ == kEnd.size()) {
        matched_ = 0;
        ++heads;
      }
    }
    unsent_ += heads * kAnswer.size();
    return heads;
  }

  // The next bytes to send; empty when all is sent, or else as many answers as are due and a send
  // should have. They live as long as the program.
  std::string_view unsent() const {
    static const std::string answers = [] {
      std::string repeated;
      for (std::size_t i = 0; i < kAnswersPerSend; ++i) repeated += kAnswer;
      return repeated;
    }();
    // Where the last send stopped.
    const std::size_t begun = (kAnswer.size() - unsent_ % kAnswer.size()) % kAnswer.size();
    return std::string_view(answers).substr(begun, unsent_);
  }

  // Of unsent(), so many.
  void sent(std::size_t bytes) { unsent_ -= bytes; }

 private:
  static constexpr std::size_t kAnswersPerSend = 64;  // to a client that does not wait for them

  std::size_t matched_ = 0;  // how much of the end of a head the last bytes are
  std::size_t unsent_ = 0;   // bytes
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_BENCHMARK_DIALOGUE_H_
