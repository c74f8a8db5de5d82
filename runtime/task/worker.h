// One thread's event loop: run queue, timers, poller, and its part of the task registry.
#ifndef LEAKBENCH_RUNTIME_TASK_WORKER_H_
#define LEAKBENCH_RUNTIME_TASK_WORKER_H_

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "runtime/task/poller.h"
#include "runtime/task/task.h"
#include "runtime/time/timer_queue.h"

namespace leakbench {

class Scheduler;

// Tasks never move between workers: all of a task's turns, and all changes of its record, happen on
// its home worker's thread. Other threads reach it through the inbox only.
class Worker {
 public:
  Worker(Scheduler& scheduler, std::size_t index, const Clock& clock,
         std::unique_ptr<Poller> poller);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // The worker this thread is, or nullptr.
  static Worker* current();

  Scheduler& scheduler() { return scheduler_; }
  std::size_t index() const { return index_; }
  TimerQueue& timers() { return timers_; }
  Poller& poller() { return *poller_; }
  // The clock as of this turn of the loop: good enough for ages, and free.
  TimePoint turn_time() const { return turn_time_; }

  // Starts a task here. From any thread.
  void start(task<> work, const char* name, TaskKind kind, const std::source_location& location);

  // Makes a parked task ready. Once per parking, from any thread.
  void make_ready(TaskRecord& record);

  // Runs `call` on the worker's thread at its next turn. From any thread; must not throw.
  void post(std::function<void()> call);

  // Turns until stop(). On the worker's own thread.
  void run();
  void stop();

  // One turn without waiting; false if there was nothing to do. For schedulers without threads.
  bool turn();

  // Destroys every task, those included that destructors start meanwhile; false if there was none.
  // Nothing becomes ready here any more. On no other terms than: the loop has ended.
  bool destroy_tasks();

  // Calls `visit` for each live task, on the worker's thread only.
  void for_each_task(const std::function<void(const TaskRecord&)>& visit) const;

  // Counts the running task as one of `site` until given another: a connection's task is the
  // runtime's between requests and the service's while it handles one. Returns the site before.
  Site& move_to_site(TaskRecord& record, Site& site);
  Site& find_site(const std::source_location& location, const char* name, TaskKind kind);

  void begin_wait(TaskRecord& record, WaitReason reason, const std::source_location& location);

 private:
  class ReadyQueue {
   public:
    bool empty() const { return first_ == nullptr; }
    void push(TaskRecord& record);
    TaskRecord* pop();
    void clear() { first_ = last_ = nullptr; }

   private:
    TaskRecord* first_ = nullptr;
    TaskRecord* last_ = nullptr;
  };

  class CurrentBinding;

  void adopt(TaskRecord& record);
  void run_next(TaskRecord& record);
  TaskRecord* next_ready(std::size_t& started_in_a_row);
  bool has_ready() const { return just_started_ != nullptr || !ready_.empty(); }
  void forget_ready();
  // Onto an inbox; false if it is closed.
  static bool add_to(std::atomic<TaskRecord*>& stack, TaskRecord& record);
  void take(TaskRecord* newest);
  void take_inbox();
  std::size_t run_ready();
  void run_turn_of(TaskRecord& record);
  void finish(TaskRecord& record);
  static void destroy(TaskRecord& record);
  void wake_if_sleeping();
  void sleep_until_woken();

  Scheduler& scheduler_;
  const std::size_t index_;
  const Clock& clock_;
  std::unique_ptr<Poller> poller_;
  TimerQueue timers_;
  TimePoint turn_time_;

  ReadyQueue ready_;
  // The task started last, which has its first turn next (Go: runnext). A request's background work
  // thus begins with its request, not behind all others that are waiting to be read.
  TaskRecord* just_started_ = nullptr;
  IntrusiveList<TaskRecord, RegistryTag> tasks_;
  SiteCache sites_;
  std::uint64_t next_id_ = 0;

  std::atomic<TaskRecord*> inbox_{nullptr};  // a stack; taken whole and reversed
  std::atomic<TaskRecord*> late_{nullptr};   // tasks started after the inbox was closed
  std::atomic<bool> sleeping_{false};
  std::atomic<bool> stopping_{false};
  std::atomic<bool> destroying_{false};
  std::mutex calls_mutex_;
  std::vector<std::function<void()>> calls_;
  std::atomic<bool> has_calls_{false};
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_TASK_WORKER_H_
