// What a parked task waits for. The names are Go's where Go has one.
#ifndef LEAKBENCH_RUNTIME_TASK_WAIT_REASON_H_
#define LEAKBENCH_RUNTIME_TASK_WAIT_REASON_H_

#include <cstddef>
#include <cstdint>

namespace leakbench {

enum class WaitReason : std::uint8_t {
  kNone,  // running, or ready to run
  kTimer,
  kChannelSend,
  kChannelReceive,
  kSelect,
  kContext,
  kWaitGroup,
  kMutex,
  kIo,
};
inline constexpr std::size_t kWaitReasons = 9;

// "timer", "channel send", ...; "runnable" for kNone.
const char* to_string(WaitReason reason);

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_TASK_WAIT_REASON_H_
