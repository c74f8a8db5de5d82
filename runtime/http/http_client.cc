#include "runtime/http/http_client.h"

#include <fmt/format.h>

#include <atomic>
#include <map>
#include <mutex>
#include <stdexcept>

#include "runtime/http/connection_pool.h"
#include "runtime/http/deadline_header.h"
#include "runtime/http/scratch_buffer.h"
#include "runtime/http/url.h"
#include "runtime/net/dial.h"
#include "runtime/task/sleep.h"
#include "runtime/task/worker.h"

namespace leakbench {
namespace {

HttpResult cancelled(const Context& ctx) {
  return {ctx.err(), std::make_error_code(std::errc::operation_canceled)};
}

// What came of one request on one connection.
struct Attempt {
  HttpResult result;
  bool reusable = false;  // the connection
  bool answered = false;  // something came back, if only a byte
};

// RFC 9110 9.2.2: may be sent twice and do no more than once.
bool is_idempotent(const std::string& method) {
  for (const char* name : {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"}) {
    if (method == name) return true;
  }
  return false;
}

}  // namespace

class HttpClient::State {
 public:
  explicit State(const Options& options) : options_(options) {
    if (options.idle_timeout <= Duration::zero()) {
      throw std::invalid_argument("HttpClient: idle_timeout must be longer than nothing");
    }
  }

  static task<HttpResult> send(std::shared_ptr<State> state, Context ctx, std::string url_text,
                               Request request) {
    const std::string what = fmt::format("{} {}", request.method, url_text);
    const auto url = parse_url(url_text);
    if (!url || !is_well_formed(request)) {
      co_return failed(what, "is no request that can be sent",
                       std::make_error_code(std::errc::invalid_argument));
    }
    request.target = url->target;
    Cancellable limit;
    if (state->options_.timeout > Duration::zero()) {
      limit = with_timeout(ctx, state->options_.timeout);
      ctx = limit.context;
    }
    if (ctx.is_done()) co_return cancelled(ctx);

    const std::shared_ptr<ConnectionPool> pool = state->pool_of_this_worker();
    std::unique_ptr<Stream> connection = pool->take(url->address);
    if (connection != nullptr) {
      Attempt attempt = co_await state->exchange(ctx, *connection, *url, request, what);
      if (attempt.reusable) pool->give_back(url->address, std::move(connection));
      const bool stale = !attempt.result && !attempt.answered && !ctx.is_done();
      if (!stale || !is_idempotent(request.method)) co_return std::move(attempt.result);
      connection = nullptr;
    }
    Dialed dialed = co_await dial(ctx, url->address);
    if (ctx.is_done()) co_return cancelled(ctx);
    if (dialed.error) co_return failed(what, "cannot connect", dialed.error);
    state->connections_opened_.fetch_add(1, std::memory_order_relaxed);
    Attempt attempt = co_await state->exchange(ctx, *dialed.stream, *url, request, what);
    if (attempt.reusable) pool->give_back(url->address, std::move(dialed.stream));
    co_return std::move(attempt.result);
  }

  Counts counts() {
    Counts counts{.connections_opened = connections_opened_.load(std::memory_order_relaxed)};
    const std::lock_guard guard(mutex_);
    for (const auto& [worker, pool] : pools_) counts.connections_idle += pool->idle();
    return counts;
  }

  void close() { life_.cancel(); }

 private:
  static HttpResult failed(const std::string& what, std::string_view how, std::error_code error) {
    return {Failure(fmt::format("{}: {}: {}", what, how, error.message())), error};
  }

  // A pool that is closed belonged to a worker that is gone, or the client is.
  std::shared_ptr<ConnectionPool> pool_of_this_worker() {
    Worker& worker = *Worker::current();
    const std::lock_guard guard(mutex_);
    std::shared_ptr<ConnectionPool>& pool = pools_[&worker];
    if (pool == nullptr || pool->is_closed()) {
      pool = std::make_shared<ConnectionPool>(options_.most_idle_per_address);
      worker.start(ConnectionPool::keep(pool, life_.context, options_.idle_timeout), "http client",
                   TaskKind::kSystem, std::source_location::current());
    }
    return pool;
  }

  std::string bytes_of(const Context& ctx, const Url& url, Request request) const {
    const auto deadline = ctx.deadline();
    if (options_.send_deadline && deadline) {
      const TimePoint now = Worker::current()->timers().now();
      request.headers.emplace_back(kDeadlineHeader, format_time_left(*deadline - now));
    }
    request.keep_alive = options_.most_idle_per_address > 0;
    return serialize(request, url.authority);
  }

  // All it is given by reference is the caller's, who awaits it.
  task<Attempt> exchange(const Context& ctx, Stream& connection, const Url& url,
                         const Request& request, const std::string& what) const {
    const std::string bytes = bytes_of(ctx, url, request);
    const std::error_code not_sent = co_await connection.write_all(ctx, bytes);
    if (ctx.is_done()) co_return Attempt{cancelled(ctx)};
    // A server may have answered and closed before it read all: its answer is read all the same.
    ResponseReader reader(options_.limits, request.method == "HEAD");
    auto status = ResponseReader::Status::kNeedMore;
    std::error_code error;
    while (status == ResponseReader::Status::kNeedMore && !error) {
      if (ctx.is_done()) co_return Attempt{cancelled(ctx)};
      const Stream::IoResult read = connection.try_read(scratch_buffer());
      if (read.is_end) {
        status = reader.put_end();
        if (status == ResponseReader::Status::kComplete) break;
        error = std::make_error_code(std::errc::connection_aborted);
      } else if (read.bytes > 0) {
        status = reader.put({scratch_buffer().data(), read.bytes});
        // What comes without a pause would keep all others, and the timers, from their turn.
        if (status == ResponseReader::Status::kNeedMore) co_await yield();
      } else if (would_block(read.error)) {
        const Failure stopped = co_await connection.readable(ctx);
        if (stopped) co_return Attempt{cancelled(ctx)};
      } else {
        error = read.error;
      }
    }
    if (status == ResponseReader::Status::kComplete) {
      const bool reusable = reader.keep_alive() && !not_sent;
      co_return Attempt{HttpResult(reader.take()), reusable, true};
    }
    const bool answered = reader.has_begun();
    if (status == ResponseReader::Status::kMalformed) {
      co_return Attempt{failed(what, "the answer is no HTTP response",
                               std::make_error_code(std::errc::bad_message)),
                        false, answered};
    }
    if (status == ResponseReader::Status::kTooLarge) {
      co_return Attempt{failed(what, "the response is larger than allowed",
                               std::make_error_code(std::errc::message_size)),
                        false, answered};
    }
    if (!answered && not_sent) {
      co_return Attempt{failed(what, "the request could not be sent", not_sent)};
    }
    co_return Attempt{
        failed(what, answered ? "the response was cut short" : "there was no response", error),
        false, answered};
  }

  const Options options_;
  const Cancellable life_ = with_cancel(background());
  std::atomic<std::uint64_t> connections_opened_{0};
  std::mutex mutex_;
  std::map<Worker*, std::shared_ptr<ConnectionPool>> pools_;
};

HttpClient::HttpClient() : HttpClient(Options()) {}
HttpClient::HttpClient(const Options& options) : state_(std::make_shared<State>(options)) {}
HttpClient::~HttpClient() { state_->close(); }

task<HttpResult> HttpClient::get(Context ctx, std::string url) const {
  Request request;
  request.method = "GET";
  return State::send(state_, std::move(ctx), std::move(url), std::move(request));
}

task<HttpResult> HttpClient::send(Context ctx, std::string url, Request request) const {
  return State::send(state_, std::move(ctx), std::move(url), std::move(request));
}

HttpClient::Counts HttpClient::counts() const { return state_->counts(); }

}  // namespace leakbench
