// Connecting, as a wait of the task.
#ifndef LEAKBENCH_RUNTIME_NET_DIAL_H_
#define LEAKBENCH_RUNTIME_NET_DIAL_H_

#include <netinet/in.h>

#include <memory>
#include <system_error>

#include "runtime/context/context.h"
#include "runtime/net/stream.h"
#include "runtime/task/task.h"

namespace leakbench {

struct Dialed {
  std::unique_ptr<Stream> stream;  // connected; nullptr when there is an error
  std::error_code error;           // operation_canceled under a done context
};

// Connects to `target`. When `ctx` is done first, the attempt is given up and its socket closed
// (Go: net.Dialer.DialContext).
task<Dialed> dial(Context ctx, sockaddr_in target);

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_NET_DIAL_H_
