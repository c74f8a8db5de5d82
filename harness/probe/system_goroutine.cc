#include "harness/probe/system_goroutine.h"

#include <algorithm>

#include "harness/probe/go_function.h"

namespace leakbench {
namespace {

enum class Where { kAnywhere, kOutermost };

// A pattern is a whole name, the beginning of one with a star behind it, or this one, which stands
// for every function that is not Go's own.
constexpr std::string_view kApplicationCode = "*";

struct Rule {
  Where where;
  std::string_view function;
  std::string_view with;     // a pattern for another call that must be there; empty for none
  std::string_view without;  // one that must not be there
  std::string_view kind;     // empty: the application's
};

constexpr Rule kRules[] = {
    // There is one, and it ends with the process. A dump leaves runtime.main out.
    {Where::kOutermost, "runtime.main", "", "", "main"},
    {Where::kOutermost, "main.main", "", "", "main"},

    // The one that writes the profile, and whoever else asks for one.
    {Where::kAnywhere, "net/http/pprof.*", "", "", "debug endpoint"},
    {Where::kAnywhere, "runtime/pprof.(*Profile).WriteTo", "", "", "debug endpoint"},
    {Where::kOutermost, "runtime/pprof.profileWriter", "", "", "debug endpoint"},
    {Where::kAnywhere, "expvar.expvarHandler", "", "", "debug endpoint"},

    // One per listener, whoever has started it.
    {Where::kAnywhere, "internal/poll.(*FD).Accept", "", "", "accept loop"},

    // A connection on which no handler runs, and what listens on it for the client's end while one
    // runs.
    {Where::kOutermost, "net/http.(*conn).serve", "", "net/http.serverHandler.ServeHTTP",
     "HTTP connection"},
    {Where::kOutermost, "net/http.(*connReader).*", "", "", "HTTP connection"},
    {Where::kOutermost, "net/http.(*http2serverConn).readFrames", "", "", "HTTP connection"},

    // A connection to another server. Its reader waits for the first byte of an answer when it is
    // idle; when it waits for anything else, the body of an answer is being read or was never
    // closed, and that is the application's doing. Its writer looks the same in both cases.
    {Where::kOutermost, "net/http.(*persistConn).readLoop", "bufio.(*Reader).Peek", "",
     "HTTP client connection"},
    {Where::kOutermost, "net/http.(*persistConn).writeLoop", "", "", "HTTP client connection"},
    {Where::kOutermost, "net/http.(*http2ClientConn).readLoop", "", "", "HTTP client connection"},

    {Where::kOutermost, "os/signal.loop", "", "", "signals"},

    // Garbage collector, finalizers, timers. But a finalizer that hangs is the application's, and
    // so is an iterator that nobody has stopped.
    {Where::kOutermost, "runtime.corostart", "", "", ""},
    {Where::kOutermost, "runtime.*", "", kApplicationCode, "runtime"},
};

bool matches(std::string_view pattern, std::string_view function) {
  if (pattern == kApplicationCode) return is_application_function(function);
  if (!pattern.ends_with('*')) return pattern == function;
  return function.starts_with(pattern.substr(0, pattern.size() - 1));
}

bool applies(const Rule& rule, const std::vector<const GoFrame*>& calls, bool outer_calls_missing) {
  const auto any = [&](std::string_view pattern) {
    return std::any_of(calls.begin(), calls.end(),
                       [&](const GoFrame* call) { return matches(pattern, call->function); });
  };
  const bool found = rule.where == Where::kAnywhere
                         ? any(rule.function)
                         : !outer_calls_missing && matches(rule.function, calls.back()->function);
  return found && (rule.with.empty() || any(rule.with)) &&
         (rule.without.empty() || !any(rule.without));
}

}  // namespace

std::string_view system_goroutine(const std::vector<const GoFrame*>& calls,
                                  bool outer_calls_missing) {
  // One that was just started has no calls, or only the compiler's wrapper around the first one. It
  // waits for nothing but a processor. Reading a profile starts one, next to the connection.
  constexpr std::string_view kJustStarted = "just started";
  if (calls.empty()) return kJustStarted;
  if (calls.size() == 1 && calls[0]->function.find(".gowrap") != std::string::npos) {
    return kJustStarted;
  }
  for (const Rule& rule : kRules) {
    if (applies(rule, calls, outer_calls_missing)) return rule.kind;
  }
  return {};
}

}  // namespace leakbench
