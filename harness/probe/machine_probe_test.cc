#include "harness/probe/machine_probe.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "harness/probe/core_times.h"
#include "harness/target/cores.h"

namespace leakbench {
namespace {

TEST(Pressure, IsTheShareOfTheLastTenSeconds) {
  EXPECT_EQ(parse_pressure("some avg10=95.50 avg60=91.47 avg300=87.58 total=13533860194\n"
                           "full avg10=0.25 avg60=0.00 avg300=0.00 total=0\n"),
            95.5);
  EXPECT_EQ(parse_pressure("some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n"), 0.0);
}

TEST(Pressure, IsUnknownWhereTheTextIsAnother) {
  for (const char* text : {"", "some", "some avg10=", "some avg10=x", "some avg10=-1.00",
                           "some avg10=100.01", "some avg10=nan", "full avg10=1.00"}) {
    EXPECT_EQ(parse_pressure(text), std::nullopt) << text;
  }
}

TEST(MachineProbe, ReadsWhatTheKernelOffers) {
  const auto cores = allowed_cores();
  const std::int64_t stolen_before = core_times(cores).value().stolen_ns;
  const MachineReading reading = MachineProbe(cores).read();
  EXPECT_GE(reading.stolen_ns.value(), stolen_before);
  std::ifstream file("/proc/pressure/memory");
  std::string line;
  if (!std::getline(file, line)) GTEST_SKIP() << "this kernel does not tell pressure";
  for (const auto& pressure : {reading.cpu_pressure_percent, reading.memory_pressure_percent,
                               reading.io_pressure_percent}) {
    ASSERT_TRUE(pressure.has_value());
    EXPECT_GE(*pressure, 0);
    EXPECT_LE(*pressure, 100);
  }
}

TEST(MachineProbe, KnowsNoStolenTimeOfAServerThatIsNotPinned) {
  EXPECT_EQ(MachineProbe({}).read().stolen_ns, std::nullopt);
}

}  // namespace
}  // namespace leakbench
