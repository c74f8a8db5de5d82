// Who may cancel, when a scope does it, and why it was done.
#include <fmt/core.h>

#include "runtime/context/context.h"

using namespace leakbench;

void say(const char* what, const Context& ctx) {
  fmt::print("{}: {}\n", what, ctx.err() ? ctx.err().message() : "live");
}

Context leave_a_scope() {
  auto [ctx, cancel] = with_cancel(background());
  return ctx;  // `cancel` goes here, and cancels
}

Context give_up_the_right_to_cancel(const Context& parent) {
  auto [ctx, cancel] = with_cancel(parent);
  std::move(cancel).detach();  // from now on only the parent ends it
  return ctx;
}

int main() {
  say("left its scope", leave_a_scope());
  auto [parent, cancel] = with_cancel_cause(background());
  const Context child = give_up_the_right_to_cancel(parent);
  say("detached", child);
  cancel(Failure("the client hung up"));
  say("its parent is cancelled", child);
  fmt::print("cause: {}\n", child.cause().message());
}
