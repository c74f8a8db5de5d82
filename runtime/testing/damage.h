// Damage for what parsers are given in tests: seeded, and so repeatable.
#ifndef LEAKBENCH_RUNTIME_TESTING_DAMAGE_H_
#define LEAKBENCH_RUNTIME_TESTING_DAMAGE_H_

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <span>
#include <string>
#include <string_view>

namespace leakbench {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  // From 0 to `limit` - 1.
  std::size_t below(std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(engine_);
  }
  bool one_in(std::size_t n) { return below(n) == 0; }
  char byte() { return static_cast<char>(below(256)); }

  template <typename T, std::size_t kSize>
  const T& one_of(const T (&values)[kSize]) {
    return values[below(kSize)];
  }

  // At most `most` of them.
  std::string letters(std::size_t most, std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz") {
    std::string text(below(most + 1), ' ');
    for (char& c : text) c = alphabet[below(alphabet.size())];
    return text;
  }

 private:
  std::mt19937_64 engine_;
};

// From 1 to `most_edits` edits of `text`: a byte changed, a part lost or repeated, one of `tokens`
// put in (what the parser has rules for), and now and then the end cut off.
inline std::string damaged(std::string text, Dice& dice, std::span<const std::string_view> tokens,
                           std::size_t most_edits = 4) {
  constexpr std::size_t kLongestLost = 20, kLongestRepeated = 200;
  for (std::size_t edits = 1 + dice.below(most_edits); edits > 0 && !text.empty(); --edits) {
    const std::size_t at = dice.below(text.size());
    switch (dice.below(5)) {
      case 0:
        text[at] = dice.byte();
        break;
      case 1:
        text.erase(at, 1 + dice.below(kLongestLost));
        break;
      case 2:
        text.insert(at, text.substr(dice.below(text.size()), 1 + dice.below(kLongestRepeated)));
        break;
      case 3:
        if (dice.one_in(4)) text.resize(at);
        break;
      default:
        text.insert(at, tokens[dice.below(tokens.size())]);
    }
  }
  return text;
}

// One value somewhere in a document of nlohmann's is another one of `values`.
template <typename Json>
Json with_another_value(Json document, Dice& dice, std::span<const Json> values) {
  Json* at = &document;
  while (at->is_structured() && !at->empty() && !dice.one_in(5)) {
    auto child = at->begin();
    std::advance(child, static_cast<std::ptrdiff_t>(dice.below(at->size())));
    at = &*child;
  }
  *at = values[dice.below(values.size())];
  return document;
}

}  // namespace leakbench

#endif  // LEAKBENCH_RUNTIME_TESTING_DAMAGE_H_
