#include "harness/report/run_folder.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <random>
#include <system_error>

#include "harness/base/error.h"
#include "harness/report/atomic_file.h"
#include "harness/report/utc_time.h"

namespace leakbench {
namespace {

namespace fs = std::filesystem;

constexpr int kNameAttempts = 16;

[[noreturn]] void fail(const fs::path& folder, const std::string& reason) {
  throw Error(ExitCode::kUsage,
              fmt::format("cannot create the results folder '{}': {}; choose a folder that can be "
                          "written with --out",
                          folder.string(), reason));
}

// False when the name is taken.
bool make_folder(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0755) == 0) return true;
  if (errno == EEXIST) return false;
  fail(folder, std::strerror(errno));
}

std::string numbered(std::string_view folder, int index, std::string_view arm,
                     std::string_view extension) {
  return fmt::format("{}/{:03}_{}.{}", folder, index, arm, extension);
}

}  // namespace

std::string random_suffix() {
  std::random_device device;
  return fmt::format("{:06x}", device() & 0xffffffU);
}

RunFolder::RunFolder(fs::path parent, std::string id)
    : id_(std::move(id)), path_(std::move(parent) / id_) {}

RunFolder RunFolder::create(const fs::path& parent, std::string_view scenario,
                            std::chrono::system_clock::time_point started, const Suffix& suffix) {
  std::error_code error;
  fs::create_directories(parent, error);
  if (error) fail(parent, error.message());

  for (int attempt = 0; attempt < kNameAttempts; ++attempt) {
    RunFolder folder(parent,
                     fmt::format("{}-{}-{}", scenario, format_utc_compact(started), suffix()));
    if (!make_folder(folder.path_)) continue;
    for (const char* part : {"reps", "samples", "logs"}) make_folder(folder.path_ / part);
    flush_folder(folder.path_);
    flush_folder(parent);
    return folder;
  }
  fail(parent, fmt::format("{} names for the run were all taken", kNameAttempts));
}

std::string RunFolder::repetition_file(int index, std::string_view arm) {
  return numbered("reps", index, arm, "json");
}

std::string RunFolder::samples_file(int index, std::string_view arm) {
  return numbered("samples", index, arm, "csv");
}

std::string RunFolder::log_file(int index, std::string_view arm) {
  return numbered("logs", index, arm, "log");
}

std::string RunFolder::profile_file(int index, std::string_view arm, std::string_view extension) {
  return numbered("profiles", index, arm, extension);
}

void RunFolder::write(const RunReport& report) const {
  write_file_atomically(path_ / "run.json", to_json(report));
}

void RunFolder::write(const RepetitionReport& report) const {
  write_file_atomically(path_ / repetition_file(report.index, report.arm), to_json(report));
}

void RunFolder::write(const Summary& summary) const {
  write_file_atomically(path_ / "summary.json", to_json(summary));
}

void RunFolder::write_samples(int index, std::string_view arm, std::string_view csv) const {
  write_file_atomically(path_ / samples_file(index, arm), csv);
}

void RunFolder::write_profile(const std::string& file, std::string_view content) const {
  if (make_folder(path_ / "profiles")) flush_folder(path_);
  write_file_atomically(path_ / file, content);
}

void RunFolder::remove() const {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace leakbench
