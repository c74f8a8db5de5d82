#include "harness/report/table_text.h"

#include <algorithm>
#include <vector>

#include "harness/report/text_columns.h"
#include "harness/verdict/humanise.h"

namespace leakbench {
namespace {

std::vector<std::string> cells_of(const TableRow& row) {
  return {std::string(metric_info(row.metric).label), humanise_metric(row.metric, row.without),
          humanise_metric(row.metric, row.with),
          row.change_percent ? humanise_change(*row.change_percent) : "n/a",
          row.published ? row.published->text : ""};
}

}  // namespace

std::string table_text(const Summary& summary, Colour colour) {
  std::string text = styled(summary.scenario_name + " · " + summary.headline, kBold, colour) + "\n";
  if (summary.table.empty()) return text;

  const bool published = std::any_of(summary.table.begin(), summary.table.end(),
                                     [](const TableRow& row) { return row.published.has_value(); });
  std::vector<std::vector<std::string>> rows = {
      {"", "without context", "with context", "change", published ? "published" : ""}};
  for (const TableRow& row : summary.table) rows.push_back(cells_of(row));

  const auto lines = align_columns(
      rows, {Align::kLeft, Align::kRight, Align::kRight, Align::kRight, Align::kLeft});
  text += styled(lines.front(), kBold, colour) + "\n";
  for (std::size_t i = 1; i < lines.size(); ++i) text += lines[i] + "\n";
  return text;
}

}  // namespace leakbench
