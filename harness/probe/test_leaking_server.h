// A real Go server that leaks: testdata/leaking_server.
#ifndef LEAKBENCH_HARNESS_PROBE_TEST_LEAKING_SERVER_H_
#define LEAKBENCH_HARNESS_PROBE_TEST_LEAKING_SERVER_H_

#include <chrono>
#include <string>
#include <vector>

#include "harness/target/ports.h"
#include "harness/target/server_process.h"
#include "harness/target/test_support.h"

namespace leakbench {

inline constexpr const char* kNoLeakingServer =
    "there was no Go to build the server with when this was configured";

inline bool leaking_server_was_built() { return *LEAKBENCH_LEAKING_TEST_SERVER != '\0'; }

// Ready when constructed; throws Error when it does not come up.
class LeakingServer {
 public:
  explicit LeakingServer(std::vector<std::string> options, std::vector<int> cores = {})
      : process_({"leaking-test-server", command(std::move(options)), folder_ / "log", cores}) {
    process_.wait_until_ready(port_, "/healthz", std::chrono::seconds(60));
  }

  std::uint16_t port() const { return port_; }
  ServerProcess& process() { return process_; }

 private:
  std::vector<std::string> command(std::vector<std::string> options) {
    options.insert(options.begin(),
                   {LEAKBENCH_LEAKING_TEST_SERVER, "-port", std::to_string(port_)});
    return options;
  }

  const std::uint16_t port_ = pick_free_port();
  const TemporaryFolder folder_;
  ServerProcess process_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_TEST_LEAKING_SERVER_H_
