#include "harness/report/table_text.h"

#include <algorithm>
#include <vector>

#include "harness/report/text_columns.h"
#include "harness/verdict/humanise.h"

namespace leakbench {
namespace {

// Label, a cell for each column and behind one that is held against another its change, published.
std::vector<std::string> cells_of(const Summary& summary, const TableRow& row) {
  std::vector<std::string> cells = {row.label};
  for (std::size_t i = 0; i < summary.columns.size(); ++i) {
    cells.push_back(humanise_value(row.unit, row.medians[i]));
    if (!summary.columns[i].held_against) continue;
    cells.push_back(row.changes[i] ? humanise_change(*row.changes[i]) : "n/a");
  }
  cells.push_back(row.published ? row.published->text : "");
  return cells;
}

// With several rounds "live tasks after settling" is what a round in the middle left over, while
// the verdict and the sites tell of the last: said, so that nobody takes the two for the same.
bool has_several_rounds(const Summary& summary) {
  return std::any_of(summary.arms.begin(), summary.arms.end(), [](const ArmSummary& arm) {
    return arm.verdict.verdict.growth_per_round.has_value();
  });
}

}  // namespace

std::string table_text(const Summary& summary, Colour colour) {
  std::string text = styled(summary.scenario_name + " · " + summary.headline, kBold, colour) + "\n";
  if (summary.table.empty()) return text;

  const bool published = std::any_of(summary.table.begin(), summary.table.end(),
                                     [](const TableRow& row) { return row.published.has_value(); });
  std::vector<std::string> head = {has_several_rounds(summary) ? "medians over the rounds" : ""};
  std::vector<Align> alignment = {Align::kLeft};
  for (const TableColumn& column : summary.columns) {
    head.push_back(column.title);
    if (column.held_against) head.push_back("change");
  }
  alignment.resize(head.size(), Align::kRight);
  head.push_back(published ? "published" : "");
  alignment.push_back(Align::kLeft);
  std::vector<std::vector<std::string>> rows = {std::move(head)};
  for (const TableRow& row : summary.table) rows.push_back(cells_of(summary, row));

  const auto lines = align_columns(rows, alignment);
  text += styled(lines.front(), kBold, colour) + "\n";
  for (std::size_t i = 1; i < lines.size(); ++i) text += lines[i] + "\n";
  return text;
}

}  // namespace leakbench
