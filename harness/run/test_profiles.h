// What the tools print, for the tests of what reads it.
#ifndef LEAKBENCH_HARNESS_RUN_TEST_PROFILES_H_
#define LEAKBENCH_HARNESS_RUN_TEST_PROFILES_H_

#include <string>

namespace leakbench {

inline const std::string kGoogleCpuText =
    "Using local file build/release/bin/leakbench-server.\n"
    "Using local file cpu.prof.\n"
    "Total: 25 samples\n"
    "      18  72.0%  72.0%       18  72.0% crunch (inline)\n"
    "       3  12.0%  84.0%        3  12.0% epoll_pwait2@@GLIBC_2.35\n"
    "       2   8.0%  92.0%        2   8.0% 0x00007fd930d0db46\n"
    "       1   4.0%  96.0%        1   4.0% leakbench::::expensive_work [clone .actor] (inline)\n"
    "       1   4.0% 100.0%        1   4.0% leakbench::TimerEnd::on_event\n"
    "       0   0.0% 100.0%       25 100.0% clone3\n"
    "       0   0.0% 100.0%       19  76.0% expensive_work\n"
    "       0   0.0% 100.0%       23  92.0% leakbench::Worker::run\n"
    "       0   0.0% 100.0%       25 100.0% "
    "std::error_code::default_error_condition@@GLIBCXX_3.4.11\n";

inline const std::string kGoogleHeapText =
    "Total: 2629866 B\n"
    " 2105354  80.1%  80.1%  2105354  80.1% std::__new_allocator::allocate (inline)\n"
    "  524512  19.9% 100.0%   524512  19.9% leakbench::FramePool::allocate (inline)\n"
    "       0   0.0% 100.0%  2105354  80.1% Payload (inline)\n"
    "       0   0.0% 100.0%  2629866 100.0% clone3\n"
    "       0   0.0% 100.0%  2629866 100.0% expensive_work\n"
    "       0   0.0% 100.0%  2629866 100.0% start_thread\n"
    "       0   0.0% 100.0%  2105354  80.1% std::vector::vector (inline)\n";

inline const std::string kGoCpuText =
    "File: t\n"
    "Build ID: eb28a34969f902c0a22797ada8c4e3d5a6596243\n"
    "Type: cpu\n"
    "Time: 2026-11-27 21:24:11 UTC\n"
    "Duration: 1s, Total samples = 480000000ns (47.99%)\n"
    "Showing nodes accounting for 480000000ns, 100% of 480000000ns total\n"
    "      flat  flat%   sum%        cum   cum%\n"
    "400000000ns 83.33% 83.33% 480000000ns   100%  main.burn\n"
    "50000000ns 10.42% 93.75% 50000000ns 10.42%  runtime.asyncPreempt\n"
    "30000000ns  6.25%   100% 30000000ns  6.25%  runtime.nanotime (inline)\n"
    "         0     0%   100% 480000000ns   100%  main.main\n"
    "         0     0%   100% 30000000ns  6.25%  time.Since\n";

inline const std::string kGoHeapText =
    "File: leakbench-server-go\n"
    "Type: inuse_space\n"
    "Showing nodes accounting for 11043889B, 100% of 11043889B total\n"
    "      flat  flat%   sum%        cum   cum%\n"
    "  3684370B 33.36% 33.36%   3684370B 33.36%  scenarios/orphaned-task/go.newPayload (inline)\n"
    "         0     0%   100%   3684370B 33.36%  scenarios/orphaned-task/go.expensiveWork\n";

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_RUN_TEST_PROFILES_H_
