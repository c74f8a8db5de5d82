#include "harness/run/request_log.h"

#include <fmt/format.h>

#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "harness/load/outcome.h"

namespace leakbench {
namespace {

// 90 kB of records: a hand-over for each tenth of a second of a busy thread, at most.
constexpr std::size_t kBatchRecords = 1'024;

// Waiting to be written: 6 MB.
constexpr std::size_t kMostBatches = 64;

void append_time(std::string& line, std::optional<TimePoint> time, TimePoint released) {
  line += ',';
  if (time) fmt::format_to(std::back_inserter(line), "{}", (*time - released).count());
}

}  // namespace

RequestLog::RequestLog(const std::filesystem::path& path) : file_(path) {
  file_.write("number,connection,outcome,errno,due_ns,sent_ns,first_byte_ns,ended_ns\n");
  writer_ = std::thread([this] { write_batches(); });
}

RequestLog::~RequestLog() { finish(); }

void RequestLog::on_release(TimePoint released) { released_ = released; }

void RequestLog::on_request(const RequestRecord& record) {
  const std::size_t thread = std::hash<std::thread::id>{}(std::this_thread::get_id());
  Lane& lane = lanes_[thread % lanes_.size()];
  Batch full;
  {
    const std::lock_guard lock(lane.mutex);
    if (lane.batch.capacity() == 0) lane.batch.reserve(kBatchRecords);
    lane.batch.push_back(record);
    if (lane.batch.size() < kBatchRecords) return;
    full.swap(lane.batch);
  }
  hand_over(std::move(full));
}

void RequestLog::hand_over(Batch batch) {
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return full_.size() < kMostBatches; });
    full_.push_back(std::move(batch));
  }
  changed_.notify_all();
}

void RequestLog::write_batches() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || !full_.empty(); });
    if (full_.empty()) return;
    const Batch batch = std::move(full_.front());
    full_.pop_front();
    lock.unlock();
    changed_.notify_all();
    write(batch);
    lock.lock();
  }
}

void RequestLog::write(const Batch& batch) {
  std::string lines;
  for (const RequestRecord& record : batch) {
    fmt::format_to(std::back_inserter(lines), "{},{},{},", record.number, record.connection,
                   to_string(record.outcome));
    if (record.error != 0) lines += std::to_string(record.error);
    append_time(lines, record.due, released_);
    append_time(lines, record.sent, released_);
    append_time(lines, record.first_byte, released_);
    append_time(lines, record.ended, released_);
    lines += '\n';
  }
  file_.write(lines);
}

void RequestLog::finish() {
  if (!writer_.joinable()) return;
  for (Lane& lane : lanes_) hand_over(std::move(lane.batch));
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  writer_.join();
}

void RequestLog::close() {
  finish();
  file_.close();
}

}  // namespace leakbench
