// A load's requests as a table: one line of CSV for each.
#ifndef LEAKBENCH_HARNESS_RUN_REQUEST_LOG_H_
#define LEAKBENCH_HARNESS_RUN_REQUEST_LOG_H_

#include <array>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <mutex>
#include <thread>
#include <vector>

#include "harness/load/request_observer.h"
#include "harness/report/growing_file.h"
#include "runtime/time/clock.h"

namespace leakbench {

// number,connection,outcome,errno,due_ns,sent_ns,first_byte_ns,ended_ns: times are nanoseconds
// since the release, and a field is empty for what there was not. The lines are in no order.
//
// The load's threads only keep what they are told; a thread of the log's own writes it, in batches.
// They wait for it where the file is many batches behind: no line is left out.
class RequestLog final : public RequestObserver {
 public:
  // Makes the file, or empties it. Throws Error(kUsage) where that can't be done.
  explicit RequestLog(const std::filesystem::path& path);
  // Writes the rest; a failure is a line on stderr.
  ~RequestLog() override;
  RequestLog(const RequestLog&) = delete;
  RequestLog& operator=(const RequestLog&) = delete;

  // What the times count from. Before the first on_request().
  void on_release(TimePoint released) override;

  void on_request(const RequestRecord& record) override;

  // After the load: writes the rest. Throws Error(kEnvironmentUnfit) if not all could be written. A
  // second call does nothing.
  void close();

 private:
  using Batch = std::vector<RequestRecord>;

  // A thread usually has one for itself. On a cache line of its own, so that the next one's lock
  // does not slow it.
  struct alignas(64) Lane {
    std::mutex mutex;
    Batch batch;
  };

  void hand_over(Batch batch);
  void write_batches();
  void write(const Batch& batch);
  void finish();

  TimePoint released_{};
  std::array<Lane, 16> lanes_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Batch> full_;  // guarded by mutex_
  bool ending_ = false;     // guarded by mutex_

  GrowingFile file_;    // of the writer
  std::thread writer_;  // the last: it uses the others
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_REQUEST_LOG_H_
