// results/RUN/: the folder of one run and the names of the files in it.
#ifndef LEAKBENCH_HARNESS_REPORT_RUN_FOLDER_H_
#define LEAKBENCH_HARNESS_REPORT_RUN_FOLDER_H_

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "harness/report/repetition_report.h"
#include "harness/report/run_report.h"
#include "harness/report/summary.h"

namespace leakbench {

// Six random hexadecimal digits.
std::string random_suffix();

// Writes are atomic and each is on disk when it returns. All of them throw Error (see
// write_file_atomically()). One thread writes; the names may be asked from any.
class RunFolder {
 public:
  using Suffix = std::function<std::string()>;

  // Makes `parent` (results/ or --out) where it is missing and in it a folder that did not exist,
  // SCENARIO-UTC-SUFFIX, with reps/, samples/ and logs/. A taken name is tried again with another
  // suffix. Throws Error(kUsage) when that cannot be done. `scenario` is a manifest's name, thus
  // without a slash.
  static RunFolder create(const std::filesystem::path& parent, std::string_view scenario,
                          std::chrono::system_clock::time_point started,
                          const Suffix& suffix = random_suffix);

  // The folder's name, which is the run's id.
  const std::string& id() const { return id_; }
  const std::filesystem::path& path() const { return path_; }

  // Relative to path(), as reports name them: "reps/001_with-context.json".
  static std::string repetition_file(int index, std::string_view arm);
  static std::string samples_file(int index, std::string_view arm);
  static std::string log_file(int index, std::string_view arm);
  // "profiles/007_with-context.cpu.prof" for the extension "cpu.prof".
  static std::string profile_file(int index, std::string_view arm, std::string_view extension);

  void write(const RunReport& report) const;         // run.json
  void write(const RepetitionReport& report) const;  // repetition_file(index, arm)
  void write(const Summary& summary) const;          // summary.json
  // samples_file(index, arm)
  void write_samples(int index, std::string_view arm, std::string_view csv) const;

  // The name from profile_file(), whose folder is made where it is missing.
  void write_profile(const std::string& file, std::string_view content) const;

  // The folder with all that is in it; what cannot be removed stays.
  void remove() const;

 private:
  RunFolder(std::filesystem::path parent, std::string id);

  std::string id_;
  std::filesystem::path path_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_RUN_FOLDER_H_
