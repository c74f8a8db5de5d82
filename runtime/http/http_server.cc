#include "runtime/http/http_server.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <ctime>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "runtime/http/deadline_header.h"
#include "runtime/http/scratch_buffer.h"
#include "runtime/net/stream.h"
#include "runtime/task/sleep.h"

namespace leakbench {
namespace {

// The Date header's value; formatted once a second and worker.
std::string_view http_date() {
  static thread_local std::time_t formatted_for = 0;
  static thread_local std::string text;
  const std::time_t now = std::time(nullptr);
  if (now != formatted_for) {
    text = fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(now));
    formatted_for = now;
  }
  return text;
}

std::string describe_current_exception() {
  try {
    throw;
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "an exception that is not a std::exception";
  }
}

}  // namespace

const Failure& client_gone() {
  static const auto& failure = *new Failure("client disconnected");
  return failure;
}

const Failure& server_closed() {
  static const auto& failure = *new Failure("server closed");
  return failure;
}

class HttpServer::State : public std::enable_shared_from_this<State> {
 public:
  struct Route {
    std::string path;
    Handler handler;
    std::source_location location;
  };

  State(Scheduler& s, Options o)
      : scheduler(s), options(o), listener(std::in_place, o.port), port(listener->port()) {}

  task<> accept_connections();

  void connection_opened() { connections_open.fetch_add(1); }
  void connection_closed() {
    if (connections_open.fetch_sub(1) != 1) return;
    // Under the lock, so that a waiter between its look and its sleep is not missed.
    std::lock_guard guard(mutex);
    all_closed.notify_all();
  }
  bool wait_until_closed(Duration limit) {
    std::unique_lock guard(mutex);
    return all_closed.wait_for(guard, limit, [this] { return connections_open.load() == 0; });
  }

  const Route* find_route(std::string_view path) const {
    const auto found = routes.find(path);
    return found == routes.end() ? nullptr : &found->second;
  }

  Scheduler& scheduler;
  const Options options;
  std::optional<Listener> listener;  // until start()
  const std::uint16_t port;
  std::map<std::string, Route, std::less<>> routes;

  CauseCancellable base = with_cancel_cause(background());       // over every request
  CauseCancellable accepting = with_cancel_cause(base.context);  // over what is idle

  std::atomic<std::int64_t> connections_open{0};
  std::atomic<std::int64_t> requests_in_flight{0};
  std::atomic<std::uint64_t> requests_total{0};
  std::mutex mutex;
  std::condition_variable all_closed;
};

// One connection's life; all of it in one task.
class HttpServer::Connection : private HangupListener {
 public:
  Connection(std::shared_ptr<State> state, FileDescriptor fd)
      : state_(std::move(state)), stream_(std::move(fd)) {
    state_->connection_opened();
  }
  ~Connection() { state_->connection_closed(); }

  static task<> serve(std::shared_ptr<State> state, FileDescriptor fd) {
    Connection connection(std::move(state), std::move(fd));
    while (true) {
      if (connection.pending_.empty() &&
          co_await connection.stream_.readable(connection.state_->accepting.context)) {
        break;
      }
      std::optional<Request> request = co_await connection.read_request();
      if (!request) break;
      if (!co_await connection.answer(std::move(*request))) break;
    }
  }

 private:
  // Counts the task as the route's for as long as its handler runs.
  class HandlerScope {
   public:
    HandlerScope(State& state, const State::Route& route)
        : state_(state), record_(*trampoline.current) {
      Worker& worker = *record_.home;
      Site& site = worker.find_site(route.location, route.path.c_str(), TaskKind::kApplication);
      before_ = &worker.move_to_site(record_, site);
      state_.requests_in_flight.fetch_add(1, std::memory_order_relaxed);
    }
    ~HandlerScope() {
      record_.home->move_to_site(record_, *before_);
      state_.requests_in_flight.fetch_sub(1, std::memory_order_relaxed);
    }

   private:
    State& state_;
    TaskRecord& record_;
    Site* before_;
  };

  void on_hangup() override { request_.cancel(client_gone()); }

  // nullopt when the connection is over, after telling the client why if it is still there.
  task<std::optional<Request>> read_request() {
    RequestReader reader(state_->options.limits);
    auto status = RequestReader::Status::kNeedMore;
    Cancellable limit;  // armed only for a request that does not come in one piece
    bool continued = false;
    if (!pending_.empty()) {
      const auto progress = reader.put(pending_);
      pending_.erase(0, progress.consumed);
      status = progress.status;
    }
    while (status == RequestReader::Status::kNeedMore) {
      if (reader.expects_continue() && !std::exchange(continued, true)) {
        if (co_await stream_.write_all(limit.context, "HTTP/1.1 100 Continue\r\n\r\n")) break;
      }
      const auto result = stream_.try_read(scratch_buffer());
      if (result.is_end || (result.error && !would_block(result.error))) co_return std::nullopt;
      if (result.bytes == 0) {
        if (!limit.context.can_be_done()) {
          limit = with_timeout(state_->base.context, state_->options.read_timeout);
        }
        if (const Failure stopped = co_await stream_.readable(limit.context)) {
          if (stopped.is_timeout()) co_await refuse(408);
          co_return std::nullopt;
        }
        continue;
      }
      std::string_view bytes(scratch_buffer().data(), result.bytes);
      if (!pending_.empty()) bytes = pending_.append(bytes);
      const auto progress = reader.put(bytes);
      status = progress.status;
      if (bytes.data() == pending_.data()) {
        pending_.erase(0, progress.consumed);
      } else {
        pending_ = bytes.substr(progress.consumed);
      }
    }
    if (status == RequestReader::Status::kComplete) co_return reader.take();
    if (status == RequestReader::Status::kRefused) co_await refuse(reader.refusal());
    co_return std::nullopt;
  }

  task<> refuse(int status) {
    const std::string bytes =
        serialize(Response::text(std::string(reason_phrase(status)) + "\n", status), http_date(),
                  false, true);
    (void)co_await stream_.write_all(state_->base.context, bytes);
    ::shutdown(stream_.fd(), SHUT_WR);
    // What the client still sends is read and dropped for a moment: closing on unread data would
    // reset the connection, and the client might never see the answer.
    auto [ctx, cancel] = with_timeout(state_->base.context, std::chrono::milliseconds(500));
    std::size_t dropped = 0;
    constexpr std::size_t kMostDropped = 16 * 1024 * 1024;
    while (dropped < kMostDropped) {
      const auto result = stream_.try_read(scratch_buffer());
      dropped += result.bytes;
      if (result.is_end || (result.error && !would_block(result.error))) break;
      if (result.bytes == 0 && co_await stream_.readable(ctx)) break;
    }
  }

  // False when the connection is over.
  task<bool> answer(Request request) {
    state_->requests_total.fetch_add(1, std::memory_order_relaxed);
    const bool with_body = request.method != "HEAD";
    const bool keep_alive = request.keep_alive && !state_->accepting.context.is_done();
    Response response = Response::text("not found\n", 404);
    if (const auto* route = state_->find_route(request.path())) {
      response = co_await run_handler(*route, std::move(request));
    }
    const std::string bytes = serialize(response, http_date(), keep_alive, with_body);
    if (co_await stream_.write_all(state_->base.context, bytes)) co_return false;
    co_return keep_alive;
  }

  // How long the handler has; nullopt: as long as it likes.
  std::optional<Duration> timeout_of(const Request& request) const {
    std::optional<Duration> timeout;
    if (state_->options.request_timeout > Duration::zero()) {
      timeout = state_->options.request_timeout;
    }
    if (!state_->options.deadline_from_header) return timeout;
    const auto header = request.header(kDeadlineHeader);
    const auto left = header ? parse_time_left(*header) : std::nullopt;
    if (left && (!timeout || *left < *timeout)) return left;
    return timeout;
  }

  task<Response> run_handler(const State::Route& route, Request request) {
    const HandlerScope scope(*state_, route);
    request_ = with_cancel_cause(state_->base.context);
    Cancellable timed;
    Context ctx = request_.context;
    if (const auto timeout = timeout_of(request)) {
      timed = with_timeout(ctx, *timeout);
      ctx = timed.context;
    }
    stream_.set_hangup_listener(this);
    Response response;
    try {
      response = co_await route.handler(ctx, std::move(request));
    } catch (...) {
      fmt::print(stderr, "handler of {} ended with an exception: {}\n", route.path,
                 describe_current_exception());
      response = Response::text("internal server error\n", 500);
    }
    stream_.set_hangup_listener(nullptr);
    // Before the answer is written: what the handler left behind hears of it first (Go: the order
    // of cancelCtx and finishRequest).
    request_ = {};
    co_return response;
  }

  const std::shared_ptr<State> state_;
  Stream stream_;
  std::string pending_;       // read, not yet part of a request
  CauseCancellable request_;  // the one being handled
};

task<> HttpServer::State::accept_connections() {
  const auto self = shared_from_this();
  Acceptor acceptor(std::move(*listener));
  listener.reset();
  std::size_t next_worker = 0;
  bool reported = false;
  while (true) {
    Acceptor::Accepted accepted = co_await acceptor.accept(accepting.context);
    if (accepted.error == std::errc::operation_canceled) break;
    if (accepted.error) {
      // No descriptors left, most likely: those who wait stay in the backlog until some are free.
      if (!std::exchange(reported, true)) {
        fmt::print(stderr, "cannot accept connections: {}; raise the limit with ulimit -n\n",
                   accepted.error.message());
      }
      if (co_await sleep_for(accepting.context, std::chrono::milliseconds(10))) break;
      continue;
    }
    scheduler.worker(next_worker)
        .start(Connection::serve(self, std::move(accepted.fd)), "http connection",
               TaskKind::kSystem, std::source_location::current());
    next_worker = (next_worker + 1) % scheduler.worker_count();
  }
}

HttpServer::HttpServer(Scheduler& scheduler, Options options)
    : state_(std::make_shared<State>(scheduler, options)) {}

HttpServer::~HttpServer() = default;

void HttpServer::handle(std::string path, Handler handler, std::source_location location) {
  state_->routes[path] = {path, std::move(handler), location};
}

void HttpServer::start() {
  state_->scheduler.worker(0).start(state_->accept_connections(), "http listener",
                                    TaskKind::kSystem, std::source_location::current());
}

std::uint16_t HttpServer::port() const { return state_->port; }

HttpServer::Counts HttpServer::counts() const {
  return {state_->connections_open.load(), state_->requests_in_flight.load(),
          state_->requests_total.load()};
}

bool HttpServer::shutdown(Duration grace) {
  state_->accepting.cancel(server_closed());
  if (state_->wait_until_closed(grace)) return true;
  state_->base.cancel(server_closed());
  return state_->wait_until_closed(std::chrono::seconds(1));
}

}  // namespace leakbench
