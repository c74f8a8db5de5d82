// An HTTP/1.1 server on tasks, with Go's rules for a request's context.
#ifndef LEAKBENCH_RUNTIME_HTTP_HTTP_SERVER_H_
#define LEAKBENCH_RUNTIME_HTTP_HTTP_SERVER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <source_location>
#include <string>

#include "runtime/context/context.h"
#include "runtime/http/message.h"
#include "runtime/http/request_reader.h"
#include "runtime/net/listener.h"
#include "runtime/task/scheduler.h"

namespace leakbench {

// Answers one request. The context is done when the handler has returned, when the client is gone
// (cause: client_gone()), when the server's request timeout passes, and when the server shuts down
// (cause: server_closed()). (Go: net/http, Request.Context.)
using Handler = std::function<task<Response>(Context, Request)>;

const Failure& client_gone();
const Failure& server_closed();

// One task per connection. Between requests it is one of the runtime's own tasks; while a handler
// runs it counts as a live task of the route, so that a handler that hangs is seen.
class HttpServer {
 public:
  struct Options {
    std::uint16_t port = 0;  // 0: any free one
    RequestReader::Limits limits = {};
    // For each handler; zero: none. A handler that returns nothing by then still answers itself.
    Duration request_timeout{};
    // Whether a client may shorten that for its own request: see deadline_header.h.
    bool deadline_from_header = false;
    // From a request's first byte to its last; a slower client gets 408.
    Duration read_timeout = std::chrono::seconds(10);
  };

  struct Counts {
    std::int64_t connections_open = 0;
    std::int64_t requests_in_flight = 0;  // from the request's last byte to the handler's return
    std::uint64_t requests_total = 0;     // answered or being answered
  };

  // Binds the port: std::system_error if that fails. The scheduler needs epoll pollers and must be
  // destroyed after the server.
  HttpServer(Scheduler& scheduler, Options options);
  ~HttpServer();

  // Before start(). `path` is matched whole, without the query; every other path gets 404.
  void handle(std::string path, Handler handler,
              std::source_location location = std::source_location::current());

  void start();
  std::uint16_t port() const;
  Counts counts() const;  // from any thread

  // Stops accepting and closes idle connections, gives requests under way `grace` to end, then
  // cancels their contexts and waits up to a second more. True if every connection was closed.
  // From outside tasks, once.
  bool shutdown(Duration grace);

 private:
  class State;
  class Connection;

  // Shared with the connections' tasks, which may outlive the server until the scheduler goes.
  std::shared_ptr<State> state_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_HTTP_HTTP_SERVER_H_
