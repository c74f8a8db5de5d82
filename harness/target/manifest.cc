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
#include "harness/target/manifest_pieces.h"
#include "harness/target/options.h"
#include "harness/target/wording.h"

namespace leakbench {
namespace {

constexpr std::size_t kMostBytes = 1 << 20;
constexpr int kSchemaMajor = 1;

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

void check_schema(const JsonView& document, const std::string& origin) {
  const JsonView schema = document.at("schema");
  if (schema.text() != "leakbench/manifest") {
    schema.fail("must be \"leakbench/manifest\", is " + in_quotes(schema.text()));
  }
  const JsonView version = document.at("schema_version");
  const std::string text = version.text();
  const auto major = major_version(text);
  if (!major) version.fail("must be a version such as \"1.0.0\", is " + in_quotes(text));
  const std::string reason = fmt::format("this leakbench reads version {}.x.y, the manifest has {}",
                                         kSchemaMajor, in_quotes(text));
  if (*major < kSchemaMajor) version.fail(reason);
  if (*major > kSchemaMajor) {
    throw Error(ExitCode::kNotComparable,
                fmt::format("{}: {}: {}", origin, version.path(), reason));
  }
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
    element.expect_object({"name", "expect", "environment", "planted"});
    VariantSpec variant;
    variant.name = read_name(element.at("name"));
    variant.expect = read_choice(element.at("expect"), expectations);
    if (const auto environment = element.find("environment")) {
      variant.environment = read_environment(*environment);
    }
    if (const auto planted = element.find("planted")) {
      planted->expect_object({"per_1000_requests", "file"});
      variant.planted =
          PlantedLeaks{planted->at("per_1000_requests").text(), planted->at("file").text()};
    }
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

std::vector<CounterSpec> read_counters(const JsonView& view) {
  std::vector<CounterSpec> counters;
  std::set<std::string> series;
  for (const JsonView& element : view.elements()) {
    element.expect_object({"series", "label", "unit"});
    counters.push_back(
        {element.at("series").line(), element.at("label").line(), element.at("unit").line()});
    if (!series.insert(counters.back().series).second) {
      element.at("series").fail("a counter " + in_quotes(counters.back().series) +
                                " exists already");
    }
  }
  return counters;
}

// A server that runs already is given nothing, a variant's environment neither.
void check_variants(const JsonView& view, const Manifest& manifest) {
  if (!manifest.external) return;
  for (const JsonView& variant : view.elements()) {
    if (const auto environment = variant.find("environment")) {
      environment->fail("is for a server that is started; the one at the url runs already");
    }
  }
}

// Placeholders and references are tried once with the defaults, so that a typing error is found
// when the manifest is read and not in the middle of a run.
void check_references(const Manifest& manifest) {
  CommandValues values;
  values.options = manifest.options;
  for (const ServiceSpec& service : manifest.services) values.services[service.name] = {};
  for (const VariantSpec& variant : manifest.variants) {
    values.variant = variant.name;
    for (const RuntimeSpec& runtime : manifest.runtimes) {
      values.server = runtime.server;
      for (const ServiceSpec& service : manifest.services) {
        expand_command(manifest, values, service);
        expand_environment(manifest, values, &service);
      }
      if (!manifest.external) expand_command(manifest, values);
      expand_environment(manifest, values);
    }
  }
  render_headline(manifest, manifest.load, manifest.options);
  for (const VariantSpec& variant : manifest.variants) {
    if (variant.planted) planted_per_1000(manifest, *variant.planted, manifest.options);
  }
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

Manifest parse_manifest(const std::string& text, const std::string& origin,
                        const std::filesystem::path& folder) {
  const nlohmann::json json = parse_json(text, origin, kMostBytes);
  const JsonView document(json, origin);
  check_schema(document,
               origin);  // first: a newer version may have keys that this one does not know
  document.expect_object({"schema",   "schema_version", "name",        "title",          "headline",
                          "command",  "services",       "environment", "working_folder", "options",
                          "url",      "control_port",   "pid",         "ready",          "request",
                          "requests", "load",           "settle",      "metrics_source", "runtimes",
                          "variants", "answer_within",  "counters",    "published"});
  Manifest manifest;
  manifest.origin = origin;
  manifest.name = read_name(document.at("name"));
  manifest.title = document.at("title").line();
  const auto headline = document.find("headline");
  manifest.headline = headline ? headline->line() : "{connections} concurrent requests";
  read_target(document, folder, &manifest);
  read_load_parts(document, &manifest);
  manifest.settle = read_settle(document.at("settle"));
  manifest.variants = read_variants(document.at("variants"));
  check_variants(document.at("variants"), manifest);
  if (const auto within = document.find("answer_within")) {
    manifest.answer_within = within->duration();
    if (manifest.answer_within->count() == 0) within->fail("must be longer than 0s");
  }
  if (const auto counters = document.find("counters")) {
    manifest.counters = read_counters(*counters);
  }
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
  return parse_manifest(text, one_line(file.string()), file.parent_path());
}

}  // namespace leakbench
