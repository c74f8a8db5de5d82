#include "harness/target/json_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>

#include "harness/base/error.h"
#include "harness/target/wording.h"

namespace leakbench {
namespace {

constexpr int kKnownMajor = 1;

Error cannot_read(const std::filesystem::path& file, const std::string& reason) {
  return Error(ExitCode::kUsage,
               fmt::format("cannot read {}: {}", one_line(file.string()), reason));
}

}  // namespace

std::string read_text_file(const std::filesystem::path& file, std::size_t most_bytes) {
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) throw cannot_read(file, "it is a folder");
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw cannot_read(file, std::strerror(errno));
  std::string text;
  char part[1 << 16];
  // One byte beyond the limit shows that the file is too large without reading all of it.
  while (text.size() <= most_bytes && (stream.read(part, sizeof part) || stream.gcount() > 0)) {
    text.append(part, static_cast<std::size_t>(stream.gcount()));
  }
  if (stream.bad()) throw cannot_read(file, std::strerror(errno));
  if (text.size() > most_bytes) {
    throw cannot_read(file, fmt::format("it is larger than {} bytes", most_bytes));
  }
  return text;
}

nlohmann::json read_json_file(const std::filesystem::path& file, std::size_t most_bytes) {
  const std::string text = read_text_file(file, most_bytes);
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
    throw cannot_read(file, "it is empty, and was thus not written to its end");
  }
  return parse_json(text, one_line(file.string()), most_bytes);
}

void check_schema(const JsonView& document, std::string_view kind, const std::string& origin) {
  const std::string wanted = fmt::format("leakbench/{}", kind);
  const JsonView schema = document.at("schema");
  if (schema.text() != wanted) {
    schema.fail(fmt::format("must be \"{}\", is {}", wanted, in_quotes(schema.text())));
  }
  const JsonView version = document.at("schema_version");
  const std::string text = version.text();
  const std::size_t point = std::min(text.find('.'), text.size());
  int major = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + point, major);
  if (error != std::errc() || rest != text.data() + point || major < 1) {
    version.fail("must be a version such as \"1.0.0\", is " + in_quotes(text));
  }
  if (major > kKnownMajor) {
    throw Error(ExitCode::kNotComparable,
                fmt::format("{} has schema version {}, and this leakbench reads {}.x: use the "
                            "leakbench that wrote it",
                            origin, one_line(text), kKnownMajor));
  }
}

}  // namespace leakbench
