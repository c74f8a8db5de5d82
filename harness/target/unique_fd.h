// Owns one file descriptor and closes it.
#ifndef LEAKBENCH_HARNESS_TARGET_UNIQUE_FD_H_
#define LEAKBENCH_HARNESS_TARGET_UNIQUE_FD_H_

#include <unistd.h>

#include <utility>

namespace leakbench {

class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~UniqueFd() { reset(); }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

  void reset() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_ = -1;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_UNIQUE_FD_H_
