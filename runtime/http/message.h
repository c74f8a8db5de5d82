// HTTP requests and responses as handlers see them.
#ifndef LEAKBENCH_RUNTIME_HTTP_MESSAGE_H_
#define LEAKBENCH_RUNTIME_HTTP_MESSAGE_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leakbench {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method;
  std::string target;  // as sent: path and query
  Headers headers;
  std::string body;
  bool keep_alive = true;

  // The target up to its query.
  std::string_view path() const;
  // The first header of that name, whatever its case.
  std::optional<std::string_view> header(std::string_view name) const;
};

struct Response {
  int status = 200;
  Headers headers;  // Content-Length, Connection and Date are the server's
  std::string body;

  static Response text(std::string body, int status = 200);
};

// "Not Found"; empty for a status that has no name.
std::string_view reason_phrase(int status);

// The bytes of an HTTP/1.1 message. `date` is the value of the Date header (RFC 9110 6.6.1).
std::string serialize(const Response& response, std::string_view date, bool keep_alive,
                      bool with_body);

// Whether two header names are the same (RFC 9110 5.1: without regard to case).
bool same_header(std::string_view a, std::string_view b);

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_HTTP_MESSAGE_H_
