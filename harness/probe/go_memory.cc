#include "harness/probe/go_memory.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>

#include "harness/probe/go_text.h"
#include "harness/probe/text_lines.h"
#include "harness/target/wording.h"

namespace leakbench {
namespace {

using ExpvarJson = nlohmann::json;

// Reads three numbers of the document and keeps nothing else of it, whatever it may hold.
class ExpvarReader : public nlohmann::json_sax<ExpvarJson> {
 public:
  const GoMemory& memory() const { return memory_; }

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }  // only those below zero
  bool number_unsigned(number_unsigned_t value) override {
    if (depth_ != 2 || !in_memstats_ || value > INT64_MAX) return true;
    const auto number = static_cast<std::int64_t>(value);
    if (key_ == "HeapAlloc") memory_.heap_alloc_bytes = number;
    if (key_ == "NumGC") memory_.gc_cycles = number;
    if (key_ == "PauseTotalNs") memory_.gc_pause_total_ns = number;
    return true;
  }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override {
    ++depth_;
    return true;
  }
  bool key(string_t& name) override {
    key_ = std::move(name);
    if (depth_ == 1) in_memstats_ = key_ == "memstats";
    return true;
  }
  bool end_object() override {
    --depth_;
    return true;
  }
  bool start_array(std::size_t) override {
    ++depth_;
    return true;
  }
  bool end_array() override {
    --depth_;
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const ExpvarJson::exception&) override {
    return false;
  }

 private:
  GoMemory memory_;
  std::size_t depth_ = 0;  // 1 within the document's object
  bool in_memstats_ = false;
  std::string key_;
};

// The sum of "[197435 112602 0 ...]"; nullopt for anything else.
std::optional<std::int64_t> sum_of_list(std::string_view text) {
  if (!text.starts_with('[') || !text.ends_with(']')) return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::int64_t sum = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const auto number = go_number(text.substr(0, end));
    if (!number || __builtin_add_overflow(sum, *number, &sum)) return std::nullopt;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return sum;
}

}  // namespace

Parsed<GoMemory> parse_expvar_memory(std::string_view json) {
  ExpvarReader reader;
  if (!ExpvarJson::sax_parse(json, &reader)) {
    return ParseError{
        fmt::format("not the JSON of expvar: it starts with {}", in_quotes(json.substr(0, 40)))};
  }
  if (!reader.memory().heap_alloc_bytes) {
    return ParseError{"JSON without memstats.HeapAlloc, which expvar has"};
  }
  return reader.memory();
}

Parsed<GoMemory> parse_heap_memory(std::string_view text) {
  if (!text.starts_with("heap profile: ")) {
    return ParseError{
        fmt::format("not a heap profile: it starts with {}", in_quotes(text.substr(0, 40)))};
  }
  constexpr std::int64_t kPausesKept = 256;
  GoMemory memory;
  std::optional<std::int64_t> pauses;
  for (TextLines lines(text); lines.next() && lines.ended();) {
    const std::string_view line = lines.line();
    constexpr std::string_view kHeap = "# HeapAlloc = ";
    constexpr std::string_view kPauses = "# PauseNs = ";
    constexpr std::string_view kCycles = "# NumGC = ";
    if (line.starts_with(kHeap)) memory.heap_alloc_bytes = go_number(line.substr(kHeap.size()));
    if (line.starts_with(kPauses)) pauses = sum_of_list(line.substr(kPauses.size()));
    if (line.starts_with(kCycles)) memory.gc_cycles = go_number(line.substr(kCycles.size()));
  }
  if (!memory.heap_alloc_bytes) {
    return ParseError{"a heap profile without # HeapAlloc behind it: it is cut"};
  }
  if (memory.gc_cycles && *memory.gc_cycles <= kPausesKept) memory.gc_pause_total_ns = pauses;
  return memory;
}

}  // namespace leakbench
