#include "harness/report/sample_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

#include "harness/base/error.h"
#include "harness/target/json_file.h"
#include "harness/target/wording.h"

namespace leakbench {
namespace {

constexpr std::size_t kMostBytes = std::size_t{256} << 20;

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

class SampleReader {
 public:
  SampleReader(std::string_view header, const std::string& origin) : origin_(origin) {
    const auto names = split(header, ',');
    columns_ = names.size();
    time_ = column(names, "t_ns");
    live_tasks_ = column(names, "live_tasks");
  }

  LiveTasksSample read(std::string_view row) {
    ++line_;
    const auto fields = split(row, ',');
    if (fields.size() != columns_) {
      fail(fmt::format("has {} fields, the header has {}", fields.size(), columns_));
    }
    const auto time = count(fields[time_]);
    if (!time || *time < last_) fail("t_ns goes back or is missing");
    last_ = *time;
    return {*time, count(fields[live_tasks_])};
  }

 private:
  std::size_t column(const std::vector<std::string_view>& names, std::string_view name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) fail(fmt::format("there is no column {}", name));
    return static_cast<std::size_t>(found - names.begin());
  }

  std::optional<std::int64_t> count(std::string_view field) const {
    if (field.empty()) return std::nullopt;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (error != std::errc() || end != field.data() + field.size() || value < 0) {
      fail(fmt::format("{} is not a whole number", in_quotes(field)));
    }
    return value;
  }

  [[noreturn]] void fail(const std::string& reason) const {
    throw Error(ExitCode::kUsage, fmt::format("{}: line {}: {}", origin_, line_, reason));
  }

  const std::string& origin_;
  std::size_t columns_ = 0;
  std::size_t time_ = 0;
  std::size_t live_tasks_ = 0;
  std::size_t line_ = 1;
  std::int64_t last_ = std::numeric_limits<std::int64_t>::min();
};

}  // namespace

std::vector<LiveTasksSample> parse_live_tasks(std::string_view csv, const std::string& origin) {
  auto rows = split(csv, '\n');
  if (!rows.back().empty()) {
    throw Error(ExitCode::kUsage, origin + " ends within a line: it was not written to the end");
  }
  rows.pop_back();
  if (rows.empty()) throw Error(ExitCode::kUsage, origin + " is empty");
  SampleReader reader(rows.front(), origin);
  std::vector<LiveTasksSample> samples;
  for (std::size_t i = 1; i < rows.size(); ++i) samples.push_back(reader.read(rows[i]));
  return samples;
}

std::vector<LiveTasksSample> read_live_tasks(const std::filesystem::path& file) {
  return parse_live_tasks(read_text_file(file, kMostBytes), one_line(file.string()));
}

}  // namespace leakbench
