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

  // The first header of that name, whatever its case.
  std::optional<std::string_view> header(std::string_view name) const;

  static Response text(std::string body, int status = 200);
};

// "Not Found"; empty for a status that has no name.
std::string_view reason_phrase(int status);

// The bytes of an HTTP/1.1 message. `date` is the value of the Date header (RFC 9110 6.6.1).
std::string serialize(const Response& response, std::string_view date, bool keep_alive,
                      bool with_body);

// The bytes of an HTTP/1.1 request to `authority`. Its own headers come first; the length of the
// body is added where there is one, or where the method has one (RFC 9110 8.6).
std::string serialize(const Request& request, std::string_view authority);

// Whether nothing in it would break out of its line: method and header names are tokens, header
// values have no control characters (RFC 9110 5.5, 5.6.2).
bool is_well_formed(const Request& request);

// Whether two header names are the same (RFC 9110 5.1: without regard to case).
bool same_header(std::string_view a, std::string_view b);

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_HTTP_MESSAGE_H_
