#include "harness/load/engine.h"

#include "harness/base/error.h"
#include "harness/load/epoll_engine.h"
#include "harness/load/uring_engine.h"

namespace leakbench {

std::string_view to_string(EngineKind kind) {
  switch (kind) {
    case EngineKind::kEpoll:
      return "epoll";
    case EngineKind::kIoUring:
      return "io_uring";
  }
  return "unknown";
}

bool io_uring_is_available() {
  try {
    const UringEngine engine(1);
    return true;
  } catch (const Error&) {
    return false;
  }
}

std::unique_ptr<Engine> make_engine(EngineKind kind, std::size_t slots) {
  if (kind == EngineKind::kIoUring) return std::make_unique<UringEngine>(slots);
  return std::make_unique<EpollEngine>(slots);
}

}  // namespace leakbench
