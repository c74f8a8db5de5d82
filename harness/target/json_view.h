// A read-only look at one value of a JSON document that knows where it stands, so that every
// complaint carries the file, the JSON path and the reason.
#ifndef LEAKBENCH_HARNESS_TARGET_JSON_VIEW_H_
#define LEAKBENCH_HARNESS_TARGET_JSON_VIEW_H_

#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leakbench {

// Every accessor throws Error(ExitCode::kUsage, "ORIGIN: PATH: REASON") when the value is not what
// it asks for. Views refer to the document: it must outlive them.
class JsonView {
 public:
  // `origin` names the document to a person: usually the path of its file.
  JsonView(const nlohmann::json& document, std::string origin);

  // An object whose keys are all among `known`.
  void expect_object(const std::vector<std::string>& known) const;

  JsonView at(const std::string& key) const;  // must be there
  std::optional<JsonView> find(const std::string& key) const;

  bool is_null() const;
  bool is_text() const;
  bool is_array() const;
  bool is_object() const;
  std::string raw_text() const;  // whatever it holds, empty included
  std::string text() const;      // not empty, no NUL character (a command line would end there)
  std::string line() const;      // text() without line breaks and other control characters
  std::string line_or_empty() const;
  std::int64_t whole_number(std::int64_t least, std::int64_t most) const;
  double number() const;
  bool boolean() const;
  std::chrono::nanoseconds duration() const;  // a text such as "1.5s", at most a day

  std::vector<JsonView> elements() const;                         // of an array
  std::vector<std::pair<std::string, JsonView>> members() const;  // of an object, by name

  const std::string& path() const { return path_; }
  [[noreturn]] void fail(const std::string& reason) const;
  // "must be WANTED, is ...".
  [[noreturn]] void fail_type(const char* wanted) const;

 private:
  JsonView(const nlohmann::json& value, const std::string& origin, std::string path);

  const nlohmann::json* value_;
  std::string origin_;
  std::string path_;  // RFC 6901, but "/" for the document itself
};

// The longest duration a manifest or an option may ask for; sums of several stay far from overflow.
inline constexpr std::chrono::hours kLongestDuration{24};

// Parses `text` as a JSON document of at most `most_bytes`, nested at most 32 deep, without a key
// given twice in one object. Comments, as in C++, are passed over. Throws Error(ExitCode::kUsage)
// with line and column otherwise.
nlohmann::json parse_json(std::string_view text, const std::string& origin, std::size_t most_bytes);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_JSON_VIEW_H_
