// Leaks that are known and accepted, so that a verdict is about the others. Matching is pure and
// safe from any thread; the file is read by allowlist_file.h.
//
// An entry names a place by a pattern, and "*" in it stands for anything:
//   started_at  the task's name, or function, file or file:line that started it
//   waits_at    function, file or file:line where it waits
//   frame       any of these, or a word of any line of the example of its calls
// A pattern fits the whole of it, or what is behind one of its slashes: "server.go:12" fits
// "shop/api/server.go:12". Of an entry with several patterns all must fit.
#ifndef LEAKBENCH_HARNESS_VERDICT_ALLOWLIST_H_
#define LEAKBENCH_HARNESS_VERDICT_ALLOWLIST_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace leakbench {

struct AllowEntry {
  std::optional<std::string> started_at;  // one of the three at least
  std::optional<std::string> waits_at;
  std::optional<std::string> frame;
  std::string reason;
  std::optional<std::int64_t> most;              // tasks, of all sites it fits together
  std::optional<std::chrono::sys_days> expires;  // its last day, in UTC
};

struct Allowlist {
  std::string origin;  // to a person: usually its file
  std::vector<AllowEntry> entries;
};

// What an entry may be about.
struct AllowPlace {
  std::string name;  // of the task; empty for none
  std::string function;
  std::string file;
  std::int64_t line = 0;
};

struct AllowSite {
  AllowPlace started_at;
  std::optional<AllowPlace> waits_at;
  std::vector<std::string> example;  // calls of one of its tasks, one a line
  std::int64_t live = 0;
};

// Of the sites of one round.
struct Acceptance {
  // For each site the entry that accepts its tasks, all of them; nullopt when none does.
  std::vector<std::optional<std::size_t>> by_site;
  // For each entry the tasks that it is about, whether it accepts them or not.
  std::vector<std::int64_t> tasks_by_entry;
  // For each entry whether it fits any site.
  std::vector<bool> fitted;
};

// The first entry that fits a site decides. It accepts nothing when it has expired, or when the
// tasks it is about are more than its most.
Acceptance accept(const Allowlist& allowlist, std::span<const AllowSite> sites,
                  std::chrono::sys_days today);

// The tasks that are accepted, to be subtracted from a round's count before it is judged.
std::int64_t accepted_tasks(const Acceptance& acceptance, std::span<const AllowSite> sites);

// What a person has to know of the entries after all rounds, one line each: those that fitted
// nothing, had too many tasks in some round, or have expired.
std::vector<std::string> allowlist_remarks(const Allowlist& allowlist,
                                           std::span<const Acceptance> rounds,
                                           std::chrono::sys_days today);

// "2027-01-31".
std::string date_text(std::chrono::sys_days day);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_VERDICT_ALLOWLIST_H_
