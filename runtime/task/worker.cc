#include "runtime/task/worker.h"

#include <algorithm>
#include <stdexcept>

#include "runtime/task/scheduler.h"

namespace leakbench {
namespace {

thread_local Worker* current_worker = nullptr;

// Between two looks at the poller and the timers: long enough to spread a system call, short
// enough that a full queue does not hold up the others.
constexpr std::size_t kTasksPerTurn = 128;

// Tasks that start tasks that start tasks may jump the queue this often, and then wait like others.
constexpr std::size_t kMostStartedInARow = 16;

// While frames of a burst are still to be given back, an idle worker wakes this often.
constexpr Duration kTrimInterval = std::chrono::milliseconds(1);

// Without it tasks have no site, age or wait reason and nobody counts them: only to measure what
// all that costs.
#ifdef LEAKBENCH_NO_REGISTRY
constexpr bool kRegistry = false;
#else
constexpr bool kRegistry = true;
#endif

// What an inbox points at once its worker's tasks are being destroyed.
constinit TaskRecord closed_inbox;

}  // namespace

// Makes this thread the worker for a scope: its loop, a test's turn, or the destruction of tasks.
class Worker::CurrentBinding {
 public:
  explicit CurrentBinding(Worker& worker)
      : previous_(std::exchange(current_worker, &worker)), timers_(worker.timers_) {}
  ~CurrentBinding() { current_worker = previous_; }

 private:
  Worker* previous_;
  TimerQueue::Binding timers_;
};

void Worker::ReadyQueue::push(TaskRecord& record) {
  record.next_ready = nullptr;
  (last_ == nullptr ? first_ : last_->next_ready) = &record;
  last_ = &record;
}

TaskRecord* Worker::ReadyQueue::pop() {
  TaskRecord* record = first_;
  if (record == nullptr) return nullptr;
  first_ = record->next_ready;
  if (first_ == nullptr) last_ = nullptr;
  return record;
}

Worker::Worker(Scheduler& scheduler, std::size_t index, const Clock& clock,
               std::unique_ptr<Poller> poller)
    : scheduler_(scheduler),
      index_(index),
      clock_(clock),
      poller_(std::move(poller)),
      timers_(clock, [this] { wake_if_sleeping(); }),
      turn_time_(clock.now()) {}

Worker::~Worker() = default;

Worker* Worker::current() { return current_worker; }

Site& Worker::find_site(const std::source_location& location, const char* name, TaskKind kind) {
  if (current_worker == this) return sites_.find(scheduler_.sites(), location, name, kind);
  return scheduler_.sites().find(location, name, kind);
}

void Worker::start(task<> work, const char* name, TaskKind kind,
                   const std::source_location& location) {
  const auto handle = std::move(work).release();
  if (!handle) throw std::logic_error("go() of a task that was moved from");
  TaskRecord& record = handle.promise().begin_record();
  record.home = this;
  record.root = record.resume_point = handle;
  record.frame_bytes = handle.promise().frame_bytes();
  if (trampoline.current != nullptr) record.parent_id = trampoline.current->id;

  if constexpr (kRegistry) {
    Site& site = find_site(location, name, kind);
    record.shard = &site.shard(index_);
    // Counted here and now: go() returns with the task in the count, whoever looks.
    if (current_worker != nullptr && &current_worker->scheduler_ == &scheduler_) {
      SiteShard& shard = site.shard(current_worker->index_);
      SiteShard::add(shard.started, 1);
      SiteShard::add(shard.live, 1);
    } else {
      SiteShard& shard = site.shard(scheduler_.foreign_shard());
      shard.started.fetch_add(1, std::memory_order_relaxed);
      shard.live.fetch_add(1, std::memory_order_relaxed);
    }
  }

  if (current_worker == this) {
    adopt(record);
    run_next(record);
  } else {
    // Adopted when the inbox is taken. Too late for that, it is only destroyed with the others.
    if (!add_to(inbox_, record)) add_to(late_, record);
    wake_if_sleeping();
  }
}

void Worker::adopt(TaskRecord& record) {
  record.born = turn_time_;
  record.id = ++next_id_ * scheduler_.worker_count() + index_;
  tasks_.push_back(record);
}

void Worker::run_next(TaskRecord& record) {
  if (just_started_ != nullptr) ready_.push(*just_started_);
  just_started_ = &record;
}

TaskRecord* Worker::next_ready(std::size_t& started_in_a_row) {
  if (just_started_ != nullptr && (started_in_a_row < kMostStartedInARow || ready_.empty())) {
    ++started_in_a_row;
    return std::exchange(just_started_, nullptr);
  }
  started_in_a_row = 0;
  return ready_.pop();
}

void Worker::forget_ready() {
  ready_.clear();
  just_started_ = nullptr;
}

void Worker::make_ready(TaskRecord& record) {
  if (current_worker == this && record.ListHook<RegistryTag>::is_linked()) {
    // While everything is torn down, tasks that end make others ready that never run again.
    if (!destroying_.load(std::memory_order_relaxed)) ready_.push(record);
    return;
  }
  if (add_to(inbox_, record)) wake_if_sleeping();
}

bool Worker::add_to(std::atomic<TaskRecord*>& stack, TaskRecord& record) {
  TaskRecord* first = stack.load(std::memory_order_relaxed);
  do {
    if (first == &closed_inbox) return false;
    record.next_ready = first;
  } while (!stack.compare_exchange_weak(first, &record, std::memory_order_seq_cst,
                                        std::memory_order_relaxed));
  return true;
}

void Worker::post(std::function<void()> call) {
  {
    std::lock_guard guard(calls_mutex_);
    calls_.push_back(std::move(call));
  }
  has_calls_.store(true, std::memory_order_seq_cst);
  wake_if_sleeping();
}

void Worker::wake_if_sleeping() {
  if (current_worker == this) return;
  if (sleeping_.load(std::memory_order_seq_cst) && sleeping_.exchange(false)) poller_->wake();
}

void Worker::take(TaskRecord* newest) {
  TaskRecord* oldest = nullptr;
  while (newest != nullptr) {
    TaskRecord* next = newest->next_ready;
    newest->next_ready = oldest;
    oldest = newest;
    newest = next;
  }
  while (oldest != nullptr) {
    TaskRecord* next = oldest->next_ready;
    if (!oldest->ListHook<RegistryTag>::is_linked()) adopt(*oldest);
    ready_.push(*oldest);
    oldest = next;
  }
}

void Worker::take_inbox() {
  take(inbox_.exchange(nullptr, std::memory_order_acq_rel));
  if (has_calls_.exchange(false, std::memory_order_acq_rel)) {
    std::vector<std::function<void()>> calls;
    {
      std::lock_guard guard(calls_mutex_);
      calls.swap(calls_);
    }
    for (auto& call : calls) call();
  }
}

void Worker::begin_wait(TaskRecord& record, WaitReason reason,
                        const std::source_location& location) {
  if constexpr (kRegistry) {
    record.waiting = reason;
    record.waiting_since = turn_time_;
    record.wait_location = location;
    SiteShard::add(record.shard->waiting[static_cast<std::size_t>(reason)], 1);
  }
}

Site& Worker::move_to_site(TaskRecord& record, Site& site) {
  if constexpr (!kRegistry) return site;
  Site& before = *record.shard->site;
  SiteShard::add(record.shard->live, -1);
  record.shard = &site.shard(index_);
  SiteShard::add(record.shard->live, 1);
  return before;
}

void Worker::run_turn_of(TaskRecord& record) {
  if (record.waiting != WaitReason::kNone) {
    SiteShard::add(record.shard->waiting[static_cast<std::size_t>(record.waiting)], -1);
    record.waiting = WaitReason::kNone;
  }
  trampoline.current = &record;
  trampoline.next = record.resume_point;
  while (trampoline.next) std::exchange(trampoline.next, nullptr).resume();
  trampoline.current = nullptr;
  if (std::exchange(trampoline.root_finished, false)) finish(record);
}

void Worker::finish(TaskRecord& record) {
  const auto handle =
      std::coroutine_handle<internal::Promise<void>>::from_address(record.root.address());
  if (handle.promise().exception()) [[unlikely]] {
    scheduler_.report_unhandled(record, handle.promise().exception());
  }
  record.ListHook<RegistryTag>::unlink();
  destroy(record);
}

// Counted until its frame is gone.
void Worker::destroy(TaskRecord& record) {
  SiteShard* const shard = record.shard;
  record.root.destroy();
  if constexpr (kRegistry) SiteShard::add(shard->live, -1);
}

std::size_t Worker::run_ready() {
  std::size_t count = 0;
  std::size_t started_in_a_row = 0;
  for (; count < kTasksPerTurn; ++count) {
    TaskRecord* record = next_ready(started_in_a_row);
    if (record == nullptr) break;
    run_turn_of(*record);
  }
  return count;
}

bool Worker::turn() {
  CurrentBinding binding(*this);
  turn_time_ = clock_.now();
  poller_->wait(Duration::zero());
  const std::size_t fired = timers_.run_expired();
  take_inbox();
  return fired + run_ready() > 0;
}

void Worker::run() {
  CurrentBinding binding(*this);
  while (!stopping_.load(std::memory_order_acquire)) {
    turn_time_ = clock_.now();
    timers_.run_expired();
    take_inbox();
    run_ready();
    if (!has_ready()) {
      sleep_until_woken();
    } else {
      poller_->wait(Duration::zero());
    }
  }
}

void Worker::sleep_until_woken() {
  std::optional<Duration> timeout;
  if (FramePool::trim()) timeout = kTrimInterval;
  if (const auto deadline = timers_.next_deadline()) {
    timeout =
        std::clamp(*deadline - clock_.now(), Duration::zero(), timeout.value_or(Duration::max()));
  }
  // Said before the last look: whoever adds work after that look sees it and wakes us.
  sleeping_.store(true, std::memory_order_seq_cst);
  if (inbox_.load(std::memory_order_seq_cst) != nullptr ||
      has_calls_.load(std::memory_order_seq_cst) || stopping_.load(std::memory_order_seq_cst)) {
    timeout = Duration::zero();
  }
  poller_->wait(timeout);
  sleeping_.store(false, std::memory_order_relaxed);
}

void Worker::stop() {
  stopping_.store(true, std::memory_order_seq_cst);
  wake_if_sleeping();
}

bool Worker::destroy_tasks() {
  CurrentBinding binding(*this);
  destroying_.store(true, std::memory_order_relaxed);
  // Closed before the first frame goes: a task that another thread makes ready at this moment must
  // not be found in the inbox after it was destroyed.
  TaskRecord* const newest = inbox_.exchange(&closed_inbox, std::memory_order_acq_rel);
  if (newest != &closed_inbox) take(newest);
  bool any = false;
  while (true) {
    take(late_.exchange(nullptr, std::memory_order_acq_rel));
    forget_ready();
    TaskRecord* const record = tasks_.pop_front();
    if (record == nullptr) break;
    destroy(*record);
    any = true;
  }
  FramePool::release_all();
  return any;
}

void Worker::for_each_task(const std::function<void(const TaskRecord&)>& visit) const {
  if constexpr (!kRegistry) return;
  for (const TaskRecord* record = tasks_.front(); record != nullptr;
       record = tasks_.after(*record)) {
    visit(*record);
  }
}

}  // namespace leakbench
