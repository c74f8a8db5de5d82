#include "harness/load/response_parser.h"

#include <boost/asio/buffer.hpp>
// g++ 12 with sanitizers takes the storage of an empty boost::optional for a value read.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <boost/beast/http/basic_parser.hpp>
#pragma GCC diagnostic pop
#include <limits>
#include <string>
#include <utility>

namespace leakbench {

namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

// "0\r\n\r\n": less than this is never left of a chunked answer.
constexpr std::size_t kShortestChunkedEnd = 5;

}  // namespace

class ResponseParser::Message final : public http::basic_parser<false> {
 public:
  explicit Message(bool to_head) : to_head_(to_head) {
    skip(to_head);
    eager(true);
    header_limit(static_cast<std::uint32_t>(kHeaderLimit));
    // Not boost::none, which Beast 1.74 takes for a limit of nothing under a Content-Length.
    body_limit(std::numeric_limits<std::uint64_t>::max());
  }
  Message(Message&&) = default;
  Message& operator=(Message&&) = default;

  Status feed(std::string_view bytes) {
    if (rest_.empty()) {
      const Status status = advance(bytes);
      if (status == Status::kIncomplete) rest_.assign(bytes);
      return status;
    }
    std::string joined = std::exchange(rest_, {});
    joined.append(bytes);
    std::string_view left = joined;
    const Status status = advance(left);
    if (status == Status::kIncomplete) {
      joined.erase(0, joined.size() - left.size());
      rest_ = std::move(joined);
    }
    return status;
  }

  Status end() {
    if (!is_header_done() || !rest_.empty()) return Status::kIncomplete;
    beast::error_code error;
    put_eof(error);
    return error ? Status::kIncomplete : Status::kComplete;
  }

  std::optional<std::uint64_t> until_half() const {
    if (!is_header_done()) return std::nullopt;
    const auto length = content_length();
    if (!length) return has_body_ ? 0 : 1;
    const std::uint64_t rest = *content_length_remaining();
    return rest <= *length / 2 ? 0 : rest - *length / 2;
  }

  int code() const { return code_; }

 private:
  // Takes what it can off the front of `bytes`; what it leaves of an incomplete answer has to be
  // given again with more behind it.
  Status advance(std::string_view& bytes) {
    while (!bytes.empty()) {
      // Once it has seen the size of the last chunk, Beast 1.74 asserts that it has that much.
      if (is_header_done() && chunked() && bytes.size() < kShortestChunkedEnd) break;
      const bool in_header = !is_header_done();
      beast::error_code error;
      const std::size_t consumed =
          put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
      bytes.remove_prefix(consumed);
      if (in_header) header_bytes_ += consumed;
      if (error && error != http::error::need_more) return Status::kMalformed;
      if (is_done()) {
        if (code_ >= 200) return bytes.empty() ? Status::kComplete : Status::kMalformed;
        if (header_bytes_ > kHeaderLimit) return Status::kMalformed;
        const std::size_t header_bytes = header_bytes_;
        *this = Message(to_head_);
        header_bytes_ = header_bytes;
        continue;
      }
      if (error) break;
    }
    // Beast's own limit is for what it is shown at once, and it may consume line by line.
    const std::size_t header_bytes = bytes.size() + (is_header_done() ? 0 : header_bytes_);
    return header_bytes > kHeaderLimit ? Status::kMalformed : Status::kIncomplete;
  }

  void on_response_impl(int code, beast::string_view, int, beast::error_code& error) override {
    if (code < 100 || code == 101 || code > 599) error = http::error::bad_status;
    code_ = code;
  }
  std::size_t on_body_impl(beast::string_view body, beast::error_code&) override {
    has_body_ = true;
    return body.size();
  }
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body,
                                 beast::error_code&) override {
    has_body_ = true;
    return body.size();
  }
  void on_request_impl(http::verb, beast::string_view, beast::string_view, int,
                       beast::error_code&) override {}
  void on_field_impl(http::field, beast::string_view, beast::string_view,
                     beast::error_code&) override {}
  void on_header_impl(beast::error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, beast::error_code&) override {}
  void on_chunk_header_impl(std::uint64_t, beast::string_view, beast::error_code&) override {}
  void on_finish_impl(beast::error_code&) override {}

  bool to_head_;
  bool has_body_ = false;
  int code_ = 0;
  std::size_t header_bytes_ = 0;  // consumed of the header, and of interim answers before it
  std::string rest_;              // not consumed yet
};

ResponseParser::ResponseParser() = default;
ResponseParser::ResponseParser(ResponseParser&&) noexcept = default;
ResponseParser& ResponseParser::operator=(ResponseParser&&) noexcept = default;
ResponseParser::~ResponseParser() = default;

ResponseParser::Status ResponseParser::put(std::string_view bytes) {
  if (message_ == nullptr) {
    // On the stack, because most answers come whole.
    Message message(to_head_);
    const Status status = message.feed(bytes);
    if (status == Status::kComplete) finish(message);
    if (status == Status::kIncomplete) message_ = std::make_unique<Message>(std::move(message));
    return status;
  }
  const Status status = message_->feed(bytes);
  if (status == Status::kComplete) finish(*message_);
  if (status != Status::kIncomplete) message_.reset();
  return status;
}

ResponseParser::Status ResponseParser::put_end() {
  if (message_ == nullptr) return Status::kIncomplete;
  const Status status = message_->end();
  if (status == Status::kComplete) finish(*message_);
  message_.reset();
  return status;
}

std::optional<std::uint64_t> ResponseParser::until_half() const {
  return message_ == nullptr ? std::nullopt : message_->until_half();
}

void ResponseParser::finish(const Message& message) {
  status_code_ = static_cast<std::uint16_t>(message.code());
  keep_alive_ = message.keep_alive();
}

}  // namespace leakbench
