// Runs programs over context trees, and writes down all that can be observed after each operation;
// README.md has the format. go/main.go does the same with Go's package context.
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "runtime/context/context.h"
#include "runtime/task/after_func.h"
#include "runtime/task/test_scheduler.h"

namespace leakbench {
namespace {

using Words = std::vector<std::string>;

constexpr Duration kUnit = std::chrono::milliseconds(1);
constexpr Duration kStep = 2 * kUnit;
constexpr Duration kFarAway = Duration(Duration::rep{1} << 62);

using Value = std::optional<std::string>;
struct OtherValue {
  Value value;
};

// Like names in two types: a key is found by what it is, not by what it is called.
constexpr ContextKey<Value> kA0{"0"}, kA1{"1"};
constexpr ContextKey<OtherValue> kB0{"0"}, kB1{"1"};

using Values = std::array<const Value*, 4>;

Values values_of(const Context& ctx) {
  const auto unwrap = [](const OtherValue* other) { return other ? &other->value : nullptr; };
  return {ctx.value(kA0), ctx.value(kA1), unwrap(ctx.value(kB0)), unwrap(ctx.value(kB1))};
}

Context with_named_value(const Context& parent, const std::string& key, const std::string& word) {
  const Value value = word == "nil" ? Value() : Value(word);
  if (key == "a0") return with_value(parent, kA0, value);
  if (key == "a1") return with_value(parent, kA1, value);
  if (key == "b0") return with_value(parent, kB0, OtherValue{value});
  if (key == "b1") return with_value(parent, kB1, OtherValue{value});
  throw std::invalid_argument("not a key: " + key);
}

const std::map<std::string, Failure>& causes() {
  static const std::map<std::string, Failure> causes = {
      {"nil", Failure()},    {"canceled", canceled()}, {"deadline_exceeded", deadline_exceeded()},
      {"c1", Failure("c1")}, {"c2", Failure("c2")},    {"c3", Failure("c3")},
      {"c4", Failure("c4")},
  };
  return causes;
}

std::string name_of(const Failure& failure) {
  for (const auto& [name, known] : causes()) {
    if (known == failure) return name;
  }
  return "unknown";
}

Duration parse_time(const std::string& word) {
  if (word == "forever") return Duration::max();
  if (word == "long_ago") return Duration::min();
  return std::stoll(word) * kUnit;
}

struct Observation {
  Failure err, cause;
  bool can_be_done = false, is_done = false;
  std::optional<Duration> deadline;  // since the start of the program
  Values values{};

  bool operator==(const Observation&) const = default;
};

std::string to_string(const Observation& seen) {
  std::string deadline = "none";
  if (seen.deadline) {
    deadline = *seen.deadline >= kFarAway    ? "forever"
               : *seen.deadline <= -kFarAway ? "long_ago"
                                             : fmt::format("{}ns", seen.deadline->count());
  }
  const auto text = [](const Value* value) { return value && *value ? **value : "nil"; };
  return fmt::format("err={} cause={} done={} deadline={} values={},{},{},{}", name_of(seen.err),
                     name_of(seen.cause),
                     seen.is_done       ? "closed"
                     : seen.can_be_done ? "open"
                                        : "never",
                     deadline, text(seen.values[0]), text(seen.values[1]), text(seen.values[2]),
                     text(seen.values[3]));
}

// The context as text, without what stands in parentheses: the names of keys.
std::string shape(const Context& ctx) {
  std::string text = ctx.to_string();
  for (std::size_t open; (open = text.find('(')) != std::string::npos;) {
    text.erase(open, text.find(')', open) - open + 1);
  }
  return text;
}

// One program's world.
class World {
 public:
  explicit World(std::ostream& out) : out_(out), start_(scheduler_.clock().now()) {
    add("background", background());
    add("todo", todo());
  }

  void run(const Words& words) {
    apply(words);
    scheduler_.advance(kStep);
    write_changes();
  }

 private:
  struct Node {
    std::string name;
    Context context;
    std::variant<std::monostate, CancelHandle, CancelCauseHandle> cancel;
    std::optional<Observation> last;
  };
  struct Callback {
    std::string name;
    int runs = 0;
    std::optional<int> last;
    std::optional<StopFunc> stop;
  };

  void add(const std::string& name, Context ctx) {
    out_ << name << " is " << shape(ctx) << '\n';
    nodes_.push_back({name, std::move(ctx), {}, {}});
    node_index_[name] = nodes_.size() - 1;
  }
  template <typename Handle>
  void add(const std::string& name, Derived<Handle> derived) {
    add(name, std::move(derived.context));
    nodes_.back().cancel = std::move(derived.cancel);
  }

  Node& node(const std::string& name) { return nodes_[node_index_.at(name)]; }
  Callback& callback(const std::string& name) { return *callbacks_[callback_index_.at(name)]; }

  void apply(const Words& words);
  Observation observe(const Context& ctx) const;
  void write_changes();

  std::ostream& out_;
  TestScheduler scheduler_;
  const TimePoint start_;
  std::vector<Node> nodes_;
  std::map<std::string, std::size_t> node_index_;
  std::vector<std::unique_ptr<Callback>> callbacks_;  // in place: the functions refer to them
  std::map<std::string, std::size_t> callback_index_;
};

void World::apply(const Words& words) {
  const std::string& kind = words.at(0);
  const auto name = [&] { return words.at(1); };
  const auto parent = [&] { return node(words.at(2)).context; };
  const auto time = [&] { return parse_time(words.at(3)); };
  const auto instant = [&] { return saturating_add(start_, time()); };
  const auto cause = [&](std::size_t index) { return causes().at(words.at(index)); };
  TimerQueue* timers = &scheduler_.timers();
  if (kind == "with_cancel") {
    add(name(), with_cancel(parent()));
  } else if (kind == "with_cancel_cause") {
    add(name(), with_cancel_cause(parent()));
  } else if (kind == "with_deadline") {
    add(name(), with_deadline(parent(), instant(), timers));
  } else if (kind == "with_deadline_cause") {
    add(name(), with_deadline_cause(parent(), instant(), cause(4), timers));
  } else if (kind == "with_timeout") {
    add(name(), with_timeout(parent(), time(), timers));
  } else if (kind == "with_timeout_cause") {
    add(name(), with_timeout_cause(parent(), time(), cause(4), timers));
  } else if (kind == "with_value") {
    add(name(), with_named_value(parent(), words.at(3), words.at(4)));
  } else if (kind == "without_cancel") {
    add(name(), without_cancel(parent()));
  } else if (kind == "cancel") {
    auto& cancel = node(name()).cancel;
    if (const auto* with_cause = std::get_if<CancelCauseHandle>(&cancel)) {
      (*with_cause)();
    } else {
      std::get<CancelHandle>(cancel)();
    }
  } else if (kind == "cancel_cause") {
    std::get<CancelCauseHandle>(node(name()).cancel)(cause(2));
  } else if (kind == "after_func") {
    auto& added = *callbacks_.emplace_back(std::make_unique<Callback>());
    callback_index_[name()] = callbacks_.size() - 1;
    added.name = name();
    added.stop = after_func(
        parent(), [&added] { ++added.runs; }, &scheduler_.worker());
  } else if (kind == "stop") {
    out_ << ((*callback(name()).stop)() ? "true\n" : "false\n");
  } else if (kind == "advance") {
    scheduler_.advance(parse_time(name()));
  } else if (kind != "observe") {
    throw std::invalid_argument("not an operation: " + kind);
  }
}

Observation World::observe(const Context& ctx) const {
  Observation seen{ctx.err(), ctx.cause(), ctx.can_be_done(), ctx.is_done(), {}, values_of(ctx)};
  if (const auto deadline = ctx.deadline()) seen.deadline = *deadline - start_;
  return seen;
}

// What is new or differs from the last time, for that makes the shortest reading.
void World::write_changes() {
  for (Node& node : nodes_) {
    const Observation seen = observe(node.context);
    if (node.last == seen) continue;
    node.last = seen;
    out_ << node.name << ' ' << to_string(seen) << '\n';
  }
  for (const auto& callback : callbacks_) {
    if (callback->last == callback->runs) continue;
    callback->last = callback->runs;
    out_ << callback->name << " runs=" << callback->runs << '\n';
  }
}

void run_all(std::istream& programs, std::ostream& out) {
  std::optional<World> world;
  for (std::string line; std::getline(programs, line);) {
    if (line.empty()) {
      world.reset();
      out << '\n';
      continue;
    }
    out << "> " << line << '\n';
    if (!world) world.emplace(out);
    std::istringstream stream(line);
    world->run(Words(std::istream_iterator<std::string>(stream), {}));
  }
}

}  // namespace
}  // namespace leakbench

int main(int argc, char** argv) {
  try {
    if (argc != 3) throw std::invalid_argument("takes a file of programs and one to write to");
    std::ifstream programs(argv[1]);
    if (!programs) throw std::runtime_error(fmt::format("cannot read {}", argv[1]));
    std::ofstream observations(argv[2]);
    leakbench::run_all(programs, observations);
    observations.close();
    if (!observations) throw std::runtime_error(fmt::format("cannot write {}", argv[2]));
    return 0;
  } catch (const std::exception& failure) {
    std::cerr << "context_interpreter: " << failure.what() << '\n';
    return 2;
  }
}
