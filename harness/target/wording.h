// Pieces of error messages: what a person gave, shown safely on one line, and what they may have
// meant.
#ifndef LEAKBENCH_HARNESS_TARGET_WORDING_H_
#define LEAKBENCH_HARNESS_TARGET_WORDING_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leakbench {

// `text` with control characters (and, because they would break a terminal, malformed UTF-8) shown
// as \xNN, cut to `limit` bytes with "..." behind. Never contains a line break.
std::string one_line(std::string_view text, std::size_t limit = 300);

// one_line() in double quotes, short enough to stand in the middle of a sentence.
std::string in_quotes(std::string_view text);

// "a, b, c"; "none" when there are none.
std::string listed(const std::vector<std::string>& names);

// The candidate that `word` most likely is a slip of the pen for: at most a third of its letters
// wrong. Counts insertions, deletions, replacements and swaps of neighbours. nullopt when nothing
// is near.
std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates);

// `did you mean "x"?` where something is near, `known: a, b, c` otherwise.
std::string suggestion(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_TARGET_WORDING_H_
