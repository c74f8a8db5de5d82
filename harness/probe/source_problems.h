// What a metrics source tells a person: each kind of problem once, however often it occurs.
#ifndef LEAKBENCH_HARNESS_PROBE_SOURCE_PROBLEMS_H_
#define LEAKBENCH_HARNESS_PROBE_SOURCE_PROBLEMS_H_

#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/target/control_client.h"

namespace leakbench {

// Why an answer is not one of status 200, as one clause.
std::string why_no_answer(const ControlReply& reply);

// Thread safe.
class SourceProblems {
 public:
  // Something is wrong with the answer from `path`. Of each path the first such line is kept; what
  // comes from the server in it is made safe for a terminal.
  void add(const std::string& path, std::string_view what);

  // The same of an answer that is not one of status 200. A server that is gone or hangs is one
  // kind of problem, whatever was asked of it.
  void add(const std::string& path, const ControlReply& reply);

  // Those since the last call.
  std::vector<std::string> take();

 private:
  void add_kind(const std::string& kind, const std::string& path, std::string_view what);

  std::mutex mutex_;
  std::set<std::string> known_;
  std::vector<std::string> new_;
};

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_SOURCE_PROBLEMS_H_
