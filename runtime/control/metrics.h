// A server's figures in the Prometheus text format.
#ifndef LEAKBENCH_RUNTIME_CONTROL_METRICS_H_
#define LEAKBENCH_RUNTIME_CONTROL_METRICS_H_

#include <memory>
#include <string>
#include <vector>

#include "runtime/http/http_server.h"
#include "runtime/stats/counter.h"
#include "runtime/task/scheduler.h"

namespace leakbench {

// Counters of the application's own.
using Counters = std::vector<std::shared_ptr<const Counter>>;

// Read at the call; what is not known (in-use bytes under a sanitizer) is left out.
std::string metrics_text(Scheduler& scheduler, const HttpServer& server, const Counters& counters);

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_CONTROL_METRICS_H_
