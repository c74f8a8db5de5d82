#include "runtime/http/url.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace leakbench {

std::optional<Url> parse_url(std::string_view text) {
  constexpr std::string_view kScheme = "http://";
  constexpr std::uint16_t kDefaultPort = 80;
  const auto visible = [](char c) { return c > 0x20 && c < 0x7f && c != '#'; };
  if (!text.starts_with(kScheme) || !std::all_of(text.begin(), text.end(), visible)) {
    return std::nullopt;
  }
  text.remove_prefix(kScheme.size());
  const std::size_t end = std::min(text.find_first_of("/?"), text.size());
  Url url{.address = {}, .authority = std::string(text.substr(0, end)), .target = "/"};
  text.remove_prefix(end);
  if (text.starts_with('/')) {
    url.target = text;
  } else {
    url.target += text;
  }
  std::string_view host = url.authority;
  std::uint16_t port = kDefaultPort;
  if (const std::size_t colon = host.find(':'); colon != host.npos) {
    const char* const last = host.data() + host.size();
    const auto [rest, error] = std::from_chars(host.data() + colon + 1, last, port);
    if (error != std::errc() || rest != last || port == 0) return std::nullopt;
    host = host.substr(0, colon);
  }
  url.address.sin_family = AF_INET;
  url.address.sin_port = htons(port);
  const std::string name = host == "localhost" ? "127.0.0.1" : std::string(host);
  if (::inet_pton(AF_INET, name.c_str(), &url.address.sin_addr) != 1) return std::nullopt;
  return url;
}

}  // namespace leakbench
