// What the whole machine goes through while a target is measured: the noise that a report has to
// know of.
#ifndef LEAKBENCH_HARNESS_PROBE_MACHINE_PROBE_H_
#define LEAKBENCH_HARNESS_PROBE_MACHINE_PROBE_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace leakbench {

// Pressure is the share of the last ten seconds in which at least one task of the machine stood
// still for want of it, 0 to 100; the kernel works it out anew every two seconds. nullopt where it
// does not (no PSI).
struct MachineReading {
  std::optional<double> cpu_pressure_percent;
  std::optional<double> memory_pressure_percent;
  std::optional<double> io_pressure_percent;
  // Since the machine started, in steps of 10 ms: the hypervisor had the server's cores do
  // something else. nullopt for a server that is not pinned.
  std::optional<std::int64_t> stolen_ns;
};

// Never throws and never blocks. Safe to use from several threads.
class MachineProbe {
 public:
  explicit MachineProbe(std::vector<int> server_cores);

  // Some ten microseconds; more where the machine has many cores and interrupts.
  MachineReading read() const;

 private:
  const std::vector<int> server_cores_;
};

// The number behind "some avg10=" in the text of a file below /proc/pressure. Pure.
std::optional<double> parse_pressure(std::string_view text);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_MACHINE_PROBE_H_
