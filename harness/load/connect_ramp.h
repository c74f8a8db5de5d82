// Opens a shard's connections, a limited number at a time.
#ifndef LEAKBENCH_HARNESS_LOAD_CONNECT_RAMP_H_
#define LEAKBENCH_HARNESS_LOAD_CONNECT_RAMP_H_

#include <cstddef>
#include <string_view>

#include "harness/load/load_result.h"
#include "harness/load/load_shard.h"
#include "runtime/context/context.h"

namespace leakbench {

class ConnectRamp final : private LoadShard::Events {
 public:
  // `shard` must outlive it.
  explicit ConnectRamp(LoadShard& shard);

  // Tries each connection once, until all are settled or soon after `ctx` is done. What the target
  // does is an outcome; what this machine lacks (descriptors, ports) throws
  // Error(kEnvironmentUnfit), with all connections closed.
  void run(const Context& ctx);

  // After run().
  const ConnectResult& result() const { return result_; }

 private:
  bool is_settled() const { return next_ == shard_.connections().size() && under_way_ == 0; }
  // When the next connection may be opened.
  TimePoint next_time() const;
  void open_next();
  void settle(Slot slot, Outcome outcome, int error);
  void on_failure(Slot slot, int error);
  void cut();
  [[noreturn]] void give_up();

  void on_connected(Slot slot, int error) override;
  void on_sent(Slot) override {}
  void on_received(Slot slot, std::string_view bytes) override;
  void on_ended(Slot slot, int error) override;
  void on_deadline(Slot slot) override;

  LoadShard& shard_;
  const std::size_t most_under_way_;
  TimePoint began_{};
  Slot next_ = 0;
  std::size_t under_way_ = 0;
  int failure_ = 0;  // errno, of this machine; ends the ramp
  ConnectResult result_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_CONNECT_RAMP_H_
