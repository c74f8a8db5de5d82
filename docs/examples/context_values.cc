// What belongs to a request and has to cross every call travels as values.
#include <fmt/core.h>

#include <string>

#include "runtime/context/context.h"

using namespace leakbench;

inline constexpr ContextKey<std::string> kRequestId{"request-id"};
inline constexpr ContextKey<std::string> kUserId{"user-id"};

void log(Context ctx, const char* line) {
  const std::string* id = ctx.value(kRequestId);
  fmt::print("[{}] {}\n", id == nullptr ? "no request" : *id, line);
}

int main() {
  log(background(), "starting");
  const Context ctx = with_value(background(), kRequestId, "r-42");
  log(ctx, "reading the cart");
  log(with_value(ctx, kUserId, "ada"), "paying");
  fmt::print("{}\n", ctx.to_string());
}
