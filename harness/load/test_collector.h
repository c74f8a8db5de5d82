// Every request of a load, for tests.
#ifndef LEAKBENCH_HARNESS_LOAD_TEST_COLLECTOR_H_
#define LEAKBENCH_HARNESS_LOAD_TEST_COLLECTOR_H_

#include <cstdint>
#include <map>
#include <mutex>

#include "harness/load/request_observer.h"

namespace leakbench {

class Collector final : public RequestObserver {
 public:
  void on_request(const RequestRecord& record) override {
    const std::lock_guard guard(mutex_);
    records_.emplace(record.number, record);
  }
  // By number; once the load is over.
  const std::map<std::uint64_t, RequestRecord>& records() const { return records_; }

 private:
  std::mutex mutex_;
  std::map<std::uint64_t, RequestRecord> records_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_TEST_COLLECTOR_H_
