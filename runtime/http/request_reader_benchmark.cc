#include <benchmark/benchmark.h>

#include "runtime/http/request_reader.h"

namespace leakbench {
namespace {

void BM_ReadASmallGet(benchmark::State& state) {
  constexpr std::string_view kRequest = "GET /work HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n";
  for (auto _ : state) {
    RequestReader reader({});
    benchmark::DoNotOptimize(reader.put(kRequest));
    benchmark::DoNotOptimize(reader.take());
  }
}
BENCHMARK(BM_ReadASmallGet);

void BM_SerializeASmallResponse(benchmark::State& state) {
  const Response response = Response::text("ok");
  for (auto _ : state) {
    benchmark::DoNotOptimize(serialize(response, "Sun, 06 Nov 1994 08:49:37 GMT", true, true));
  }
}
BENCHMARK(BM_SerializeASmallResponse);

}  // namespace
}  // namespace leakbench
