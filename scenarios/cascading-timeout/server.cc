// An API that asks three services, user, order and payment, for what its one answer needs, and
// gives its callers two seconds. Now and then payment takes far longer.
//
// Without the context nothing knows of the two seconds. Each call has a timeout of its own, of
// five; the answer waits for the slowest call, so that one slow service makes the whole API slow; a
// caller that gives up is not noticed; and when a call times out after all, payment works on for
// nobody. (Sent over channels without room the results would leak as well: whoever returns on the
// first error leaves the other senders behind. Here the channels have room, and all that differs is
// the time.)
//
// With the context one deadline holds for everything that the request causes: when it passes, the
// API answers at once, the calls are cancelled and their connections closed, and the services stop,
// which know how much time they have from a header of the call.
#include "scenarios/cascading-timeout/server.h"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "runtime/http/http_client.h"
#include "runtime/sync/channel.h"
#include "runtime/sync/select.h"
#include "runtime/task/scheduler.h"
#include "scenarios/cascading-timeout/service.h"

namespace leakbench {
namespace {

struct Api {
  Api(const HttpClient::Options& options, std::array<std::string, 3> u)
      : client(options), urls(std::move(u)) {}

  const HttpClient client;
  const std::array<std::string, 3> urls;
};

task<> call(Context ctx, std::shared_ptr<const Api> api, std::string url,
            channel<std::string> results, channel<Failure> errors) {
  HttpResult result = co_await api->client.get(ctx, url);
  if (!result) {
    (void)co_await errors.send(background(), result.failure);
  } else if (result.response->status == 504) {  // the service has looked at the clock first
    (void)co_await errors.send(background(), deadline_exceeded());
  } else if (result.response->status != 200) {
    (void)co_await errors.send(background(), Failure(url + ": " + result.response->body));
  } else {
    (void)co_await results.send(background(), std::move(result.response->body));
  }
}

task<Response> answer(Context ctx, std::shared_ptr<const Api> api) {
  channel<std::string> results(api->urls.size());
  channel<Failure> errors(api->urls.size());
  for (const std::string& url : api->urls) go(call(ctx, api, url, results, errors), "call");

  std::string page;
  for (std::size_t i = 0; i < api->urls.size(); ++i) {
    std::optional<std::string> result;
    std::optional<Failure> error;
    const Selected chosen =
        co_await select(ctx, on_receive(results, result), on_receive(errors, error));
    if (chosen.failure) co_return Response::text(chosen.failure.message(), 504);
    if (error) co_return Response::text(error->message(), error->is_timeout() ? 504 : 502);
    page += *result + "\n";
  }
  co_return Response::text(page);
}

void add_api(ScenarioBuilder& scenario, Duration deadline, Duration client_timeout,
             const std::array<std::string, 3>& urls) {
  const auto deaf = std::make_shared<const Api>(
      HttpClient::Options{.timeout = client_timeout, .send_deadline = false}, urls);
  const auto api =
      std::make_shared<const Api>(HttpClient::Options{.timeout = client_timeout}, urls);

  scenario.variant("without-context", [deaf](Context, Request) -> task<Response> {
    co_return co_await answer(background(), deaf);
  });

  scenario.variant("with-context", [api, deadline](Context request, Request) -> task<Response> {
    auto [ctx, cancel] = with_timeout(request, deadline);
    co_return co_await answer(ctx, api);
  });
}

}  // namespace

void cascading_timeout(ScenarioBuilder& scenario) {
  const std::string role = scenario.choice("role", "api", {"api", "user", "order", "payment"},
                                           "which of the four processes this one is");
  const std::array<std::string, 3> urls{
      scenario.url("user-url", "http://127.0.0.1:7001/", "where the API finds user"),
      scenario.url("order-url", "http://127.0.0.1:7002/", "where the API finds order"),
      scenario.url("payment-url", "http://127.0.0.1:7003/", "where the API finds payment")};
  const Duration deadline =
      scenario.duration("deadline", "2s", "how long a request to the API may take");
  const Duration client_timeout =
      scenario.duration("client-timeout", "5s", "how long the API's client waits for each call");

  const Duration user = scenario.duration("user-latency", "40ms", "the median of user's");
  const Duration order = scenario.duration("order-latency", "80ms", "the median of order's");
  const Duration payment = scenario.duration("payment-latency", "60ms", "the median of payment's");
  LatencyModel latency{
      .median = role == "user"    ? user
                : role == "order" ? order
                                  : payment,
      .slow_median = scenario.duration("slow-latency", "6s", "the median when payment is slow")};
  const std::int64_t slow_share =
      scenario.thousandths("slow-share", "0.2", 1, "the share of requests for which it is");
  if (role == "payment") latency.slow_share = static_cast<double>(slow_share) / 1'000;
  latency.spread = static_cast<double>(scenario.thousandths(
                       "spread", "0.1", 5, "standard deviation of the logarithm of each latency")) /
                   1'000;
  latency.longest = scenario.duration("longest-latency", "7s", "no latency is longer");
  latency.seed = static_cast<std::uint64_t>(
      scenario.count("seed", "1", 1'000'000'000, "of the latencies drawn"));
  const Duration step =
      scenario.duration("step", "50ms", "a service looks at its context this often");
  if (deadline <= Duration::zero()) throw OptionError("--deadline must be longer than nothing");
  if (step <= Duration::zero()) throw OptionError("--step must be longer than nothing");

  if (role == "api") {
    add_api(scenario, deadline, client_timeout, urls);
  } else {
    add_service(scenario, latency, step);
  }
}

}  // namespace leakbench
