#include "runtime/task/after_func.h"

#include <atomic>
#include <stdexcept>

namespace leakbench {
// Keeps itself alive while it is registered: the node of the context refers to it by address.
class StopFunc::Registration : public CancelListener {
 public:
  Registration(Context ctx, std::function<void()> function, Worker& worker,
               std::source_location location)
      : CancelListener(&Registration::on_cancel),
        ctx_(std::move(ctx)),
        function_(std::move(function)),
        worker_(worker),
        location_(location) {}

  void register_self(std::shared_ptr<Registration> self) {
    CancelNode* canceller = ctx_.canceller();
    if (canceller == nullptr) return;  // nobody will ever call: only the StopFunc keeps it
    self_ = std::move(self);
    if (!canceller->listen(*this)) on_cancel(*this);
  }

  bool stop() {
    if (settled_.exchange(true)) return false;
    if (ctx_.canceller() != nullptr) ctx_.canceller()->stop_listening(*this);
    const auto self = std::move(self_);
    return true;
  }

 private:
  static task<> call(std::shared_ptr<Registration> self) {
    self->function_();
    co_return;
  }

  static void on_cancel(CancelListener& listener) {
    auto& self = static_cast<Registration&>(listener);
    if (self.settled_.exchange(true)) return;
    // The task takes over the reference: it may run and end before this line is through.
    Worker& worker = self.worker_;
    const auto location = self.location_;
    worker.start(call(std::move(self.self_)), "after_func", TaskKind::kApplication, location);
  }

  const Context ctx_;
  std::function<void()> function_;
  Worker& worker_;
  const std::source_location location_;
  std::atomic<bool> settled_{false};  // stopped or started; whoever settles it takes self_
  std::shared_ptr<Registration> self_;
};

bool StopFunc::operator()() const { return registration_->stop(); }

StopFunc after_func(const Context& ctx, std::function<void()> function, Worker* worker,
                    std::source_location location) {
  if (worker == nullptr) worker = Worker::current();
  if (worker == nullptr) throw std::logic_error("after_func() outside a task needs a worker");
  auto registration =
      std::make_shared<StopFunc::Registration>(ctx, std::move(function), *worker, location);
  registration->register_self(registration);
  return StopFunc(registration);
}

}  // namespace leakbench
