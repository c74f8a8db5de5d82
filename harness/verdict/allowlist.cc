#include "harness/verdict/allowlist.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "harness/verdict/humanise.h"

namespace leakbench {
namespace {

// Whether `text` is the pattern, in which a star is any text. Backtracks to the last star only,
// which suffices: what an earlier one could take, the last one can as well.
bool fits_whole(std::string_view pattern, std::string_view text) {
  std::size_t at = 0;
  std::size_t in_text = 0;
  std::optional<std::size_t> star;
  std::size_t behind_star = 0;
  while (in_text < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      behind_star = in_text;
    } else if (at < pattern.size() && pattern[at] == text[in_text]) {
      ++at;
      ++in_text;
    } else if (star) {
      at = *star + 1;
      in_text = ++behind_star;
    } else {
      return false;
    }
  }
  while (at < pattern.size() && pattern[at] == '*') ++at;
  return at == pattern.size();
}

bool fits_text(std::string_view pattern, std::string_view text) {
  if (text.empty()) return false;
  if (fits_whole(pattern, text)) return true;
  for (std::size_t slash = text.find('/'); slash != std::string_view::npos;
       slash = text.find('/', slash + 1)) {
    if (fits_whole(pattern, text.substr(slash + 1))) return true;
  }
  return false;
}

bool fits_place(std::string_view pattern, const AllowPlace& place) {
  return fits_text(pattern, place.name) || fits_text(pattern, place.function) ||
         fits_text(pattern, place.file) ||
         (place.line > 0 && fits_text(pattern, fmt::format("{}:{}", place.file, place.line)));
}

bool fits_word(std::string_view pattern, std::string_view line) {
  if (fits_text(pattern, line)) return true;
  while (!line.empty()) {
    const std::size_t end = std::min(line.find(' '), line.size());
    if (fits_text(pattern, line.substr(0, end))) return true;
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return false;
}

bool fits_frame(std::string_view pattern, const AllowSite& site) {
  return fits_place(pattern, site.started_at) ||
         (site.waits_at && fits_place(pattern, *site.waits_at)) ||
         std::any_of(site.example.begin(), site.example.end(),
                     [&](const std::string& line) { return fits_word(pattern, line); });
}

bool fits(const AllowEntry& entry, const AllowSite& site) {
  if (entry.started_at && !fits_place(*entry.started_at, site.started_at)) return false;
  if (entry.waits_at && !(site.waits_at && fits_place(*entry.waits_at, *site.waits_at))) {
    return false;
  }
  return !entry.frame || fits_frame(*entry.frame, site);
}

bool has_expired(const AllowEntry& entry, std::chrono::sys_days today) {
  return entry.expires && today > *entry.expires;
}

std::string described(const AllowEntry& entry) {
  std::string text;
  const auto add = [&](std::string_view key, const std::optional<std::string>& pattern) {
    if (pattern) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", key, *pattern);
  };
  add("started_at", entry.started_at);
  add("waits_at", entry.waits_at);
  add("frame", entry.frame);
  return text;
}

}  // namespace

Acceptance accept(const Allowlist& allowlist, std::span<const AllowSite> sites,
                  std::chrono::sys_days today) {
  Acceptance acceptance;
  acceptance.tasks_by_entry.resize(allowlist.entries.size(), 0);
  acceptance.fitted.resize(allowlist.entries.size(), false);
  for (const AllowSite& site : sites) {
    const auto entry =
        std::find_if(allowlist.entries.begin(), allowlist.entries.end(),
                     [&](const AllowEntry& candidate) { return fits(candidate, site); });
    acceptance.by_site.emplace_back();
    if (entry == allowlist.entries.end()) continue;
    const auto index = static_cast<std::size_t>(entry - allowlist.entries.begin());
    acceptance.by_site.back() = index;
    acceptance.fitted[index] = true;
    acceptance.tasks_by_entry[index] += site.live;
  }
  for (auto& index : acceptance.by_site) {
    if (!index) continue;
    const AllowEntry& entry = allowlist.entries[*index];
    const bool too_many = entry.most && acceptance.tasks_by_entry[*index] > *entry.most;
    if (too_many || has_expired(entry, today)) index.reset();
  }
  return acceptance;
}

std::int64_t accepted_tasks(const Acceptance& acceptance, std::span<const AllowSite> sites) {
  std::int64_t accepted = 0;
  for (std::size_t i = 0; i < sites.size(); ++i) {
    if (acceptance.by_site[i]) accepted += sites[i].live;
  }
  return accepted;
}

std::string date_text(std::chrono::sys_days day) {
  const std::chrono::year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::vector<std::string> allowlist_remarks(const Allowlist& allowlist,
                                           std::span<const Acceptance> rounds,
                                           std::chrono::sys_days today) {
  std::vector<std::string> remarks;
  for (std::size_t i = 0; i < allowlist.entries.size(); ++i) {
    const AllowEntry& entry = allowlist.entries[i];
    bool fitted = false;
    std::int64_t most = 0;
    for (const Acceptance& round : rounds) {
      fitted = fitted || round.fitted[i];
      most = std::max(most, round.tasks_by_entry[i]);
    }
    const std::string who =
        fmt::format("{}: entry {} ({})", allowlist.origin, i + 1, described(entry));
    if (!fitted) {
      // Of one arm, or of one service of several that share the file, more cannot be known.
      remarks.push_back(who +
                        " fits no task here: remove it, unless it is for another arm or "
                        "service");
    } else if (has_expired(entry, today)) {
      remarks.push_back(fmt::format(
          "{} has expired on {} and accepts nothing: end the leak, or give it a later date", who,
          date_text(*entry.expires)));
    } else if (entry.most && most > *entry.most) {
      remarks.push_back(fmt::format("{} is about {}, more than its most of {}, and accepts none",
                                    who, humanise_tasks(static_cast<double>(most)),
                                    humanise_count(static_cast<double>(*entry.most))));
    }
  }
  return remarks;
}

}  // namespace leakbench
