#include "harness/probe/goroutine_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "harness/probe/go_text.h"
#include "harness/probe/text_lines.h"
#include "harness/target/wording.h"

namespace leakbench {
namespace {

// The next piece of a line whose pieces stand in columns: one or more tabs between them.
std::string_view take_column(std::string_view& line) {
  const std::size_t end = std::min(line.find('\t'), line.size());
  const std::string_view column = line.substr(0, end);
  line.remove_prefix(std::min(line.find_first_not_of('\t', end), line.size()));
  return column;
}

class TextParser {
 public:
  TextParser(std::string_view text, const GoroutineTextLimits& limits)
      : lines_(text), limits_(limits), table_(limits.frames) {}

  Parsed<GoroutineText> parse() {
    if (!lines_.next() || !read_header(lines_.line())) expected("KIND profile: total N");
    while (!error_ && lines_.next() && lines_.ended()) read(lines_.line());
    if (error_) return *error_;
    // The last record is whole with the empty line behind it.
    text_.truncated = record_.has_value() || !lines_.ended() || described_ < text_.total;
    text_.frames = table_.take();
    return std::move(text_);
  }

 private:
  void read(std::string_view line) {
    if (line.empty()) {
      if (record_) finish_record();
    } else if (!record_) {
      if (!begin_record(line)) expected("COUNT @ ADDRESSES");
    } else if (line.starts_with("#\t")) {
      read_frame(line);
    } else if (!read_labels(line)) {
      expected("a call, labels or an empty line");
    }
  }

  void fail(const std::string& what) {
    error_ =
        ParseError{fmt::format("not a text of goroutines, line {}: {}", lines_.number(), what)};
  }
  void expected(const char* what) {
    fail(fmt::format("expected {}, found {}", what, in_quotes(lines_.line())));
  }

  bool read_header(std::string_view line) {
    constexpr std::string_view kMiddle = " profile: total ";
    const std::size_t middle = line.find(kMiddle);
    if (middle == std::string_view::npos || middle == 0) return false;
    const auto total = go_number(line.substr(middle + kMiddle.size()));
    if (!total) return false;
    text_.kind = line.substr(0, middle);
    text_.total = *total;
    return true;
  }

  // 50 @ 0x43d416 0x40708c
  bool begin_record(std::string_view line) {
    const std::size_t at = line.find(" @");
    if (at == std::string_view::npos) return false;
    const auto count = go_number(line.substr(0, at));
    if (!count || *count == 0) return false;
    record_.emplace();
    record_->count = *count;
    for (line.remove_prefix(at + 2); !line.empty(); ++record_->addresses) {
      if (!line.starts_with(" 0x")) return false;
      line.remove_prefix(std::min(line.find(' ', 1), line.size()));
    }
    return true;
  }

  // # labels: {"route":"/leak"}
  bool read_labels(std::string_view line) {
    constexpr std::string_view kStart = "# labels: ";
    if (!line.starts_with(kStart)) return false;
    auto labels = go_labels(line.substr(kStart.size()));
    if (!labels) return false;
    record_->labels = std::move(*labels);
    return true;
  }

  // #<tab>0x683417<tab>main.work.func1+0x37<tab>/src/app/main.go:3; nothing but the address where
  // it has no name.
  void read_frame(std::string_view line) {
    take_column(line);
    const std::string_view address = take_column(line);
    const std::string_view call = take_column(line);
    const std::string_view function = call.substr(0, call.rfind("+0x"));
    const GoPlace place = go_place(line).value_or(GoPlace{});
    const auto frame =
        table_.place_of(function.empty() ? address : function, place.file, place.line);
    if (!frame) return fail(fmt::format("more than {} different calls", limits_.frames));
    record_->stack.push_back(*frame);
  }

  void finish_record() {
    if (record_->count > text_.total - described_) {
      return fail(fmt::format("more goroutines than the {} of the first line", text_.total));
    }
    if (text_.records.size() == limits_.records) {
      return fail(fmt::format("more than {} records", limits_.records));
    }
    described_ += record_->count;
    text_.records.push_back(*std::exchange(record_, std::nullopt));
  }

  TextLines lines_;
  const GoroutineTextLimits& limits_;
  GoFrameTable table_;
  GoroutineText text_;
  std::optional<GoroutineRecord> record_;  // the one that the present line belongs to
  std::int64_t described_ = 0;             // goroutines in text_.records
  std::optional<ParseError> error_;
};

}  // namespace

Parsed<GoroutineText> parse_goroutine_text(std::string_view text,
                                           const GoroutineTextLimits& limits) {
  return TextParser(text, limits).parse();
}

}  // namespace leakbench
