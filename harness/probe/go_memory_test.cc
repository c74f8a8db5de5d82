#include "harness/probe/go_memory.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "harness/probe/test_goroutines.h"

namespace leakbench {
namespace {

constexpr const char* kExpvar =
    R"({
"cmdline": ["./server","-port","8080"],
"goroutines": 12,
"memstats": {"Alloc":10024312,"Sys":63621400,"HeapAlloc":10024312,"HeapInuse":11157504,
"PauseTotalNs":519702,"PauseNs":[197435,112602,209665,0,0],"NumGC":3,"GCCPUFraction":0.007,
"EnableGC":true,"BySize":[{"Size":8,"HeapAlloc":1,"Mallocs":5}]},
"routes": {"a": null, "HeapAlloc": 7}
})";

constexpr const char* kHeap =
    "heap profile: 1: 8 [2: 16] @ heap/1048576\n1: 8 [2: 16] @ 0x1\n#\t0x1\tmain.f+0x1\tmain.go:3\n"
    "\n\n# runtime.MemStats\n# Alloc = 9999464\n# HeapAlloc = 9999464\n# HeapInuse = 11075584\n"
    "# PauseNs = [197435 112602 209665 0 0]\n# PauseEnd = [1 2 3 0 0]\n# NumGC = 3\n"
    "# GCCPUFraction = 0.007\n";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), by);
}

TEST(GoMemory, IsReadFromExpvar) {
  const auto memory = parse_expvar_memory(kExpvar);
  ASSERT_TRUE(memory) << memory.error();
  EXPECT_EQ(memory->heap_alloc_bytes, 10'024'312);
  EXPECT_EQ(memory->gc_cycles, 3);
  EXPECT_EQ(memory->gc_pause_total_ns, 519'702);
}

TEST(GoMemory, IsReadFromTheTextOfAHeapProfile) {
  const auto memory = parse_heap_memory(kHeap);
  ASSERT_TRUE(memory) << memory.error();
  EXPECT_EQ(memory->heap_alloc_bytes, 9'999'464);
  EXPECT_EQ(memory->gc_cycles, 3);
  EXPECT_EQ(memory->gc_pause_total_ns, 519'702);
}

TEST(GoMemory, PausesThatTheHeapProfileNoLongerHoldsAreNotGuessed) {
  const auto full = parse_heap_memory(replaced(kHeap, "NumGC = 3", "NumGC = 256"));
  EXPECT_EQ(full->gc_pause_total_ns, 519'702);
  const auto lost = parse_heap_memory(replaced(kHeap, "NumGC = 3", "NumGC = 257"));
  EXPECT_EQ(lost->gc_pause_total_ns, std::nullopt);
  EXPECT_EQ(lost->gc_cycles, 257);
  EXPECT_EQ(lost->heap_alloc_bytes, 9'999'464);
}

TEST(GoMemory, AFigureThatIsNoCountIsNotMeasured) {
  for (const char* number : {"-1", "1.5", "1e3", "18446744073709551615", "true", "null", "[1]"}) {
    const auto memory = parse_expvar_memory(
        replaced(kExpvar, "\"PauseTotalNs\":519702", "\"PauseTotalNs\":" + std::string(number)));
    ASSERT_TRUE(memory) << memory.error();
    EXPECT_EQ(memory->gc_pause_total_ns, std::nullopt) << number;
    EXPECT_EQ(memory->gc_cycles, 3) << number;
  }
  for (const char* list : {"", "[", "1 2", "[1,2]", "[1 -2]", "[9223372036854775807 1]"}) {
    const auto memory = parse_heap_memory(replaced(kHeap, "[197435 112602 209665 0 0]", list));
    ASSERT_TRUE(memory) << memory.error();
    EXPECT_EQ(memory->gc_pause_total_ns, std::nullopt) << list;
  }
}

TEST(GoMemory, OtherTextsAreRefused) {
  for (const char* text :
       {"", "{", "[]", "{}", "<html>", "12", R"({"memstats":[]})", R"({"memstats":{"NumGC":1}})",
        R"({"HeapAlloc":1})", R"({"a":{"memstats":{"HeapAlloc":1}}})",
        R"({"memstats":{"BySize":{"HeapAlloc":1}}})", R"({"memstats":{"HeapAlloc":1}} x)"}) {
    const auto memory = parse_expvar_memory(text);
    ASSERT_FALSE(memory) << text;
    expect_one_line(memory.error());
  }
  for (const char* text :
       {"", "goroutine profile: total 3\n", "heap profile: 0: 0 [0: 0] @ heap/1\n",
        "heap profile: 1\n# HeapAlloc = 5"}) {
    const auto memory = parse_heap_memory(text);
    ASSERT_FALSE(memory) << text;
    expect_one_line(memory.error());
  }
}

TEST(GoMemory, DeepNestingCostsNoStack) {
  const std::string deep = "{\"memstats\":{\"HeapAlloc\":5},\"x\":" + std::string(1 << 20, '[') +
                           std::string(1 << 20, ']') + "}";
  const auto memory = parse_expvar_memory(deep);
  ASSERT_TRUE(memory) << memory.error();
  EXPECT_EQ(memory->heap_alloc_bytes, 5);
  EXPECT_FALSE(parse_expvar_memory(std::string(1 << 20, '[')));
}

// Seeded and so repeatable; the sanitizer builds run it too.
TEST(GoMemoryFuzz, DamagedTextsGiveFiguresOrAnError) {
  static constexpr const char* kTokens[] = {"{",  "}",    "[",    "]",  "\"", ",", ":",   "\\u0000",
                                            "\n", "null", "1e99", "-9", "# ", "=", "\xff"};
  int accepted = 0, refused = 0;
  for (const std::string whole : {kExpvar, kHeap}) {
    for (unsigned seed = 0; seed < 4'000; ++seed) {
      std::mt19937 random(seed);
      std::string text = whole;
      for (unsigned edits = 1 + random() % 4; edits > 0 && !text.empty(); --edits) {
        const std::size_t at = random() % text.size();
        switch (random() % 5) {
          case 0:
            text[at] = static_cast<char>(random());
            break;
          case 1:
            text.erase(at, 1 + random() % 12);
            break;
          case 2:
            text.insert(at, text.substr(random() % text.size(), random() % 60));
            break;
          case 3:
            if (random() % 8 == 0) text.resize(at);
            break;
          default:
            text.insert(at, kTokens[random() % std::size(kTokens)]);
        }
      }
      for (const auto& memory : {parse_expvar_memory(text), parse_heap_memory(text)}) {
        if (memory) {
          ++accepted;
          EXPECT_GE(memory->heap_alloc_bytes.value(), 0);
          EXPECT_GE(memory->gc_pause_total_ns.value_or(0), 0);
        } else {
          ++refused;
          expect_one_line(memory.error());
        }
      }
    }
  }
  // Some must get through and some must not: else the edits test nothing. Half of all are read as
  // the other kind.
  EXPECT_GT(accepted, 1'500);
  EXPECT_GT(refused, 8'800);
}

}  // namespace
}  // namespace leakbench
