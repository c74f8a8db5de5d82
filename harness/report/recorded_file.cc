#include "harness/report/recorded_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "harness/base/error.h"
#include "harness/target/wording.h"

namespace leakbench {

std::string read_recorded_text(const std::filesystem::path& file) {
  int error = EISDIR;
  if (std::error_code ignored; !std::filesystem::is_directory(file, ignored)) {
    errno = 0;
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    if (in.is_open() && (in.peek() == std::ifstream::traits_type::eof() || text << in.rdbuf())) {
      return text.str();
    }
    error = errno != 0 ? errno : EIO;
  }
  throw Error(ExitCode::kUsage,
              fmt::format("cannot read {}: {}", one_line(file.string()), std::strerror(error)));
}

}  // namespace leakbench
