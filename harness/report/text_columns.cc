#include "harness/report/text_columns.h"

#include <algorithm>
#include <string_view>

namespace leakbench {
namespace {

constexpr std::string_view kGap = "   ";

// Characters, not bytes: "·" takes two bytes and one column.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
  }));
}

}  // namespace

std::vector<std::string> align_columns(const std::vector<std::vector<std::string>>& rows,
                                       const std::vector<Align>& columns) {
  std::vector<std::size_t> widths(columns.size());
  for (const auto& row : rows) {
    for (std::size_t column = 0; column < columns.size(); ++column) {
      widths[column] = std::max(widths[column], width_of(row[column]));
    }
  }
  std::vector<std::string> lines;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t column = 0; column < columns.size(); ++column) {
      const std::string blanks(widths[column] - width_of(row[column]), ' ');
      if (column > 0) line += kGap;
      line += columns[column] == Align::kLeft ? row[column] + blanks : blanks + row[column];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace leakbench
