// One call of a Go stack, and the table in which a profile keeps each of them once: ten thousand
// goroutines with the same stack then cost a few numbers each.
#ifndef LEAKBENCH_HARNESS_PROBE_GO_FRAME_H_
#define LEAKBENCH_HARNESS_PROBE_GO_FRAME_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace leakbench {

struct GoFrame {
  std::string function;            // "net/http.(*conn).serve"; an address where there is no name
  std::string file;                // as the server was built; empty when not known
  std::int64_t line = 0;           // the call that is being made; 0 when not known
  std::int64_t function_line = 0;  // where the function begins; 0 when not known

  bool operator==(const GoFrame&) const = default;
};

// Places in a table of frames, the innermost call first.
using GoStack = std::vector<std::uint32_t>;

// Not thread safe.
class GoFrameTable {
 public:
  explicit GoFrameTable(std::size_t most_frames) : most_frames_(most_frames) {}

  // The place of this frame, which is added when it is new; nullopt when the table is full.
  std::optional<std::uint32_t> place_of(std::string_view function, std::string_view file,
                                        std::int64_t line);

  // The frames by place; the table is empty afterwards.
  std::vector<GoFrame> take();

 private:
  std::size_t most_frames_;
  std::vector<GoFrame> frames_;
  std::unordered_map<std::string, std::uint32_t> places_;  // by "FUNCTION\nFILE\nLINE"
  std::string key_;  // kept for its memory: a dump asks for millions of frames, and few are new
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_GO_FRAME_H_
