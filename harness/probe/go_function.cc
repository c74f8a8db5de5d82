#include "harness/probe/go_function.h"

#include <algorithm>
#include <array>

namespace leakbench {
namespace {

// The first elements of the library's import paths. "main" is not among them.
constexpr std::array<std::string_view, 53> kLibrary = {
    "arena",   "archive", "bufio",    "builtin", "bytes",   "cmp",      "compress", "container",
    "context", "crypto",  "database", "debug",   "embed",   "encoding", "errors",   "expvar",
    "flag",    "fmt",     "go",       "hash",    "html",    "image",    "index",    "internal",
    "io",      "iter",    "log",      "maps",    "math",    "mime",     "net",      "os",
    "path",    "plugin",  "reflect",  "regexp",  "runtime", "simd",     "slices",   "sort",
    "strconv", "strings", "structs",  "sync",    "syscall", "testing",  "text",     "time",
    "unicode", "unique",  "unsafe",   "vendor",  "weak"};

bool is_one_of(std::string_view word, const auto& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// "go.uber.org" of "go.uber.org/zap.New", "net" of "net/http.Get", "main" of "main.main"; empty for
// "panic". Looks no further than the longest host name, because a server can send any name.
std::string_view first_path_element(std::string_view function) {
  constexpr std::size_t kFarEnough = 256;
  std::string_view name = function.substr(0, kFarEnough);
  name = name.substr(0, name.find('['));  // type arguments have paths of their own
  if (const std::size_t slash = name.find('/'); slash != std::string_view::npos) {
    return name.substr(0, slash);
  }
  const std::size_t dot = name.find('.');
  return dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
}

}  // namespace

bool is_application_function(std::string_view function) {
  const std::string_view element = first_path_element(function);
  return !element.empty() && !is_one_of(element, kLibrary);
}

bool is_waiting_function(std::string_view function) {
  constexpr std::array<std::string_view, 5> kWaiting = {"runtime", "sync", "internal", "time",
                                                        "syscall"};
  return function == "panic" || is_one_of(first_path_element(function), kWaiting);
}

std::string with_short_type_arguments(std::string_view function) {
  std::string name;
  int depth = 0;
  for (const char c : function) {
    if (c == ']' && depth > 0 && --depth == 0) name += "...";
    if (depth == 0) name += c;
    if (c == '[') ++depth;
  }
  return name;
}

}  // namespace leakbench
