// Numbers as people read them: the table and the reason sentences of verdicts share these.
// Pure functions, safe from any thread. Callers pass finite values.
#ifndef LEAKBENCH_HARNESS_VERDICT_HUMANISE_H_
#define LEAKBENCH_HARNESS_VERDICT_HUMANISE_H_

#include <string>

namespace leakbench {

// `digits` significant digits, thousands separated, no trailing zeros: "0.25", "1.93", "12,400".
// Digits before the decimal point are never rounded away.
std::string humanise_number(double value, int digits = 3);

// "1.93 s", "12.4 ms", "8.1 us", "812 ns". The unit is chosen after rounding: 999.9 ms is "1 s".
std::string humanise_ns(double nanoseconds, int digits = 3);

// "62.3 MiB", powers of 1024.
std::string humanise_bytes(double bytes, int digits = 3);

// "20,000"; a fraction, which only the median of an even number of counts has, is kept: "0.5".
std::string humanise_count(double count);

// "20,000 tasks", "1 task".
std::string humanise_tasks(double count);

// A change with its sign: "-26 %", "+12 %", "0 %". A fall short of 100 % never reads "-100 %",
// because -100 % is the claim that nothing is left: it reads "-99.9 %".
std::string humanise_change(double percent);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_VERDICT_HUMANISE_H_
