#include "runtime/control/heartbeat_server.h"

#include <httplib.h>

#include <nlohmann/json.hpp>

#include "runtime/control/pause_json.h"

namespace leakbench {

HeartbeatServer::HeartbeatServer(std::uint16_t port) {
  http_.http().Get("/debug/pause", [this](const httplib::Request&, httplib::Response& response) {
    response.set_content(pause_json(pauses_.snapshot()).dump(2) + "\n", "application/json");
  });
  http_.start(port);
}

}  // namespace leakbench
