// An HTTP/1.1 client on tasks, with Go's rules for contexts.
#ifndef LEAKBENCH_RUNTIME_HTTP_HTTP_CLIENT_H_
#define LEAKBENCH_RUNTIME_HTTP_HTTP_CLIENT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "runtime/context/context.h"
#include "runtime/http/message.h"
#include "runtime/http/response_reader.h"
#include "runtime/task/task.h"

namespace leakbench {

// What a request came to: a response, whatever its status, or why there is none.
struct [[nodiscard]] HttpResult {
  explicit HttpResult(Response r) : response(std::move(r)) {}
  HttpResult(Failure f, std::error_code e) : failure(std::move(f)), error(e) {}

  explicit operator bool() const { return response.has_value(); }

  std::optional<Response> response;
  // The context's err(); deadline_exceeded() too when the client's own timeout has passed; else a
  // failure whose message says what happened to which request.
  Failure failure;
  // For programs: operation_canceled for the context and the timeout; the socket's error;
  // bad_message for bytes that are no response, and message_size for a response beyond the limits;
  // connection_aborted when it was cut short; invalid_argument for a request that can't be sent.
  std::error_code error;
};

// Connections are kept and used again, on each worker its own, the one used last first. One that
// the server has closed in the meantime is replaced, and a request that may be repeated is then
// sent again, once, if nothing had come back (Go: http.Transport).
//
// From any task, also several at a time. What is under way when the client goes is finished.
class HttpClient {
 public:
  struct Options {
    // For each request, from connecting to the last byte of its response; zero: only its context's
    // deadline counts (Go: http.Client.Timeout).
    Duration timeout{};
    // Whether a server is told how much time is left for its answer: see deadline_header.h.
    bool send_deadline = true;
    ResponseReader::Limits limits = {};
    std::size_t most_idle_per_address = 256;           // on each worker
    Duration idle_timeout = std::chrono::seconds(90);  // std::invalid_argument unless positive
  };

  HttpClient();
  explicit HttpClient(const Options& options);
  // Closes idle connections, if not at once then at the next turn of their workers.
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // `url` is "http://127.0.0.1:8080/path?query": see parse_url(). When `ctx` is done, connecting,
  // sending or reading ends at once and the connection is closed, by which the server hears of it.
  task<HttpResult> get(Context ctx, std::string url) const;
  // The same for any request; its target and keep_alive are the client's. Headers are sent as they
  // are; Host, Content-Length and the deadline's are the client's.
  task<HttpResult> send(Context ctx, std::string url, Request request) const;

  struct Counts {
    std::uint64_t connections_opened = 0;
    std::size_t connections_idle = 0;
  };
  Counts counts() const;  // from any thread

 private:
  class State;

  // Shared with what is under way.
  std::shared_ptr<State> state_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_HTTP_HTTP_CLIENT_H_
