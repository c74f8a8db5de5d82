// What a parser of a server's answer gives: the value, or what is wrong with the answer.
#ifndef LEAKBENCH_HARNESS_PROBE_PARSED_H_
#define LEAKBENCH_HARNESS_PROBE_PARSED_H_

#include <string>
#include <utility>
#include <variant>

namespace leakbench {

// One line: what is wrong, and at which byte or line.
struct ParseError {
  std::string message;
};

// Holds one of the two. Reading the one that it does not hold throws std::bad_variant_access.
template <typename Value>
class Parsed {
 public:
  Parsed(Value value) : result_(std::move(value)) {}       // NOLINT(google-explicit-constructor)
  Parsed(ParseError error) : result_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  explicit operator bool() const { return std::holds_alternative<Value>(result_); }
  const std::string& error() const { return std::get<ParseError>(result_).message; }

  Value& operator*() & { return std::get<Value>(result_); }
  const Value& operator*() const& { return std::get<Value>(result_); }
  Value&& operator*() && { return std::get<Value>(std::move(result_)); }
  Value* operator->() { return &std::get<Value>(result_); }
  const Value* operator->() const { return &std::get<Value>(result_); }

 private:
  std::variant<Value, ParseError> result_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_PARSED_H_
