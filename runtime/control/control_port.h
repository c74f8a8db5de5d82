// The HTTP side of a control port (cpp-httplib). For the servers behind one.
#ifndef LEAKBENCH_RUNTIME_CONTROL_CONTROL_PORT_H_
#define LEAKBENCH_RUNTIME_CONTROL_CONTROL_PORT_H_

#include <cstdint>
#include <memory>
#include <thread>

namespace httplib {
class Server;
}

namespace leakbench {

// Answers GET /healthz with 200 "ok", and what was added to http() before start().
class ControlPort {
 public:
  ControlPort();
  ControlPort(const ControlPort&) = delete;
  ControlPort& operator=(const ControlPort&) = delete;
  // Waits up to a second for requests that are under way.
  ~ControlPort();

  httplib::Server& http() { return *http_; }

  // Listens on 127.0.0.1, answers on threads of its own and returns the port; 0 takes a free one.
  // std::system_error if the port can't be had. Once.
  std::uint16_t start(std::uint16_t port);

 private:
  const std::unique_ptr<httplib::Server> http_;
  std::thread thread_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_CONTROL_CONTROL_PORT_H_
