#include "harness/cli/load_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <optional>
#include <vector>

#include "harness/cli/duration_value.h"
#include "harness/cli/one_of.h"
#include "harness/cli/progress_style.h"
#include "harness/cli/request_options.h"
#include "harness/cli/whole_number.h"
#include "harness/load/load_url.h"
#include "harness/report/load_gate.h"
#include "harness/run/interrupt.h"
#include "harness/run/load_run.h"
#include "harness/target/wording.h"

namespace leakbench {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  leakbench load http://127.0.0.1:8080/\n"
    "  leakbench load http://localhost:8080/search?q=x --connections 1000 --duration 30s --warmup "
    "5s\n"
    "  leakbench load http://127.0.0.1:8080/items --body @item.json --header 'Content-Type: "
    "application/json'\n"
    "  leakbench load http://127.0.0.1:8080/ --json --fail-if 'p99>50ms' --fail-if 'errors>0'\n"
    "  leakbench load http://127.0.0.1:8080/ --rate 2000 --duration 1m --abort 20%@200ms:rst\n"
    "  leakbench load http://127.0.0.1:8080/ --model ramp --rate 100,5000 --duration 2m\n"
    "\n"
    "Models: closed, each connection sends when its last answer came; burst, so, too, but all\n"
    "first requests are due at one moment. By a schedule, whatever the server does: constant and\n"
    "poisson at one --rate; ramp straight from each --rate to the next; stairs hold each for an\n"
    "equal part of the duration.\n"
    "Aborts, SHARE@WHEN[:fin|rst]: 20%@200ms gives up so long after sending; half-sent closes "
    "amid\n"
    "the request, half-received amid the answer; slow:1000B/s reads so slowly; never-read not at\n"
    "all. Who does so is drawn from the seed. Aborts are load and count as no errors.\n"
    "\n"
    "Response time runs from when a request was due, service time from when it was sent, each to\n"
    "the last byte of the answer; only answers with a status of 2xx count in the table. A closed\n"
    "or burst load asks less while the server stalls, and so cannot see coordinated omission; one\n"
    "by a schedule does.\n"
    "What is under way when the duration is over is waited for, and counts in the times and\n"
    "outcomes, but not in the throughput. A connection that ends is opened again.\n"
    "\n"
    "Results go to stdout, everything else to stderr. Exit status: 0 done, 1 internal error,\n"
    "2 usage, 3 a --fail-if holds or cannot be told, 6 no answer at all, 8 machine unfit, 129, "
    "130\n"
    "or 143 interrupted (what was measured until then is printed, and no --fail-if is looked at).\n"
    "A percentile that too few answers support cannot be told, and a gate that could not look "
    "must\n"
    "not pass. Without a --fail-if an answer of any status is one, and errors are only counted: "
    "of\n"
    "404s alone the status is 0. Give --fail-if 'errors>0' to fail on them.";

// Of a schedule that a number of requests ends.
constexpr Duration kAsLongAsItTakes = std::chrono::hours(24 * 365);

// `which` says which numbers `fits` takes.
CLI::Validator number_of(const char* which, bool (*fits)(double)) {
  const auto check = [which, fits](const std::string& text) -> std::string {
    double value = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc() && rest == end && std::isfinite(value) && fits(value)) return "";
    return fmt::format("must be a number, {}, is {}", which, in_quotes(text));
  };
  return CLI::Validator(check, which);
}

class LoadCommand final : public Command {
 public:
  explicit LoadCommand(CLI::App& app) {
    CLI::App* load = app.add_subcommand(
        "load", "Makes load on a server that runs already, and measures its answers");
    add_load_options(*load);
    add_request_options(*load);
    load->add_option(
            "--fail-if", gates_,
            "Bound to fail beyond, such as 'p99>50ms': mean, p50, p90, p99, p999 or max of "
            "the response time, errors, rps; >, >=, < or <= (may be given again)")
        ->type_name("GATE")
        ->allow_extra_args(false);
    load->add_option("--request-log", request_log_, "CSV file with a line for each request")
        ->type_name("FILE");
    load->add_option("--series", series_, "NDJSON file with an object for each --interval")
        ->type_name("FILE");
    load->add_option("--interval", interval_, "Of --series")
        ->check(duration_value())
        ->capture_default_str();
    load->add_option("--hgrm", hgrm_,
                     "File with the percentiles of the response time, as HdrHistogram writes them")
        ->type_name("FILE");
    load->add_flag("--json", json_, "One JSON object on stdout instead of the table");
    load->add_flag("--quiet", quiet_, "No progress, only results and errors");
    load->footer(kFooter);
  }

  ExitCode run(const std::vector<std::string>&) override {
    std::vector<LoadGate> gates;
    for (const std::string& text : gates_) gates.push_back(parse_gate(text));
    const LoadRun load = make_run();
    const Interrupt interrupt;
    const LoadReport report = run_load(load, interrupt.context());
    print(report);
    if (const auto signal = interrupt.signal()) {
      throw Error(static_cast<ExitCode>(128 + *signal),
                  "interrupted; the figures are of what was done until then");
    }
    check_gates(gates, report);
    if (report.connections.served == 0) {
      throw Error(ExitCode::kIncomplete, fmt::format("none of {} requests to {} was answered",
                                                     report.requests.sent, report.url));
    }
    return ExitCode::kOk;
  }

 private:
  void add_load_options(CLI::App& load) {
    constexpr std::uint64_t kMostConnections = 1'000'000;
    constexpr std::uint64_t kMostRequests = 1'000'000'000'000;
    constexpr std::uint64_t kMostThreads = 256;
    load.add_option("url", url_, "http://127.0.0.1:PORT/PATH, or localhost")->required();
    load.add_option("--connections", connections_, "Connections, all open before the first request")
        ->check(whole_number(1, kMostConnections))
        ->capture_default_str();
    CLI::Option* requests =
        load.add_option("--requests", requests_, "Requests, over all connections")
            ->check(whole_number(1, kMostRequests));
    load.add_option("--duration", duration_, "How long requests become due (default: 10s)")
        ->check(duration_value())
        ->excludes(requests);
    load.add_option("--model", model_,
                    "When requests are due: closed, burst, constant, poisson, ramp or stairs "
                    "(default: closed, or constant with --rate)")
        ->check(one_of({"closed", "burst", "constant", "poisson", "ramp", "stairs"}));
    load.add_option("--rate", rates_, "Requests per second of a schedule; several, with commas")
        ->type_name("R[,R...]")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->check(number_of("0 or more", [](double value) { return value >= 0; }));
    load.add_option("--abort", aborts_,
                    "Share of the requests whose client leaves, and when (may be given again)")
        ->type_name("SHARE@WHEN[:HOW]")
        ->allow_extra_args(false);
    load.add_option("--seed", seed_, "Of all that is drawn: gaps of poisson, who aborts")
        ->check(whole_number(0, std::numeric_limits<std::uint64_t>::max()))
        ->capture_default_str();
    load.add_option("--connect-rate", connect_rate_,
                    "Most connections opened in a second before the load (default: no limit)")
        ->check(number_of("more than 0", [](double value) { return value > 0; }));
    load.add_option("--threads", threads_, "Threads that make the load")
        ->check(whole_number(1, kMostThreads))
        ->capture_default_str();
    load.add_option("--engine", engine_,
                    "epoll, io_uring, or auto: io_uring for 1,000 connections or more, where the "
                    "system has it")
        ->check(one_of({"auto", "epoll", "io_uring"}))
        ->capture_default_str();
    load.add_option("--warmup", warm_up_, "Load before the one that is measured (default: none)")
        ->check(duration_value());
    load.add_option("--timeout", timeout_, "Longest time from sending to the last byte")
        ->check(duration_value())
        ->capture_default_str();
  }

  void add_request_options(CLI::App& load) {
    load.add_option("--method", method_, "Method (default: GET, or POST with a body)");
    load.add_option("--header", headers_, "Header as 'Name: value' (may be given again)")
        ->type_name("HEADER")
        ->allow_extra_args(false);
    load.add_option("--body", body_, "Body, or @FILE with it");
    load.add_flag("--keep-alive,!--no-keep-alive", keep_alive_,
                  "Many requests on each connection, or one (default: many)");
  }

  LoadRun make_run() const {
    const LoadUrl url = parse_load_url(url_);
    LoadRun run;
    run.url = url_;
    run.progress = progress_style(quiet_);
    if (!warm_up_.empty()) run.warm_up = accepted_duration(warm_up_);
    LoadPlan& plan = run.plan;
    plan.address = url.address;
    plan.port = url.port;
    plan.host = url.host;
    plan.mix.front().target = url.target;
    plan.model = model_ == "burst" ? ClosedModel::kBurst : ClosedModel::kClosed;
    plan.connections = connections_;
    plan.seed = seed_;
    plan.fates = FatePlan::parse(aborts_);
    plan.connect_rate = connect_rate_;
    run.threads = threads_;
    if (engine_ != "auto") run.engine = engine_named(engine_);
    run.request_log = request_log_;
    run.series = series_;
    run.interval = accepted_duration(interval_);
    run.hgrm = hgrm_;
    plan.arrivals = make_arrivals();
    if (requests_) {
      plan.requests = *requests_;
      if (!plan.arrivals && *requests_ < connections_) {
        throw Error(ExitCode::kUsage,
                    fmt::format("--requests {} is fewer than --connections {}: every connection "
                                "needs at least one",
                                *requests_, connections_));
      }
    } else {
      plan.duration = accepted_duration(duration_);
    }
    plan.request_timeout = accepted_duration(timeout_);
    plan.reconnect = true;
    if (body_) plan.mix.front().body = read_body(*body_);
    plan.mix.front().method = !method_.empty() ? method_ : body_ ? "POST" : "GET";
    for (const std::string& header : headers_)
      plan.mix.front().headers.push_back(parse_header(header));
    plan.keep_alive = keep_alive_;
    check_plan(plan);
    return run;
  }

  std::optional<ArrivalPlan> make_arrivals() const {
    const bool is_closed = model_ == "closed" || model_ == "burst";
    if (rates_.empty() && (is_closed || model_.empty())) return std::nullopt;
    if (is_closed) {
      throw Error(
          ExitCode::kUsage,
          fmt::format("--rate is for a schedule, and --model {} has none: leave --rate out, "
                      "or give --model constant, poisson, ramp or stairs",
                      model_));
    }
    if (rates_.empty()) {
      throw Error(ExitCode::kUsage,
                  fmt::format("--model {} needs a --rate, such as --rate 1000", model_));
    }
    ArrivalPlan arrivals;
    for (const ArrivalModel model : kAllArrivalModels) {
      if (model_ == to_string(model)) arrivals.model = model;
    }
    arrivals.rates = rates_;
    arrivals.seed = seed_;
    arrivals.duration = accepted_duration(duration_);
    if (requests_) {
      if (arrivals.model == ArrivalModel::kRamp || arrivals.model == ArrivalModel::kStairs) {
        throw Error(ExitCode::kUsage,
                    fmt::format("--model {} needs a --duration instead of --requests", model_));
      }
      arrivals.duration = kAsLongAsItTakes;
    }
    return arrivals;
  }

  static EngineKind engine_named(const std::string& name) {
    if (name == to_string(EngineKind::kEpoll)) return EngineKind::kEpoll;
    if (io_uring_is_available()) return EngineKind::kIoUring;
    throw Error(ExitCode::kEnvironmentUnfit,
                "this system does not let leakbench use io_uring: give --engine epoll or auto");
  }

  void print(const LoadReport& report) const {
    const Colour colour = choose_colour(::isatty(STDOUT_FILENO) != 0, std::getenv("NO_COLOR"));
    fmt::print("{}", json_ ? to_json(report) : load_text(report, colour));
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
      throw Error(ExitCode::kInternal, "cannot write the results to stdout");
    }
  }

  static void check_gates(const std::vector<LoadGate>& gates, const LoadReport& report) {
    std::string failures;
    for (const LoadGate& gate : gates) {
      const auto failure = failure_of(gate, report);
      if (failure) failures += fmt::format("{}{}", failures.empty() ? "" : "; ", *failure);
    }
    if (!failures.empty()) throw Error(ExitCode::kGateFailed, "--fail-if: " + failures);
  }

  std::string url_;
  std::size_t connections_ = 100;
  std::optional<std::size_t> requests_;
  std::string duration_ = "10s";
  std::string model_;
  std::vector<double> rates_;
  std::vector<std::string> aborts_;
  std::uint64_t seed_ = 1;
  double connect_rate_ = 0;
  std::size_t threads_ = 1;
  std::string engine_ = "auto";
  std::optional<std::string> request_log_;
  std::optional<std::string> series_;
  std::string interval_ = "1s";
  std::optional<std::string> hgrm_;
  std::string warm_up_;
  std::string timeout_ = "10s";
  std::string method_;
  std::vector<std::string> headers_;
  std::optional<std::string> body_;
  std::vector<std::string> gates_;
  bool keep_alive_ = true;
  bool json_ = false;
  bool quiet_ = false;
};

}  // namespace

std::unique_ptr<Command> add_load_command(CLI::App& app) {
  return std::make_unique<LoadCommand>(app);
}

}  // namespace leakbench
