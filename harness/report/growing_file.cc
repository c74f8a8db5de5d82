#include "harness/report/growing_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "harness/base/error.h"

namespace leakbench {

GrowingFile::GrowingFile(const std::filesystem::path& path)
    : path_(path), fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) {
  if (fd_ >= 0) return;
  throw Error(ExitCode::kUsage,
              fmt::format("cannot write '{}': {}; choose a file that can be written",
                          path_.string(), std::strerror(errno)));
}

GrowingFile::~GrowingFile() {
  try {
    close();
  } catch (const Error& error) {
    fmt::print(stderr, "leakbench: {}\n", error.what());
  }
}

void GrowingFile::note(int error) {
  if (error_ == 0) error_ = error;
}

void GrowingFile::write(std::string_view text) {
  while (error_ == 0 && !text.empty()) {
    const ssize_t written = ::write(fd_, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      note(errno);
    }
  }
}

void GrowingFile::close() {
  if (fd_ < 0) return;
  // A pipe and a terminal can't be flushed, and say EINVAL.
  if (::fsync(fd_) != 0 && errno != EINVAL) note(errno);
  // Network file systems tell of a failed write only here.
  if (::close(std::exchange(fd_, -1)) != 0 && errno != EINTR) note(errno);
  if (error_ == 0) return;
  throw Error(ExitCode::kEnvironmentUnfit,
              fmt::format("cannot write all of '{}': {}; what was written before is there: check "
                          "the disk and its quota, or choose another file",
                          path_.string(), std::strerror(error_)));
}

}  // namespace leakbench
