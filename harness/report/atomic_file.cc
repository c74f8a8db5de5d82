#include "harness/report/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "harness/base/error.h"

namespace leakbench {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, int error) {
  const bool disk = error == ENOSPC || error == EDQUOT || error == EFBIG || error == EIO;
  throw Error(disk ? ExitCode::kEnvironmentUnfit : ExitCode::kUsage,
              fmt::format("cannot write '{}': {}; {}", path.string(), std::strerror(error),
                          disk ? "check the disk and its quota, or choose another place"
                               : "choose a folder that is there and can be written to"));
}

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }

  int get() const { return fd_; }

  // Network file systems tell of a failed write only here. 0 or an errno.
  int close() {
    const int fd = fd_;
    fd_ = -1;
    return ::close(fd) == 0 || errno == EINTR ? 0 : errno;
  }

 private:
  int fd_;
};

// 0 or an errno.
int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

// 0 or an errno.
int write_to_disk(const fs::path& path, std::string_view text) {
  FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (file.get() < 0) return errno;
  if (const int error = write_all(file.get(), text); error != 0) return error;
  if (::fsync(file.get()) != 0) return errno;
  return file.close();
}

}  // namespace

void flush_folder(const fs::path& folder) {
  FileDescriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0) fail(folder, errno);
  // Some file systems cannot flush a folder and say EINVAL; their renames are as durable as they
  // get.
  if (::fsync(directory.get()) != 0 && errno != EINVAL) fail(folder, errno);
}

void write_file_atomically(const fs::path& path, std::string_view text) {
  fs::path temporary = path;
  temporary += ".tmp";
  int error = write_to_disk(temporary, text);
  if (error == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error != 0) {
    ::unlink(temporary.c_str());
    fail(path, error);
  }
  flush_folder(path.has_parent_path() ? path.parent_path() : fs::path("."));
}

}  // namespace leakbench
