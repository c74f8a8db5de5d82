#ifndef LEAKBENCH_HARNESS_REPORT_TEXT_COLUMNS_H_
#define LEAKBENCH_HARNESS_REPORT_TEXT_COLUMNS_H_

#include <string>
#include <vector>

namespace leakbench {

enum class Align { kLeft, kRight };

// One line per row, without line feeds: columns as wide as their widest cell, three blanks between
// them, none at the end of a line. Widths are counted in UTF-8 characters, each taken for one
// column of the terminal. Every row has a cell for each of `columns`.
std::vector<std::string> align_columns(const std::vector<std::vector<std::string>>& rows,
                                       const std::vector<Align>& columns);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_TEXT_COLUMNS_H_
