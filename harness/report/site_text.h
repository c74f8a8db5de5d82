#ifndef LEAKBENCH_HARNESS_REPORT_SITE_TEXT_H_
#define LEAKBENCH_HARNESS_REPORT_SITE_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "harness/report/leak_site.h"

namespace leakbench {

// What is known of a place, without a line feed: "20,000 alive at the last response, started at
// server.cc:66 (expensive_work); waiting for timer 19,999, runnable 1; 0 after settling".
std::string site_sentence(const LeakSite& site);

// A line for each of the first `most` sites, "ARM: SENTENCE", and one that counts the others.
std::string sites_text(std::string_view arm, const std::vector<LeakSite>& sites, std::size_t most);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_SITE_TEXT_H_
