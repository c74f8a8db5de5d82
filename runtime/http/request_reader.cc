#include "runtime/http/request_reader.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace leakbench {

namespace beast = boost::beast;
namespace http = boost::beast::http;

struct RequestReader::Parser : http::request_parser<http::string_body> {
  int refusal = 0;
};

namespace {

int refusal_for(const beast::error_code& error) {
  if (error == http::error::header_limit) return 431;
  if (error == http::error::body_limit) return 413;
  if (error == http::error::bad_version) return 505;
  return 400;
}

}  // namespace

RequestReader::RequestReader(const Limits& limits) : parser_(std::make_unique<Parser>()) {
  parser_->eager(true);
  parser_->header_limit(limits.header_bytes);
  parser_->body_limit(limits.body_bytes);
}

RequestReader::RequestReader(RequestReader&&) noexcept = default;
RequestReader::~RequestReader() = default;

RequestReader::Progress RequestReader::put(std::string_view bytes) {
  // Beast 1.74 asserts that what is left of a chunked body is no shorter than its last chunk.
  constexpr std::size_t kLastChunk = std::string_view("0\r\n\r\n").size();
  if (parser_->is_header_done() && parser_->chunked() && bytes.size() < kLastChunk) {
    return {Status::kNeedMore, 0};
  }
  beast::error_code error;
  const std::size_t consumed =
      parser_->put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
  if (error == http::error::need_more) return {Status::kNeedMore, consumed};
  if (error) {
    parser_->refusal = refusal_for(error);
    return {Status::kRefused, consumed};
  }
  if (!parser_->is_done()) return {Status::kNeedMore, consumed};
  // A request of version 1.1 names its host, exactly once (RFC 9112 3.2).
  if (parser_->get().version() >= 11 && parser_->get().count(http::field::host) != 1) {
    parser_->refusal = 400;
    return {Status::kRefused, consumed};
  }
  return {Status::kComplete, consumed};
}

bool RequestReader::expects_continue() const {
  return parser_->is_header_done() && !parser_->is_done() &&
         beast::iequals(parser_->get()[http::field::expect], "100-continue");
}

Request RequestReader::take() {
  Request request;
  request.keep_alive = parser_->keep_alive();
  auto message = parser_->release();
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  for (const auto& field : message) {
    request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  }
  request.body = std::move(message.body());
  return request;
}

int RequestReader::refusal() const { return parser_->refusal; }

}  // namespace leakbench
