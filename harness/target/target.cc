#include "harness/target/target.h"

#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>
#include <memory>

#include "harness/target/control_client.h"
#include "harness/target/ports.h"
#include "runtime/time/duration.h"

namespace leakbench {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

std::string_view to_string(StopReport::How how) {
  switch (how) {
    case StopReport::How::kGracefully:
      return "gracefully";
    case StopReport::How::kByForce:
      return "by-force";
    case StopReport::How::kWasGone:
      return "was-gone";
    case StopReport::How::kLeftAlone:
      return "left-alone";
  }
  return "unknown";
}

std::uint32_t Target::accepting_address() const { return INADDR_LOOPBACK; }

std::string Target::with_last_words(std::string message) const {
  const std::string words = last_words();
  return words.empty() ? message : message + "; " + words;
}

Error Target::unexpected_exit(std::string_view when) const {
  return Error(ExitCode::kIncomplete,
               with_last_words(fmt::format("{} {} {}", description(),
                                           describe(exit_status().value_or(ExitStatus{})), when)));
}

std::function<std::string()> Target::look(std::uint16_t port, const std::string& path,
                                          nanoseconds bound) const {
  ControlClient::Limits limits;
  limits.time =
      std::clamp(std::chrono::ceil<milliseconds>(bound), milliseconds(10), milliseconds(500));
  if (path.empty()) {
    return [address = accepting_address(), port, time = limits.time] {
      const std::string problem = connect_problem(address, port, time);
      return problem.empty() ? "" : fmt::format("port {}: {}", port, problem);
    };
  }
  const auto client = std::make_shared<ControlClient>(port, limits);
  return [client, port, path] {
    const ControlReply reply = client->get(path);
    if (reply.status == 200) return std::string();
    return fmt::format(
        "GET http://127.0.0.1:{}{}{}", port, path,
        reply.status != 0 ? fmt::format(" answered {}", reply.status) : ": " + reply.problem);
  };
}

bool Target::wait_until_ready(std::uint16_t port, const std::string& path, nanoseconds bound,
                              const std::function<bool()>& cancelled) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + bound;
  const auto look_once = look(port, path, bound);
  milliseconds pause(2);
  while (true) {
    if (cancelled()) return false;
    const std::string problem = look_once();
    // After the answer, so that a stranger who answers on the port does not pass for a server that
    // could not have it and ended.
    if (exit_status()) throw unexpected_exit("before it was ready");
    if (problem.empty()) return true;
    if (Clock::now() >= deadline) {
      throw Error(ExitCode::kIncomplete,
                  with_last_words(fmt::format("{} was not ready within {}: {}", description(),
                                              format_duration(bound), problem)));
    }
    wait_for_exit(std::min<nanoseconds>(pause, deadline - Clock::now()));
    pause = std::min(pause * 2, milliseconds(50));
  }
}

}  // namespace leakbench
