// What a scenario file writes: its options and its variants, side by side.
#ifndef LEAKBENCH_SCENARIOS_SCENARIO_H_
#define LEAKBENCH_SCENARIOS_SCENARIO_H_

#include <cstdint>
#include <map>
#include <memory>
#include <source_location>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/http/http_server.h"
#include "runtime/stats/counter.h"
#include "runtime/time/clock.h"

namespace leakbench {

// A mistake of whoever started the server: one line that says what is wrong with which option.
class OptionError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Handed to a scenario's build function, which asks it for the value of each option and gives it a
// handler for each variant.
class ScenarioBuilder {
 public:
  // `given` holds the options of the command line, by name without dashes.
  explicit ScenarioBuilder(std::map<std::string, std::string> given) : given_(std::move(given)) {}

  // The value given, or else `fallback`, which is written as on the command line. OptionError if
  // the text is no such value.
  Duration duration(const std::string& name, const std::string& fallback, const std::string& help);
  std::int64_t count(const std::string& name, const std::string& fallback, std::int64_t most,
                     const std::string& help);
  // In thousandths: "0.1" is 100.
  std::int64_t thousandths(const std::string& name, const std::string& fallback, std::int64_t most,
                           const std::string& help);
  std::string choice(const std::string& name, const std::string& fallback,
                     const std::vector<std::string>& among, const std::string& help);

  // As HttpClient takes them.
  std::string url(const std::string& name, const std::string& fallback, const std::string& help);

  // A Prometheus counter on the control port, named leakbench_scenario_NAME. The manifest can make
  // a row of the table of it: /counters.
  std::shared_ptr<Counter> counter(const std::string& name, const std::string& help);

  // Answers "/" in the variant of that name.
  void variant(const std::string& name, Handler handler,
               std::source_location location = std::source_location::current());

  struct Option {
    std::string name;
    std::string fallback;
    std::string help;
  };
  struct Variant {
    std::string name;
    Handler handler;
    std::source_location location;
  };
  const std::vector<Option>& options() const { return options_; }
  const std::vector<Variant>& variants() const { return variants_; }
  const std::vector<std::shared_ptr<const Counter>>& counters() const { return counters_; }

  // The variant of that name. OptionError, naming those there are, if there is none.
  const Variant& find_variant(std::string_view name) const;
  // OptionError if an option was given that the scenario never asked for.
  void refuse_unknown_options() const;

 private:
  std::string take(const std::string& name, const std::string& fallback, const std::string& help);

  const std::map<std::string, std::string> given_;
  std::vector<Option> options_;
  std::vector<Variant> variants_;
  std::vector<std::shared_ptr<const Counter>> counters_;
};

struct Scenario {
  const char* name;
  const char* summary;
  void (*build)(ScenarioBuilder&);
};

// Every scenario this server has.
const std::vector<Scenario>& all_scenarios();

}  // namespace leakbench

#endif  // LEAKBENCH_SCENARIOS_SCENARIO_H_
