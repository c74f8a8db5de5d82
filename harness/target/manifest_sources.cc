#include "harness/target/manifest_pieces.h"

namespace leakbench {
namespace {

MetricsSourceKind read_source_kind(const JsonView& view) {
  return read_choice<MetricsSourceKind>(view, {{"leakbench", MetricsSourceKind::kLeakbench},
                                               {"go", MetricsSourceKind::kGo},
                                               {"prometheus", MetricsSourceKind::kPrometheus},
                                               {"none", MetricsSourceKind::kNone}});
}

MetricsSourceSpec read_source_object(const JsonView& view) {
  MetricsSourceSpec source;
  source.kind = read_source_kind(view.at("kind"));
  switch (source.kind) {
    case MetricsSourceKind::kGo:
      view.expect_object({"kind", "pprof_path", "expvar_path"});
      if (const auto path = view.find("pprof_path")) {
        source.pprof_path = read_request_target(*path);
        if (source.pprof_path.ends_with('/')) source.pprof_path.pop_back();
      }
      if (const auto path = view.find("expvar_path")) {
        source.expvar_path = read_request_target(*path);
      }
      break;
    case MetricsSourceKind::kPrometheus:
      view.expect_object({"kind", "metrics_path", "live_tasks", "heap_in_use"});
      if (const auto path = view.find("metrics_path")) {
        source.metrics_path = read_request_target(*path);
      }
      if (const auto series = view.find("live_tasks")) source.live_tasks_series = series->line();
      if (const auto series = view.find("heap_in_use")) source.heap_in_use_series = series->line();
      break;
    case MetricsSourceKind::kLeakbench:
    case MetricsSourceKind::kNone:
      view.expect_object({"kind"});
  }
  return source;
}

MetricsSourceSpec read_source(const JsonView& view) {
  if (view.is_text()) return {.kind = read_source_kind(view)};
  if (!view.is_object()) view.fail_type("the name of a source, an object or an array");
  return read_source_object(view);
}

}  // namespace

std::vector<MetricsSourceSpec> read_metrics_sources(const JsonView& view) {
  if (!view.is_array()) return {read_source(view)};
  std::vector<MetricsSourceSpec> sources;
  const std::vector<JsonView> elements = view.elements();
  for (const JsonView& element : elements) {
    sources.push_back(read_source(element));
    if (sources.back().kind == MetricsSourceKind::kNone && elements.size() > 1) {
      element.fail("\"none\" stands alone: a source beside it would be one");
    }
  }
  if (sources.empty()) view.fail("must name at least one source; \"none\" is one");
  return sources;
}

}  // namespace leakbench
