// The files that a load writes while it runs, request by request.
#ifndef LEAKBENCH_HARNESS_RUN_LOAD_OBSERVERS_H_
#define LEAKBENCH_HARNESS_RUN_LOAD_OBSERVERS_H_

#include <memory>

#include "harness/load/request_observer.h"
#include "harness/run/load_run.h"

namespace leakbench {

// Those that `run` asks for. on_request() from the load's threads, the others from its maker.
class LoadObservers final : public RequestObserver {
 public:
  // The moment of the load's release is soon after. Throws Error(kUsage) for a file that can't be
  // written.
  explicit LoadObservers(const LoadRun& run);
  ~LoadObservers() override;

  // nullptr where the run asks for none.
  RequestObserver* any();

  void on_request(const RequestRecord& record) override;

  // The rest is written. Throws Error for what could not be.
  void close();

 private:
  struct Files;
  std::unique_ptr<Files> files_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_LOAD_OBSERVERS_H_
