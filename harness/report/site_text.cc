#include "harness/report/site_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/target/wording.h"
#include "harness/verdict/humanise.h"

namespace leakbench {
namespace {

std::string count(std::int64_t tasks) { return humanise_count(static_cast<double>(tasks)); }

// The reason with the most tasks first.
std::string waits_text(const LeakSite& site) {
  std::vector<std::pair<std::string, std::int64_t>> waits(site.waits.begin(), site.waits.end());
  std::stable_sort(waits.begin(), waits.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<std::string> words;
  for (const auto& [reason, tasks] : waits) {
    words.push_back(fmt::format("{} {}", one_line(reason), count(tasks)));
  }
  return listed(words);
}

}  // namespace

std::string site_sentence(const LeakSite& site) {
  std::string text = fmt::format("{} alive at the last response, started at {}:{} ({})",
                                 count(site.live), site.file, site.line, site.name);
  if (!site.process.empty()) text += " in " + site.process;
  if (!site.waits.empty()) text += "; waiting for " + waits_text(site);
  if (site.waits_at) text += fmt::format("; at {}:{}", site.waits_at->file, site.waits_at->line);
  if (site.longest_wait_ns) {
    text +=
        fmt::format("; {} at the longest", humanise_ns(static_cast<double>(*site.longest_wait_ns)));
  }
  if (site.settled) text += fmt::format("; {} after settling", count(*site.settled));
  if (site.growth_per_round) {
    text += fmt::format("; {}{} a round", *site.growth_per_round > 0 ? "+" : "",
                        humanise_number(*site.growth_per_round));
  }
  if (site.proven) text += "; nothing can ever wake them";
  if (site.allowed_because) text += "; accepted: " + *site.allowed_because;
  return text;
}

std::string sites_text(std::string_view arm, const std::vector<LeakSite>& sites, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < std::min(most, sites.size()); ++i) {
    text += fmt::format("{}: {}\n", arm, site_sentence(sites[i]));
  }
  if (sites.size() > most) {
    text += fmt::format("{}: {} more places\n", arm, sites.size() - most);
  }
  return text;
}

}  // namespace leakbench
