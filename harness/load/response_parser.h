// Follows HTTP/1.x answers on one connection, in whatever pieces they come, and keeps nothing of
// them but where they end and their status. Parsing is Boost.Beast's.
#ifndef LEAKBENCH_HARNESS_LOAD_RESPONSE_PARSER_H_
#define LEAKBENCH_HARNESS_LOAD_RESPONSE_PARSER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace leakbench {

// A pointer and four bytes between answers, so that each connection can have one; memory is taken
// only by an answer that does not come whole. Not thread-safe.
class ResponseParser {
 public:
  enum class Status {
    kIncomplete,  // more has to come
    kComplete,    // the answer is whole; the next put() begins the next one
    kMalformed    // not one HTTP/1.x answer; the parser is of no further use
  };

  // Most bytes of an answer's header, interim answers included, and of its trailers.
  static constexpr std::size_t kHeaderLimit = 64 * 1024;

  ResponseParser();
  ResponseParser(ResponseParser&&) noexcept;
  ResponseParser& operator=(ResponseParser&&) noexcept;
  ~ResponseParser();

  // Whether the next answer is to a HEAD request, and has no body whatever it says of it; between
  // answers.
  void expect_answer_to_head(bool to_head) { to_head_ = to_head; }

  // The next bytes, of one answer at most: with one request under way at a time, bytes behind an
  // answer belong to nothing and make it malformed. Interim answers (1xx) are passed over, except
  // 101, since no request asks to leave HTTP.
  Status put(std::string_view bytes);

  // The peer has finished sending: kComplete if that is how this answer ends, else kIncomplete.
  Status put_end();

  // Bytes of the body that are still to come until half of it is here, of the answer under way. Of
  // a body whose length is not told, its first byte is half. nullopt while its header isn't whole.
  std::optional<std::uint64_t> until_half() const;

  // Of the answer that was complete last: from 200 to 599.
  int status_code() const { return status_code_; }
  // Whether the connection may carry another request after it.
  bool keep_alive() const { return keep_alive_; }

 private:
  class Message;

  void finish(const Message& message);

  std::unique_ptr<Message> message_;  // the answer under way, if it has begun
  std::uint16_t status_code_ = 0;
  bool keep_alive_ = false;
  bool to_head_ = false;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_RESPONSE_PARSER_H_
