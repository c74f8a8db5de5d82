// A thread of the load generator: does what it is told, one thing after the other.
#ifndef LEAKBENCH_HARNESS_LOAD_LOAD_THREAD_H_
#define LEAKBENCH_HARNESS_LOAD_LOAD_THREAD_H_

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

namespace leakbench {

class LoadThread {
 public:
  // `own_descriptors`: the thread has a descriptor table of its own, which starts as a copy of the
  // process's, and so the whole limit of the process to itself. What it opens only it can use.
  // Throws Error(kEnvironmentUnfit) where the system refuses that.
  explicit LoadThread(bool own_descriptors);
  LoadThread(const LoadThread&) = delete;
  LoadThread& operator=(const LoadThread&) = delete;
  // Does first what it was told.
  ~LoadThread();

  // The future has what `work` throws.
  std::future<void> run(std::function<void()> work);

 private:
  void serve();

  std::mutex mutex_;
  std::condition_variable told_;
  std::deque<std::packaged_task<void()>> work_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_LOAD_THREAD_H_
