// The source of servers in Go: net/http/pprof and, where there is one, expvar.
#ifndef LEAKBENCH_HARNESS_PROBE_GO_SOURCE_H_
#define LEAKBENCH_HARNESS_PROBE_GO_SOURCE_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "harness/probe/go_memory.h"
#include "harness/probe/goroutine_profile.h"
#include "harness/probe/metrics_source.h"
#include "harness/probe/reading_pacer.h"
#include "harness/probe/source_problems.h"
#include "harness/target/control_client.h"
#include "runtime/time/clock.h"

namespace leakbench {

// For one thread at a time. What a call costs the server grows with its goroutines: some 3 us of a
// core for each in read() and task_profile(), 10 us in full_task_profile(), for most of which the
// server stands still.
class GoSource : public MetricsSource {
 public:
  struct Limits {
    // Of a reading's answers, which wait for their turn among all goroutines of a busy server.
    ControlClient::Limits reading = {std::chrono::seconds(5), 16 << 20};
    // Of a dump, a leak profile and a collection. Go cuts dumps at 64 MiB.
    ControlClient::Limits full = {std::chrono::seconds(30), 65 << 20};
    // With more goroutines than this no dump is asked for: it would stop the server for seconds,
    // and be cut.
    std::int64_t dumped_goroutines = 200'000;
  };

  // The clock is the pace's and must outlive the source.
  GoSource(std::uint16_t control_port, const MetricsSourceSpec& spec, ReadingPace pace,
           const Clock& clock, Limits limits);

  // Live and system tasks from the goroutine profile, as protobuf (debug=0) or, where the server
  // does not give that, as text (debug=1); the heap and the collector from expvar or, where there
  // is none, from what stands behind the text of the heap profile.
  MetricsReading read() override;
  // By started function, from the same profile.
  std::optional<TaskProfile> task_profile() override;
  // By `go` statement, with the longest waits, from a dump (debug=2), unless that would be too
  // large or is cut: then as task_profile(). Proven where the server has the profile goroutineleak.
  std::optional<TaskProfile> full_task_profile() override;
  std::optional<PauseSnapshot> pause() override { return std::nullopt; }
  void collect_garbage() override;  // heap?gc=1
  std::vector<std::string> take_problems() override { return problems_.take(); }

 private:
  ControlReply ask(const std::string& path, ControlClient::Limits limits);
  // nullopt after what is wrong was added to the problems.
  std::optional<GoroutineProfile> goroutines();
  std::optional<GoroutineProfile> dumped_goroutines(std::int64_t expected);
  std::optional<GoroutineProfile> leaked_goroutines();
  std::optional<GoMemory> memory();
  TaskProfile sites(const GoroutineProfile& profile, const GoroutineProfile& with_lines,
                    const GoroutineProfile* leaked);

  const Limits limits_;
  const std::string goroutines_path_;
  const std::string text_path_;
  const std::string dump_path_;
  const std::string leaks_path_;
  const std::string heap_path_;
  const std::string collect_path_;
  const std::string expvar_path_;
  ReadingPacer pacer_;
  ControlClient client_;
  SourceProblems problems_;
  bool only_text_ = false;  // it gives no profile that can be decoded
  bool has_expvar_ = true;  // until it says that it has none
  bool has_leaks_ = true;   // the same of the profile goroutineleak
  bool reachable_ = true;   // the last answer was one, whatever its status
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_GO_SOURCE_H_
