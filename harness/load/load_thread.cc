#include "harness/load/load_thread.h"

#include <fmt/format.h>
#include <sched.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "harness/base/error.h"

namespace leakbench {

LoadThread::LoadThread(bool own_descriptors) : thread_([this] { serve(); }) {
  if (!own_descriptors) return;
  run([] {
    if (::unshare(CLONE_FILES) == 0) return;
    throw Error(ExitCode::kEnvironmentUnfit,
                fmt::format("cannot give a thread of the load its own descriptors: {}; raise the "
                            "limit with 'ulimit -n' or use fewer connections",
                            std::strerror(errno)));
  }).get();
}

LoadThread::~LoadThread() {
  {
    const std::lock_guard guard(mutex_);
    stopping_ = true;
  }
  told_.notify_one();
  thread_.join();
}

std::future<void> LoadThread::run(std::function<void()> work) {
  std::packaged_task<void()> task(std::move(work));
  std::future<void> done = task.get_future();
  {
    const std::lock_guard guard(mutex_);
    work_.push_back(std::move(task));
  }
  told_.notify_one();
  return done;
}

void LoadThread::serve() {
  while (true) {
    std::packaged_task<void()> task;
    {
      std::unique_lock lock(mutex_);
      told_.wait(lock, [this] { return stopping_ || !work_.empty(); });
      if (work_.empty()) return;
      task = std::move(work_.front());
      work_.pop_front();
    }
    task();
  }
}

}  // namespace leakbench
