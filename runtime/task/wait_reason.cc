#include "runtime/task/wait_reason.h"

namespace leakbench {

const char* to_string(WaitReason reason) {
  switch (reason) {
    case WaitReason::kNone:
      return "runnable";
    case WaitReason::kTimer:
      return "timer";
    case WaitReason::kChannelSend:
      return "channel send";
    case WaitReason::kChannelReceive:
      return "channel receive";
    case WaitReason::kSelect:
      return "select";
    case WaitReason::kContext:
      return "context";
    case WaitReason::kWaitGroup:
      return "wait group";
    case WaitReason::kMutex:
      return "mutex";
    case WaitReason::kIo:
      return "io";
  }
  return "runnable";
}

}  // namespace leakbench
