#include "runtime/http/response_reader.h"

#include <boost/asio/buffer.hpp>
// g++ 12 with sanitizers takes the storage of an empty boost::optional for a value read.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#pragma GCC diagnostic pop
#include <optional>
#include <string>
#include <utility>

namespace leakbench {

namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

// "0\r\n\r\n": less than this is never left of a chunked response.
constexpr std::size_t kShortestChunkedEnd = 5;

}  // namespace

class ResponseReader::Parser {
 public:
  Parser(const Limits& limits, bool to_head) : limits_(limits), to_head_(to_head) { begin(); }

  Status put(std::string_view bytes) {
    begun_ = begun_ || !bytes.empty();
    rest_.append(bytes);
    std::string_view left = rest_;
    const Status status = advance(left);
    rest_.erase(0, rest_.size() - left.size());
    return status;
  }

  Status put_end() {
    if (!message_->is_header_done() || !rest_.empty()) return Status::kNeedMore;
    beast::error_code error;
    message_->put_eof(error);
    return error ? Status::kNeedMore : Status::kComplete;
  }

  bool has_begun() const { return begun_; }
  bool keep_alive() const { return message_->keep_alive() && rest_.empty(); }

  Response take() {
    auto message = message_->release();
    Response response;
    response.status = static_cast<int>(message.result_int());
    for (const auto& field : message) {
      response.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    }
    response.body = std::move(message.body());
    return response;
  }

 private:
  using Message = http::response_parser<http::string_body>;

  void begin() {
    message_.emplace();
    message_->skip(to_head_);
    // A step at a time: where it takes several at once, Beast 1.74 forgets that a Content-Length is
    // beyond the limit when any of the body stands behind it.
    message_->eager(false);
    message_->header_limit(limits_.header_bytes);
    message_->body_limit(limits_.body_bytes);
  }

  // Takes what it can off the front of `bytes`; what it leaves of an incomplete response has to be
  // given again with more behind it.
  Status advance(std::string_view& bytes) {
    while (!bytes.empty()) {
      const bool in_header = !message_->is_header_done();
      // Once it has seen the size of the last chunk, Beast 1.74 asserts that it has that much.
      if (!in_header && message_->chunked() && bytes.size() < kShortestChunkedEnd) break;
      beast::error_code error;
      const std::size_t consumed =
          message_->put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
      bytes.remove_prefix(consumed);
      if (in_header) header_bytes_ += consumed;
      if (error == http::error::header_limit || error == http::error::body_limit) {
        return Status::kTooLarge;
      }
      if (error && error != http::error::need_more) return Status::kMalformed;
      if (message_->is_header_done() && !is_final()) {
        if (!message_->is_done() || !is_interim()) return Status::kMalformed;
        if (header_bytes_ > limits_.header_bytes) return Status::kTooLarge;
        begin();
        continue;
      }
      if (message_->is_done()) return Status::kComplete;
      if (error) break;
    }
    // Beast's own limit is for what it is shown at once, and it may consume line by line.
    const std::size_t header_bytes =
        bytes.size() + (message_->is_header_done() ? 0 : header_bytes_);
    return header_bytes > limits_.header_bytes ? Status::kTooLarge : Status::kNeedMore;
  }

  unsigned code() const { return message_->get().result_int(); }
  bool is_final() const { return code() >= 200 && code() <= 599; }
  bool is_interim() const { return code() >= 100 && code() <= 199 && code() != 101; }

  const Limits limits_;
  const bool to_head_;
  bool begun_ = false;
  std::optional<Message> message_;
  std::size_t header_bytes_ = 0;  // consumed of the header, and of interim responses before it
  std::string rest_;              // not consumed yet
};

ResponseReader::ResponseReader(const Limits& limits, bool to_head)
    : parser_(std::make_unique<Parser>(limits, to_head)) {}
ResponseReader::ResponseReader(ResponseReader&&) noexcept = default;
ResponseReader::~ResponseReader() = default;

ResponseReader::Status ResponseReader::put(std::string_view bytes) { return parser_->put(bytes); }
ResponseReader::Status ResponseReader::put_end() { return parser_->put_end(); }
bool ResponseReader::has_begun() const { return parser_->has_begun(); }
bool ResponseReader::keep_alive() const { return parser_->keep_alive(); }
Response ResponseReader::take() { return parser_->take(); }

}  // namespace leakbench
