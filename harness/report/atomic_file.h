#ifndef LEAKBENCH_HARNESS_REPORT_ATOMIC_FILE_H_
#define LEAKBENCH_HARNESS_REPORT_ATOMIC_FILE_H_

#include <filesystem>
#include <string_view>

namespace leakbench {

// Writes "PATH.tmp" beside it, flushes it to disk, renames it over PATH and flushes the folder: a
// reader, also one after a crash, finds the old text or the new, never a part. One writer per path.
//
// Throws Error: kEnvironmentUnfit when the disk is full or broken, kUsage when the place cannot be
// written. PATH then still has its old text, and no temporary file is left.
void write_file_atomically(const std::filesystem::path& path, std::string_view text);

// Flushes the entries of a folder to disk. Throws like write_file_atomically().
void flush_folder(const std::filesystem::path& folder);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_REPORT_ATOMIC_FILE_H_
