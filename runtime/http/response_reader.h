// Reads one HTTP/1.x response from whatever pieces it arrives in. Parsing is Boost.Beast's.
#ifndef LEAKBENCH_RUNTIME_HTTP_RESPONSE_READER_H_
#define LEAKBENCH_RUNTIME_HTTP_RESPONSE_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "runtime/http/message.h"

namespace leakbench {

// One per request. Not thread-safe.
class ResponseReader {
 public:
  struct Limits {
    std::uint32_t header_bytes = 64 * 1024;  // interim responses included, and trailers apart
    std::uint64_t body_bytes = 16 * 1024 * 1024;
  };

  // `to_head`: of a response to HEAD, which has no body whatever it says of it.
  ResponseReader(const Limits& limits, bool to_head);
  ResponseReader(ResponseReader&&) noexcept;
  ~ResponseReader();

  enum class Status { kNeedMore, kComplete, kMalformed, kTooLarge };

  // The next bytes. Interim responses (1xx) are passed over, except 101: no request asks to leave
  // HTTP. Of no use after another answer than kNeedMore.
  Status put(std::string_view bytes);
  // The peer has finished sending: kComplete if that is how this response ends, else kNeedMore.
  Status put_end();

  // Whether anything at all has come.
  bool has_begun() const;

  // After kComplete. Bytes behind the response belong to no request, so that its connection is of
  // no further use.
  bool keep_alive() const;
  // After kComplete, once.
  Response take();

 private:
  class Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_HTTP_RESPONSE_READER_H_
