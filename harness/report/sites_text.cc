#include "harness/report/sites_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/target/wording.h"
#include "harness/verdict/humanise.h"

namespace leakbench {
namespace {

constexpr std::size_t kMost = 3;

std::string count_text(std::int64_t count) { return humanise_count(static_cast<double>(count)); }

// "shop/main.go:64 (main.startMany)", as far as it is known.
std::string place_text(const std::string& file, int line, const std::string& function) {
  const std::string where = line > 0 ? fmt::format("{}:{}", file, line) : file;
  if (where.empty()) return function;
  return function.empty() ? where : fmt::format("{} ({})", where, function);
}

// The names of wait reasons are the runtime's and Go's alike; one that is not here speaks for
// itself.
std::string wait_text(const std::string& reason) {
  constexpr std::pair<std::string_view, std::string_view> kWaits[] = {
      {"channel receive", "a value from a channel"},
      {"channel send", "a receiver on a channel"},
      {"condition", "a condition to be signalled"},
      {"context", "a context to end"},
      {"io", "I/O"},
      {"mutex", "a mutex to be unlocked"},
      {"select", "a select"},
      {"system call", "a system call"},
      {"timer", "a timer"},
      {"wait group", "a wait group to be done"},
  };
  for (const auto& [name, text] : kWaits) {
    if (reason == name) return std::string(text);
  }
  return one_line(reason);
}

// " for a mutex to be unlocked", or " for a timer (19,999), runnable (1)", most first; "" of none.
std::string waits_text(const LeakSite& site) {
  std::vector<std::pair<std::string, std::int64_t>> waits(site.waits.begin(), site.waits.end());
  std::erase_if(waits, [](const auto& wait) { return wait.second <= 0; });
  std::stable_sort(waits.begin(), waits.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (const auto& [reason, count] : waits) {
    text += text.empty() ? " for " : ", ";
    text += wait_text(reason);
    if (waits.size() > 1) text += fmt::format(" ({})", count_text(count));
  }
  return text;
}

std::string remarks(const LeakSite& site) {
  std::vector<std::string> remarks;
  if (site.growth_per_round.value_or(0) > 0) {
    remarks.push_back(
        fmt::format("growing by {} per round", humanise_number(*site.growth_per_round)));
  }
  if (site.proven) remarks.emplace_back("proven: nothing can ever wake them");
  if (site.allowed_because) {
    remarks.push_back(fmt::format("accepted: {}", *site.allowed_because));
  }
  return remarks.empty() ? "" : fmt::format(" ({})", fmt::join(remarks, "; "));
}

std::string headline(const LeakSite& site) {
  const bool left_over = site.settled.value_or(0) > 0;
  const std::string how_many = left_over ? count_text(*site.settled) + " left over"
                                         : count_text(site.live) + " alive at the last response";
  const std::string process = site.process.empty() ? "" : fmt::format(" in {}", site.process);
  return fmt::format("{}{}{}, started at {}", how_many, process, remarks(site),
                     place_text(site.file, site.line, site.name));
}

// "" when nothing is known of how they wait.
std::string second_line(const LeakSite& site) {
  std::string text = waits_text(site);
  if (site.waits_at) {
    text += " at " + place_text(site.waits_at->file, site.waits_at->line, site.waits_at->function);
  }
  if (site.longest_wait_ns) {
    text += fmt::format(", the longest for {}",
                        humanise_ns(static_cast<double>(*site.longest_wait_ns)));
  }
  return text;
}

}  // namespace

std::string sites_text(std::string_view arm, const std::vector<LeakSite>& sites) {
  std::vector<LeakSite> ordered;
  for (const LeakSite& site : sites) {
    if (site.live > 0 || site.settled.value_or(0) > 0) ordered.push_back(site);
  }
  std::stable_sort(ordered.begin(), ordered.end(), graver);
  std::string text;
  for (std::size_t i = 0; i < std::min(kMost, ordered.size()); ++i) {
    text += fmt::format("{}: {}\n", arm, headline(ordered[i]));
    const std::string waits = second_line(ordered[i]);
    if (!waits.empty()) text += fmt::format("    waiting{}\n", waits);
  }
  if (ordered.size() > kMost) {
    const std::size_t more = ordered.size() - kMost;
    text += fmt::format("{}: {} more {}; all are in the JSON\n", arm, more,
                        more == 1 ? "place" : "places");
  }
  return text;
}

std::string sites_text(const Summary& summary) {
  std::string text;
  for (const ArmSummary& arm : summary.arms) text += sites_text(arm.name, arm.leak_sites);
  return text;
}

}  // namespace leakbench
