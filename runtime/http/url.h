// Where a request goes, as it is written.
#ifndef LEAKBENCH_RUNTIME_HTTP_URL_H_
#define LEAKBENCH_RUNTIME_HTTP_URL_H_

#include <netinet/in.h>

#include <optional>
#include <string>
#include <string_view>

namespace leakbench {

struct Url {
  sockaddr_in address;
  std::string authority;  // for the Host header: as written
  std::string target;     // path and query, at least "/"
};

// "http://127.0.0.1:8080/path?query", or with "localhost". nullopt for anything else, names of
// other hosts among it: nothing here asks a resolver.
std::optional<Url> parse_url(std::string_view text);

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_HTTP_URL_H_
