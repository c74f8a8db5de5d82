#include "runtime/net/dial.h"

#include <utility>

namespace leakbench {

task<Dialed> dial(Context ctx, sockaddr_in target) {
  Dialed result;
  if (ctx.is_done()) {
    result.error = std::make_error_code(std::errc::operation_canceled);
    co_return result;
  }
  Connecting connecting = start_connect(target);
  if (connecting.error) {
    result.error = connecting.error;
    co_return result;
  }
  auto stream = std::make_unique<Stream>(std::move(connecting.fd));
  const Failure stopped = co_await stream->writable(std::move(ctx));
  result.error =
      stopped ? std::make_error_code(std::errc::operation_canceled) : stream->connect_error();
  if (!result.error) result.stream = std::move(stream);
  co_return result;
}

}  // namespace leakbench
