#include "harness/probe/goroutine_dump.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "harness/probe/go_text.h"
#include "harness/probe/text_lines.h"
#include "harness/target/wording.h"

namespace leakbench {
namespace {

struct Header {
  std::string_view status;
  bool leaked = false;
  std::optional<std::int64_t> minutes;
};

bool drop_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

// The place of the bracket that ends what starts at `text`; labels may hold brackets in quotes.
std::size_t find_bracket(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ']') return i;
    if (const auto length = go_quoted_length(text.substr(i))) i += *length - 1;
  }
  return std::string_view::npos;
}

// STATUS[ (leaked)][ (scan)][ (durable)][, M minutes][, locked to thread][, synctest bubble K]
Header read_attributes(std::string_view text) {
  Header header;
  const std::size_t status_end = std::min(text.find(", "), text.size());
  header.status = text.substr(0, status_end);
  for (bool more = true; more;) {
    const bool leaked = drop_suffix(header.status, " (leaked)");
    header.leaked = header.leaked || leaked;
    more =
        leaked || drop_suffix(header.status, " (scan)") || drop_suffix(header.status, " (durable)");
  }
  text.remove_prefix(status_end);
  while (text.starts_with(", ")) {
    text.remove_prefix(2);
    const std::size_t end = std::min(text.find(", "), text.size());
    std::string_view attribute = text.substr(0, end);
    if (drop_suffix(attribute, " minutes")) header.minutes = go_number(attribute);
    text.remove_prefix(end);
  }
  return header;
}

// goroutine N[ gp=0x1 m=2 mp=0x3] [ATTRIBUTES[ labels:{...}]][ {LABELS}]: where labels stand inside
// the brackets in Go 1.26, and behind them from 1.27 on.
std::optional<Header> read_header(std::string_view line) {
  constexpr std::string_view kStart = "goroutine ";
  if (!line.starts_with(kStart) || !line.ends_with(':')) return std::nullopt;
  line.remove_prefix(kStart.size());
  const std::size_t id_end = std::min(line.find(' '), line.size());
  const std::size_t open = line.find('[');
  if (!go_number(line.substr(0, id_end)) || open == std::string_view::npos) return std::nullopt;
  std::string_view content = line.substr(open + 1);
  const std::size_t close = find_bracket(content);
  if (close == std::string_view::npos || close == 0) return std::nullopt;
  const std::string_view behind = content.substr(close + 1);
  if (behind != ":" && !(behind.starts_with(" {") && behind.ends_with("}:"))) return std::nullopt;
  content = content.substr(0, close);
  return read_attributes(content.substr(0, content.find(" labels:{")));
}

// A call into C. Either "at pc=0x..." follows in the same line, or the place in the next one.
constexpr std::string_view kNoGoFunction = "non-Go function";

// main.(*Stats).Record(0xc000012345, {0x1, 0x2}) without what it was called with.
std::string_view without_arguments(std::string_view call) {
  if (call.starts_with(kNoGoFunction)) return kNoGoFunction;
  return call.ends_with(')') ? call.substr(0, call.rfind('(')) : call;
}

class DumpParser {
 public:
  DumpParser(std::string_view text, const GoroutineDumpLimits& limits)
      : lines_(text),
        limits_(limits),
        table_(limits.frames),
        server_limit_reached_(text.size() >= limits.server_bytes) {}

  Parsed<GoroutineDump> parse() {
    while (!error_ && lines_.next() && lines_.ended()) read(lines_.line());
    // A cut leaves no mark but this: the last goroutine then counts for nothing.
    dump_.truncated = server_limit_reached_ || !lines_.ended() || call_;
    if (in_goroutine_ && !dump_.truncated) finish_goroutine();
    if (!error_ && !header_seen_) expected("goroutine N [STATUS]:");
    if (error_) return *error_;
    dump_.frames = table_.take();
    return std::move(dump_);
  }

 private:
  void read(std::string_view line) {
    if (line.empty()) {
      if (in_goroutine_) finish_goroutine();
    } else if (line.starts_with("goroutine ") || !in_goroutine_) {
      begin_goroutine(line);
    } else if (line.starts_with("[originating from goroutine ")) {
      in_ancestors_ = true;  // stacks of others, those that started this one, up to the empty line
    } else if (!in_ancestors_) {
      read_call(line);
    }
  }

  void begin_goroutine(std::string_view line) {
    if (in_goroutine_) finish_goroutine();
    const auto header = read_header(line);
    if (!header) return expected("goroutine N [STATUS]:");
    header_seen_ = in_goroutine_ = true;
    in_ancestors_ = false;
    goroutine_ = {};
    goroutine_.count = 1;
    goroutine_.status = header->status;
    goroutine_.leaked = header->leaked;
    goroutine_.longest_wait_minutes = header->minutes;
  }

  void read_call(std::string_view line) {
    constexpr std::string_view kCreatedBy = "created by ";
    if (line.starts_with('\t')) {
      // Without a call it says that there is no stack: it runs on another thread.
      if (call_) finish_call(go_place(line.substr(1)).value_or(GoPlace{}));
      return;
    }
    if (call_) finish_call({});
    if (line.starts_with("...")) {
      // Older than Go 1.21: "additional", and the outer calls are missing. Then: a number of calls
      // in the middle.
      goroutine_.outer_calls_missing |= line.starts_with("...additional");
    } else if (line.starts_with(kCreatedBy)) {
      line.remove_prefix(kCreatedBy.size());
      call_ = line.substr(0, line.rfind(" in goroutine "));
      call_is_creator_ = true;
    } else {
      call_ = without_arguments(line);
      call_is_creator_ = false;
      if (call_ == kNoGoFunction && line != kNoGoFunction) finish_call({});
    }
  }

  void finish_call(GoPlace place) {
    const auto frame = table_.place_of(*std::exchange(call_, std::nullopt), place.file, place.line);
    if (!frame) return fail(fmt::format("more than {} different calls", limits_.frames));
    if (call_is_creator_) {
      goroutine_.created_by = *frame;
    } else {
      goroutine_.stack.push_back(*frame);
    }
  }

  void finish_goroutine() {
    if (call_) finish_call({});
    in_goroutine_ = false;
    if (error_) return;
    ++dump_.total;
    const auto [known, is_new] = groups_.try_emplace(key(), dump_.groups.size());
    if (!is_new) {
      DumpedGoroutines& group = dump_.groups[known->second];
      ++group.count;
      group.longest_wait_minutes =
          std::max(group.longest_wait_minutes, goroutine_.longest_wait_minutes);
    } else if (dump_.groups.size() < limits_.groups) {
      dump_.groups.push_back(std::move(goroutine_));
    } else {
      fail(fmt::format("more than {} different stacks", limits_.groups));
    }
  }

  // What the goroutines of one group have in common.
  std::u32string key() {
    std::u32string key(goroutine_.stack.begin(), goroutine_.stack.end());
    const auto status = static_cast<std::uint32_t>(statuses_.size());
    key.push_back(statuses_.try_emplace(goroutine_.status, status).first->second);
    key.push_back(goroutine_.created_by.value_or(UINT32_MAX));
    key.push_back(goroutine_.leaked ? 1 : 0);
    key.push_back(goroutine_.outer_calls_missing ? 1 : 0);
    return key;
  }

  void fail(const std::string& what) {
    error_ =
        ParseError{fmt::format("not a dump of goroutines, line {}: {}", lines_.number(), what)};
  }
  void expected(const char* what) {
    fail(fmt::format("expected {}, found {}", what, in_quotes(lines_.line())));
  }

  TextLines lines_;
  const GoroutineDumpLimits& limits_;
  GoFrameTable table_;
  const bool server_limit_reached_;
  GoroutineDump dump_;
  std::unordered_map<std::u32string, std::size_t> groups_;  // places in dump_.groups
  std::map<std::string, std::uint32_t> statuses_;           // numbered for the key
  bool header_seen_ = false;
  bool in_goroutine_ = false;
  bool in_ancestors_ = false;
  DumpedGoroutines goroutine_;            // the one that the present line belongs to
  std::optional<std::string_view> call_;  // its place is in the next line
  bool call_is_creator_ = false;
  std::optional<ParseError> error_;
};

}  // namespace

Parsed<GoroutineDump> parse_goroutine_dump(std::string_view text,
                                           const GoroutineDumpLimits& limits) {
  return DumpParser(text, limits).parse();
}

}  // namespace leakbench
