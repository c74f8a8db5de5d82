// Connections of a client that wait for its next request, on one worker. For HttpClient.
#ifndef LEAKBENCH_RUNTIME_HTTP_CONNECTION_POOL_H_
#define LEAKBENCH_RUNTIME_HTTP_CONNECTION_POOL_H_

#include <netinet/in.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "runtime/context/context.h"
#include "runtime/net/stream.h"
#include "runtime/task/task.h"
#include "runtime/time/clock.h"

namespace leakbench {

// All calls but idle() in tasks of one worker: its connections are registered there.
class ConnectionPool {
 public:
  explicit ConnectionPool(std::size_t most_per_address) : most_per_address_(most_per_address) {}

  // The connection that was given back last and still stands; nullptr if there is none. Last, so
  // that after a burst those that are too many are not touched, and age.
  std::unique_ptr<Stream> take(const sockaddr_in& address);
  // Closes it instead when there are enough, or once the pool is closed.
  void give_back(const sockaddr_in& address, std::unique_ptr<Stream> connection);

  bool is_closed() const { return closed_; }
  std::size_t idle() const { return idle_.load(std::memory_order_relaxed); }

  // Closes what has been idle for `limit`, until `life` is done or the worker's tasks are
  // destroyed; then it closes the pool. One task for each pool.
  static task<> keep(std::shared_ptr<ConnectionPool> pool, Context life, Duration limit);

 private:
  struct Idle {
    std::unique_ptr<Stream> connection;
    TimePoint since;
  };

  void close_idle_since(TimePoint latest);
  void close();

  const std::size_t most_per_address_;
  bool closed_ = false;
  std::map<std::uint64_t, std::vector<Idle>> by_address_;  // the latest last
  std::atomic<std::size_t> idle_{0};
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_HTTP_CONNECTION_POOL_H_
