// A server's figures in the Prometheus text format.
#ifndef LEAKBENCH_RUNTIME_CONTROL_METRICS_H_
#define LEAKBENCH_RUNTIME_CONTROL_METRICS_H_

#include <string>

#include "runtime/http/http_server.h"
#include "runtime/task/scheduler.h"

namespace leakbench {

// Read at the call; what is not known (in-use bytes under a sanitizer) is left out.
std::string metrics_text(Scheduler& scheduler, const HttpServer& server);

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_CONTROL_METRICS_H_
