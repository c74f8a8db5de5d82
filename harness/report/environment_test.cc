#include "harness/report/environment.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/utsname.h>

#include <algorithm>

#include "harness/report/test_files.h"

namespace leakbench {
namespace {

namespace fs = std::filesystem;
using test_files::TemporaryFolder;
using test_files::write_file;

TEST(CaptureEnvironment, ReadsProcfs) {
  TemporaryFolder proc;
  write_file(proc.path() / "cpuinfo",
             "processor\t: 0\nmodel\t\t: 1\nmodel name\t: AMD EPYC 7B12 \n\nprocessor\t: 1\n"
             "model name\t: Another\n");
  write_file(proc.path() / "meminfo", "MemTotal:        8130560 kB\nMemFree: 1 kB\n");
  write_file(proc.path() / "loadavg", "1.25 0.80 0.60 2/150 4711\n");
  write_file(proc.path() / "sys/net/core/somaxconn", "4096\n");
  write_file(proc.path() / "sys/net/ipv4/ip_local_port_range", "32768\t60999\n");

  const Environment environment = capture_environment(proc.path());
  EXPECT_EQ(environment.cpu_model, "AMD EPYC 7B12");
  EXPECT_EQ(environment.memory_total_bytes, 8130560LL * 1024);
  EXPECT_EQ(environment.load_average_1m, 1.25);
  EXPECT_EQ(environment.somaxconn, 4096);
  ASSERT_TRUE(environment.port_range.has_value());
  EXPECT_EQ(environment.port_range->first, 32768);
  EXPECT_EQ(environment.port_range->last, 60999);
}

TEST(CaptureEnvironment, LeavesOutWhatProcfsDoesNotHave) {
  TemporaryFolder proc;
  const Environment environment = capture_environment(proc.path());
  EXPECT_EQ(environment.cpu_model, std::nullopt);
  EXPECT_EQ(environment.memory_total_bytes, std::nullopt);
  EXPECT_EQ(environment.load_average_1m, std::nullopt);
  EXPECT_EQ(environment.somaxconn, std::nullopt);
  EXPECT_FALSE(environment.port_range.has_value());
}

TEST(CaptureEnvironment, LeavesOutWhatIsGarbage) {
  TemporaryFolder proc;
  write_file(proc.path() / "cpuinfo", "model name\nmodel name extra : x\nmodel name\t:  \n");
  write_file(proc.path() / "meminfo", "MemTotal: much\n");
  write_file(proc.path() / "loadavg", "\n");
  write_file(proc.path() / "sys/net/core/somaxconn", "many");
  write_file(proc.path() / "sys/net/ipv4/ip_local_port_range", "32768\n");
  const Environment environment = capture_environment(proc.path());
  EXPECT_EQ(environment.cpu_model, std::nullopt);
  EXPECT_EQ(environment.memory_total_bytes, std::nullopt);
  EXPECT_EQ(environment.load_average_1m, std::nullopt);
  EXPECT_EQ(environment.somaxconn, std::nullopt);
  EXPECT_FALSE(environment.port_range.has_value());
}

TEST(CaptureEnvironment, TellsThisMachine) {
  const Environment environment = capture_environment();
  utsname names{};
  ASSERT_EQ(::uname(&names), 0);
  EXPECT_EQ(environment.kernel, "Linux " + std::string(names.release));
  ASSERT_TRUE(environment.cores_online.has_value());
  EXPECT_GE(*environment.cores_online, 1);
  ASSERT_FALSE(environment.cores_allowed.empty());
  EXPECT_TRUE(std::is_sorted(environment.cores_allowed.begin(), environment.cores_allowed.end()));
  ASSERT_TRUE(environment.memory_total_bytes.has_value());
  EXPECT_GT(*environment.memory_total_bytes, 1 << 20);
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(environment.nofile_soft, limit.rlim_cur);
  EXPECT_EQ(environment.nofile_hard, limit.rlim_max);
}

TEST(CaptureEnvironment, ListsOnlyTheCoresThisThreadMayUse) {
  cpu_set_t all;
  ASSERT_EQ(::sched_getaffinity(0, sizeof(all), &all), 0);
  const std::vector<int> allowed = capture_environment().cores_allowed;
  ASSERT_FALSE(allowed.empty());
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(allowed.back()), &one);
  ASSERT_EQ(::sched_setaffinity(0, sizeof(one), &one), 0);
  const std::vector<int> restricted = capture_environment().cores_allowed;
  ASSERT_EQ(::sched_setaffinity(0, sizeof(all), &all), 0);
  EXPECT_EQ(restricted, std::vector<int>{allowed.back()});
}

TEST(BuildInfo, TellsTheCompilerOfThisVeryBuild) {
  const BuildInfo info = build_info();
#ifndef __clang__
  EXPECT_EQ(info.compiler, "g++ " __VERSION__);
#endif
  EXPECT_TRUE(info.allocator == "tcmalloc" || info.allocator == "libc");
#ifdef LEAKBENCH_SANITIZED
  EXPECT_NE(info.sanitizers, "");
  EXPECT_EQ(info.allocator, "libc") << "tcmalloc and sanitizers exclude each other";
#else
  EXPECT_EQ(info.sanitizers, "");
#endif
#ifdef NDEBUG
  EXPECT_NE(info.compiler_flags.find("-DNDEBUG"), std::string::npos) << info.compiler_flags;
#else
  EXPECT_EQ(info.compiler_flags.find("-DNDEBUG"), std::string::npos) << info.compiler_flags;
#endif
}

TEST(BuildInfo, TellsAFullCommitOrNone) {
  const BuildInfo info = build_info();
  if (!info.git_commit) {
    EXPECT_EQ(info.git_dirty, std::nullopt);
    return;
  }
  EXPECT_EQ(info.git_commit->size(), 40U);
  EXPECT_EQ(info.git_commit->find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_TRUE(info.git_dirty.has_value());
}

}  // namespace
}  // namespace leakbench
