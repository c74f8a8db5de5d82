#include "runtime/control/release_json.h"

#include <nlohmann/json.hpp>

namespace leakbench {
namespace {

using Json = nlohmann::ordered_json;

Json json_bytes(const HeapBytes& bytes) {
  return {{"in_use_bytes", bytes.in_use}, {"mapped_bytes", bytes.mapped}};
}

}  // namespace

Json release_json(const MemoryRelease& release) {
  return {{"schema", "leakbench/release"},
          {"schema_version", "1.0.0"},
          {"took_ns", release.took.count()},
          {"before", json_bytes(release.before)},
          {"after", json_bytes(release.after)}};
}

}  // namespace leakbench
