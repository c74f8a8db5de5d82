// Reads one HTTP/1.1 request from whatever pieces it arrives in. Parsing is Boost.Beast's.
#ifndef LEAKBENCH_RUNTIME_HTTP_REQUEST_READER_H_
#define LEAKBENCH_RUNTIME_HTTP_REQUEST_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "runtime/http/message.h"

namespace leakbench {

// One per request; made when its first bytes come, so that idle connections carry none.
class RequestReader {
 public:
  struct Limits {
    std::uint32_t header_bytes = 8 * 1024;
    std::uint64_t body_bytes = 1024 * 1024;
  };

  explicit RequestReader(const Limits& limits);
  RequestReader(RequestReader&&) noexcept;
  ~RequestReader();

  enum class Status { kNeedMore, kComplete, kRefused };

  struct Progress {
    Status status;
    std::size_t consumed;
  };
  // Bytes that were not consumed must be given again, followed by more. After kComplete they belong
  // to the next request.
  Progress put(std::string_view bytes);

  // Whether the client waits for "100 Continue" before it sends its body (RFC 9110 10.1.1).
  bool expects_continue() const;

  // After kComplete, once.
  Request take();

  // After kRefused: 400 malformed, 413 body too large, 431 header too large, 505 version.
  int refusal() const;

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_HTTP_REQUEST_READER_H_
