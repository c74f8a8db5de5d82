#include "harness/target/process_group.h"

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace leakbench {
namespace {

// A line of /proc/PID/stat: "PID (NAME) STATE PARENT GROUP ...", where NAME may hold anything.
bool runs_in_group(const std::string& stat, pid_t group) {
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return false;
  char state = 0;
  int parent = 0;
  int its_group = 0;
  const int read =
      std::sscanf(stat.c_str() + name_end + 1, " %c %d %d", &state, &parent, &its_group);
  return read == 3 && its_group == group && state != 'Z' && state != 'X';
}

}  // namespace

bool group_runs(pid_t group) {
  if (::kill(-group, 0) != 0) return false;
  std::error_code error;
  for (std::filesystem::directory_iterator entry("/proc", error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream stream(entry->path() / "stat");
    const std::string stat{std::istreambuf_iterator<char>(stream), {}};
    if (runs_in_group(stat, group)) return true;
  }
  return false;
}

}  // namespace leakbench
