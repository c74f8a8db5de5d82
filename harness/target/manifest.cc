#include "harness/target/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <set>

#include "harness/base/error.h"
#include "harness/target/json_view.h"
#include "harness/target/options.h"
#include "harness/target/wording.h"

namespace leakbench {
namespace {

constexpr std::size_t kMostBytes = 1 << 20;
constexpr int kSchemaMajor = 1;

template <typename Value>
using Choices = std::vector<std::pair<std::string, Value>>;

template <typename Value>
Value read_choice(const JsonView& view, const Choices<Value>& choices) {
  const std::string text = view.text();
  std::vector<std::string> names;
  for (const auto& [name, value] : choices) {
    if (name == text) return value;
    names.push_back(name);
  }
  view.fail(fmt::format("must be one of {}, is {}", listed(names), in_quotes(text)));
}

// Scenario and variant names become parts of file names in the results folder.
std::string read_name(const JsonView& view) {
  std::string name = view.text();
  constexpr std::size_t kLongest = 64;
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  if (name.size() > kLongest || !std::all_of(name.begin(), name.end(), allowed) ||
      name.front() == '-' || name.front() == '.') {
    view.fail(
        "must be at most 64 letters, digits, '-', '_' and '.', starting with none of '-' and "
        "'.', is " +
        in_quotes(name));
  }
  return name;
}

std::string read_request_target(const JsonView& view) {
  std::string path = view.text();
  const auto allowed = [](char c) { return c > 0x20 && c < 0x7f && c != '#'; };
  if (path.front() != '/' || !std::all_of(path.begin(), path.end(), allowed)) {
    view.fail("must be a path that starts with '/' and has no blanks, is " + in_quotes(path));
  }
  return path;
}

// The first of three numbers with dots between them; nullopt for any other text.
std::optional<int> major_version(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  unsigned short numbers[3];
  for (int i = 0; i < 3; ++i) {
    if (i > 0 && (at == end || *at++ != '.')) return std::nullopt;
    const auto [rest, error] = std::from_chars(at, end, numbers[i]);
    if (error != std::errc()) return std::nullopt;
    at = rest;
  }
  if (at != end) return std::nullopt;
  return numbers[0];
}

void check_schema(const JsonView& document) {
  const JsonView schema = document.at("schema");
  if (schema.text() != "leakbench/manifest") {
    schema.fail("must be \"leakbench/manifest\", is " + in_quotes(schema.text()));
  }
  const JsonView version = document.at("schema_version");
  const std::string text = version.text();
  const auto major = major_version(text);
  if (!major) version.fail("must be a version such as \"1.0.0\", is " + in_quotes(text));
  if (*major != kSchemaMajor) {
    version.fail(fmt::format("this leakbench reads version {}.x.y, the manifest has {}",
                             kSchemaMajor, in_quotes(text)));
  }
}

Options read_options(const JsonView& view) {
  Options options;
  for (const auto& [name, value] : view.members()) {
    const auto allowed = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    };
    if (name.empty() || name.front() == '-' || !std::all_of(name.begin(), name.end(), allowed)) {
      value.fail("an option's name has only small letters, digits and '-' (not first), is " +
                 in_quotes(name));
    }
    for (const char* figure : {"connections", "requests"}) {
      if (name == figure) value.fail("is the name of a load figure: choose another one");
    }
    options[name] = value.text();
  }
  return options;
}

ReadySpec read_ready(const JsonView& view) {
  view.expect_object({"path", "timeout"});
  ReadySpec ready;
  if (const auto path = view.find("path")) ready.path = read_request_target(*path);
  if (const auto timeout = view.find("timeout")) {
    ready.timeout = timeout->duration();
    if (ready.timeout.count() == 0) timeout->fail("must be longer than 0s");
  }
  return ready;
}

RequestSpec read_request(const JsonView& view) {
  view.expect_object({"method", "path"});
  RequestSpec request;
  if (const auto method = view.find("method")) {
    Choices<std::string> choices;
    for (const char* name : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
      choices.emplace_back(name, name);
    }
    request.method = read_choice(*method, choices);
  }
  if (const auto path = view.find("path")) request.path = read_request_target(*path);
  return request;
}

LoadFigures read_load(const JsonView& view) {
  view.expect_object({"connections", "requests", "warmup_requests"});
  constexpr std::int64_t kMostConnections = 1'000'000;
  constexpr std::int64_t kMostRequests = 1'000'000'000;
  LoadFigures load;
  load.connections = static_cast<int>(view.at("connections").whole_number(1, kMostConnections));
  load.requests = view.at("requests").whole_number(1, kMostRequests);
  if (const auto warmup = view.find("warmup_requests")) {
    load.warmup_requests = warmup->whole_number(0, kMostRequests);
  }
  return load;
}

SettleSpec read_settle(const JsonView& view) {
  view.expect_object({"longest_task", "margin", "linger_after"});
  SettleSpec settle;
  settle.longest_task = view.at("longest_task").text();
  if (const auto margin = view.find("margin")) settle.margin = margin->duration();
  if (const auto linger = view.find("linger_after")) settle.linger_after = linger->duration();
  return settle;
}

std::vector<VariantSpec> read_variants(const JsonView& view) {
  const Choices<Expectation> expectations = {{"clean", Expectation::kClean},
                                             {"lingering", Expectation::kLingering},
                                             {"leaking", Expectation::kLeaking}};
  std::vector<VariantSpec> variants;
  std::set<std::string> names;
  for (const JsonView& element : view.elements()) {
    element.expect_object({"name", "expect"});
    VariantSpec variant;
    variant.name = read_name(element.at("name"));
    variant.expect = read_choice(element.at("expect"), expectations);
    if (!names.insert(variant.name).second) {
      element.at("name").fail("a variant " + in_quotes(variant.name) + " exists already");
    }
    variants.push_back(std::move(variant));
  }
  if (variants.empty()) view.fail("must name at least one variant");
  return variants;
}

std::optional<double> read_figure(const JsonView& object, const char* key) {
  const auto view = object.find(key);
  if (!view || view->is_null()) return std::nullopt;
  return view->number();
}

std::vector<PublishedFigure> read_published(const JsonView& view) {
  std::vector<PublishedFigure> figures;
  std::set<std::string> metrics;
  for (const JsonView& element : view.elements()) {
    element.expect_object({"metric", "label", "without", "with", "change_percent", "text"});
    PublishedFigure figure;
    const JsonView metric = element.at("metric");
    figure.metric = metric.text();
    if (!metrics.insert(figure.metric).second) {
      metric.fail("a figure for " + in_quotes(figure.metric) + " exists already");
    }
    figure.label = element.at("label").line();
    figure.text = element.at("text").line();
    figure.without = read_figure(element, "without");
    figure.with = read_figure(element, "with");
    figure.change_percent = read_figure(element, "change_percent");
    figures.push_back(std::move(figure));
  }
  return figures;
}

// Placeholders and references are tried once with the defaults, so that a typing error is found
// when the manifest is read and not in the middle of a run.
void check_references(const Manifest& manifest) {
  CommandValues values;
  values.variant = manifest.variants.front().name;
  expand_command(manifest, values);
  render_headline(manifest, manifest.load, manifest.options);
  settle_window(manifest, manifest.options);
}

}  // namespace

std::string_view to_string(Expectation expectation) {
  switch (expectation) {
    case Expectation::kClean:
      return "clean";
    case Expectation::kLingering:
      return "lingering";
    case Expectation::kLeaking:
      return "leaking";
  }
  return "unknown";
}

Manifest parse_manifest(const std::string& text, const std::string& origin) {
  const nlohmann::json json = parse_json(text, origin, kMostBytes);
  const JsonView document(json, origin);
  document.expect_object({"schema", "schema_version", "name", "title", "headline", "command",
                          "options", "ready", "request", "load", "settle", "metrics_source",
                          "variants", "published"});
  check_schema(document);
  Manifest manifest;
  manifest.origin = origin;
  manifest.name = read_name(document.at("name"));
  manifest.title = document.at("title").line();
  const auto headline = document.find("headline");
  manifest.headline = headline ? headline->line() : "{connections} concurrent requests";
  for (const JsonView& word : document.at("command").elements()) {
    manifest.command.push_back(word.text());
  }
  if (manifest.command.empty()) document.at("command").fail("must name a program");
  if (const auto options = document.find("options")) manifest.options = read_options(*options);
  if (const auto ready = document.find("ready")) manifest.ready = read_ready(*ready);
  const auto request = document.find("request");
  manifest.requests.push_back(request ? read_request(*request) : RequestSpec());
  manifest.load = read_load(document.at("load"));
  manifest.settle = read_settle(document.at("settle"));
  RuntimeSpec runtime;
  runtime.metrics_sources.push_back(
      {.kind = read_choice<MetricsSourceKind>(
           document.at("metrics_source"),
           {{"leakbench", MetricsSourceKind::kLeakbench}, {"none", MetricsSourceKind::kNone}})});
  manifest.runtimes.push_back(std::move(runtime));
  manifest.variants = read_variants(document.at("variants"));
  if (const auto published = document.find("published")) {
    manifest.published = read_published(*published);
  }
  check_references(manifest);
  return manifest;
}

Manifest load_manifest(const std::filesystem::path& file) {
  const auto cannot = [&](const std::string& reason) {
    return Error(ExitCode::kUsage,
                 fmt::format("cannot read the manifest {}: {}", one_line(file.string()), reason));
  };
  std::error_code error;
  if (std::filesystem::is_directory(file, error)) throw cannot("is a folder, give the file in it");
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw cannot(std::strerror(errno));
  // One byte beyond the limit shows that the file is too large without reading all of it.
  std::string text(kMostBytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) throw cannot(std::strerror(errno));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return parse_manifest(text, one_line(file.string()));
}

}  // namespace leakbench
