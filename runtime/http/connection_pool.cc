#include "runtime/http/connection_pool.h"

#include <algorithm>
#include <array>
#include <utility>

#include "runtime/task/sleep.h"

namespace leakbench {
namespace {

std::uint64_t key_of(const sockaddr_in& address) {
  return std::uint64_t{address.sin_addr.s_addr} << 16 | address.sin_port;
}

TimePoint now() { return Worker::current()->timers().now(); }

// Nothing is due on an idle connection: its end, an error and stray bytes all spoil it.
bool still_stands(Stream& connection) {
  std::array<char, 1> byte;
  return would_block(connection.try_read(byte).error);
}

}  // namespace

std::unique_ptr<Stream> ConnectionPool::take(const sockaddr_in& address) {
  const auto found = by_address_.find(key_of(address));
  if (found == by_address_.end()) return nullptr;
  std::vector<Idle>& idle = found->second;
  while (!idle.empty()) {
    std::unique_ptr<Stream> connection = std::move(idle.back().connection);
    idle.pop_back();
    idle_.fetch_sub(1, std::memory_order_relaxed);
    if (still_stands(*connection)) return connection;
  }
  return nullptr;
}

void ConnectionPool::give_back(const sockaddr_in& address, std::unique_ptr<Stream> connection) {
  if (closed_) return;
  std::vector<Idle>& idle = by_address_[key_of(address)];
  if (idle.size() >= most_per_address_) return;
  idle.push_back({std::move(connection), now()});
  idle_.fetch_add(1, std::memory_order_relaxed);
}

void ConnectionPool::close_idle_since(TimePoint latest) {
  for (auto entry = by_address_.begin(); entry != by_address_.end();) {
    std::vector<Idle>& idle = entry->second;
    const auto young =
        std::find_if(idle.begin(), idle.end(), [&](const Idle& one) { return one.since > latest; });
    idle_.fetch_sub(static_cast<std::size_t>(young - idle.begin()), std::memory_order_relaxed);
    idle.erase(idle.begin(), young);
    entry = idle.empty() ? by_address_.erase(entry) : std::next(entry);
  }
}

void ConnectionPool::close() {
  closed_ = true;
  by_address_.clear();
  idle_.store(0, std::memory_order_relaxed);
}

task<> ConnectionPool::keep(std::shared_ptr<ConnectionPool> pool, Context life, Duration limit) {
  // However it ends: the scheduler destroys it where it is parked.
  struct Closing {
    ConnectionPool& pool;
    ~Closing() { pool.close(); }
  };
  const Closing closing{*pool};
  while (true) {
    const Failure ended = co_await sleep_for(life, limit);
    if (ended) co_return;
    pool->close_idle_since(now() - limit);
  }
}

}  // namespace leakbench
