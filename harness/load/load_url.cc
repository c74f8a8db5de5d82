#include "harness/load/load_url.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "harness/base/error.h"

namespace leakbench {
namespace {

constexpr std::string_view kScheme = "http://";
constexpr std::string_view kForm = "give one such as http://127.0.0.1:8080/path";

[[noreturn]] void refuse(std::string_view url, std::string_view why) {
  throw Error(ExitCode::kUsage, fmt::format("the URL {:?} {}", url, why));
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc() || rest != end || port == 0) return std::nullopt;
  return port;
}

std::uint32_t parse_host(std::string_view url, const std::string& host) {
  in_addr address{htonl(INADDR_LOOPBACK)};
  const bool is_known = host == "localhost" || ::inet_pton(AF_INET, host.c_str(), &address) == 1;
  const std::uint32_t number = ntohl(address.s_addr);
  if (!is_known || number >> IN_CLASSA_NSHIFT != IN_LOOPBACKNET) {
    refuse(url, "is not on this machine: load goes to localhost or 127.0.0.0/8 only");
  }
  return number;
}

}  // namespace

LoadUrl parse_load_url(std::string_view url) {
  if (url.starts_with("https://")) refuse(url, "is for TLS, which is not spoken: use http://");
  if (!url.starts_with(kScheme)) refuse(url, fmt::format("does not begin with http://: {}", kForm));
  const auto is_plain = [](char c) { return c > ' ' && c < '\x7f' && c != '#'; };
  if (!std::all_of(url.begin(), url.end(), is_plain)) {
    refuse(url, "has blanks, a # or bytes beyond ASCII: percent-encode them");
  }
  std::string_view rest = url.substr(kScheme.size());
  const std::size_t authority_end = std::min(rest.find_first_of("/?"), rest.size());
  const std::string_view authority = rest.substr(0, authority_end);
  rest.remove_prefix(authority_end);

  LoadUrl parsed;
  const std::size_t colon =
      authority.starts_with('[') ? std::string_view::npos : authority.find(':');
  if (colon != std::string_view::npos) {
    const auto port = parse_port(authority.substr(colon + 1));
    if (!port) refuse(url, "has no port from 1 to 65535 behind its colon");
    parsed.port = *port;
  }
  parsed.address = parse_host(url, std::string(authority.substr(0, colon)));
  parsed.host = authority;
  if (!rest.empty()) parsed.target = rest.starts_with('/') ? rest : fmt::format("/{}", rest);
  return parsed;
}

}  // namespace leakbench
