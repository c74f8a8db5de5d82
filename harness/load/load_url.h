// The URL that a load goes to.
#ifndef LEAKBENCH_HARNESS_LOAD_LOAD_URL_H_
#define LEAKBENCH_HARNESS_LOAD_LOAD_URL_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace leakbench {

struct LoadUrl {
  std::uint32_t address = 0;  // in host order, of 127.0.0.0/8
  std::uint16_t port = 80;
  std::string host;          // as a Host header has it: "localhost:8080"
  std::string target = "/";  // path and query
};

// Takes "http://HOST[:PORT][/PATH][?QUERY]" with localhost or an address of 127.0.0.0/8. Throws
// Error(kUsage) for everything else: no load leaves this machine.
LoadUrl parse_load_url(std::string_view url);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_LOAD_LOAD_URL_H_
