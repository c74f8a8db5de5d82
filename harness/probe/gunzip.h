// Unpacks gzip, as far as one trusts a server: up to a limit.
#ifndef LEAKBENCH_HARNESS_PROBE_GUNZIP_H_
#define LEAKBENCH_HARNESS_PROBE_GUNZIP_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "harness/probe/parsed.h"

namespace leakbench {

// One gzip member that is all of `bytes` (Go writes its profiles so). An error when it is cut,
// damaged, followed by something else, or when either side of it is larger than `most_bytes`, which
// must be less than 4 GiB. Throws nothing but std::bad_alloc.
Parsed<std::string> gunzip(std::string_view bytes, std::size_t most_bytes);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_GUNZIP_H_
