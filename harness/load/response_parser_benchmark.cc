#include <benchmark/benchmark.h>

#include <string>
#include <string_view>

#include "harness/load/response_parser.h"

namespace leakbench {
namespace {

constexpr std::string_view kSmall =
    "HTTP/1.1 200 OK\r\nDate: Sun, 22 Nov 2026 20:00:00 GMT\r\nContent-Type: text/plain\r\n"
    "Content-Length: 2\r\n\r\nok";

void BM_AnAnswerInOneRead(benchmark::State& state) {
  ResponseParser parser;
  for (auto _ : state) benchmark::DoNotOptimize(parser.put(kSmall));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * kSmall.size()));
}
BENCHMARK(BM_AnAnswerInOneRead);

void BM_AnAnswerInTwoReads(benchmark::State& state) {
  ResponseParser parser;
  for (auto _ : state) {
    benchmark::DoNotOptimize(parser.put(kSmall.substr(0, 40)));
    benchmark::DoNotOptimize(parser.put(kSmall.substr(40)));
  }
}
BENCHMARK(BM_AnAnswerInTwoReads);

void BM_ChunksOfAMebibyte(benchmark::State& state) {
  std::string answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 256; ++i) answer += "1000\r\n" + std::string(4096, 'x') + "\r\n";
  answer += "0\r\n\r\n";
  const std::string_view bytes = answer;
  constexpr std::size_t kRead = 64 * 1024;
  ResponseParser parser;
  for (auto _ : state) {
    for (std::size_t at = 0; at < bytes.size(); at += kRead) {
      benchmark::DoNotOptimize(parser.put(bytes.substr(at, kRead)));
    }
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes.size()));
}
BENCHMARK(BM_ChunksOfAMebibyte);

}  // namespace
}  // namespace leakbench
