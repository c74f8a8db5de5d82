#include "runtime/task/wait.h"

#include "runtime/task/worker.h"

namespace leakbench {

void Waiter::park(std::coroutine_handle<> resume_point, WaitReason reason,
                  const std::source_location& location) {
  record_ = trampoline.current;
  record_->resume_point = resume_point;
  record_->home->begin_wait(*record_, reason, location);
}

void Waiter::make_ready() { record_->home->make_ready(*record_); }

void ContextEnd::on_cancel(CancelListener& listener) {
  auto& self = static_cast<ContextEnd&>(listener);
  if (self.waiter_.claim(self.end_)) self.waiter_.make_ready();
}

void TimerEnd::arm(TimePoint deadline) { Worker::current()->timers().arm(*this, deadline); }

void TimerEnd::on_event(Timer& timer, Event event) {
  auto& self = static_cast<TimerEnd&>(timer);
  if (event == Event::kFired && self.waiter_.claim(self.end_)) self.waiter_.make_ready();
}

}  // namespace leakbench
