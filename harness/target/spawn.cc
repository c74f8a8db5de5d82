#include "harness/target/spawn.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string_view>

#include "harness/target/pidfd.h"
#include "harness/target/wording.h"

namespace leakbench {
namespace {

enum class Step : int { kGroup, kParentDeath, kParentGone, kCores, kOutput, kFolder, kExec };

struct ChildFailure {
  Step step;
  int error;
};

// Everything that the child needs, made before the fork: between fork and exec only
// async-signal-safe calls are allowed, because another thread may have held the allocator's lock.
struct ChildPlan {
  const char* program;
  char* const* arguments;
  char* const* environment;
  const cpu_set_t* cores;      // null: as inherited
  const char* working_folder;  // null: as inherited
  int input;
  int output;
  int failure_pipe;
  pid_t parent;
};

[[noreturn]] void give_up(const ChildPlan& plan, Step step, int error) {
  const ChildFailure failure{step, error};
  // Nothing can be done when even this fails: the parent then sees an exit with status 127.
  [[maybe_unused]] const ssize_t written = ::write(plan.failure_pipe, &failure, sizeof failure);
  ::_exit(127);
}

[[noreturn]] void run_child(const ChildPlan& plan) {
  if (::setpgid(0, 0) != 0) give_up(plan, Step::kGroup, errno);
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) give_up(plan, Step::kParentDeath, errno);
  // A parent that died before the prctl() would never be noticed.
  if (::getppid() != plan.parent) give_up(plan, Step::kParentGone, 0);
  if (plan.cores && ::sched_setaffinity(0, sizeof(cpu_set_t), plan.cores) != 0) {
    give_up(plan, Step::kCores, errno);
  }
  // Ignored signals survive an exec, so a harness that ignores SIGPIPE or SIGINT would hand that
  // on.
  struct sigaction standard = {};
  standard.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) ::sigaction(number, &standard, nullptr);
  sigset_t nothing;
  ::sigemptyset(&nothing);
  ::sigprocmask(SIG_SETMASK, &nothing, nullptr);
  if (::dup2(plan.input, STDIN_FILENO) < 0 || ::dup2(plan.output, STDOUT_FILENO) < 0 ||
      ::dup2(plan.output, STDERR_FILENO) < 0) {
    give_up(plan, Step::kOutput, errno);
  }
  // Ten thousand client sockets in the server would distort what is measured. Kernels before 5.11
  // refuse the flag; our own descriptors are close-on-exec anyway.
  ::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  if (plan.working_folder && ::chdir(plan.working_folder) != 0) {
    give_up(plan, Step::kFolder, errno);
  }
  ::execve(plan.program, plan.arguments, plan.environment);
  give_up(plan, Step::kExec, errno);
}

// A descriptor that dup2() onto 0, 1 and 2 cannot overwrite.
UniqueFd above_standard_streams(UniqueFd fd) {
  if (fd.get() < 0 || fd.get() > STDERR_FILENO) return fd;
  return UniqueFd(::fcntl(fd.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
}

UniqueFd open_file(const std::filesystem::path& path, int flags, const char* what) {
  UniqueFd fd = above_standard_streams(UniqueFd(::open(path.c_str(), flags | O_CLOEXEC, 0644)));
  if (!fd) {
    throw SpawnError(
        fmt::format("cannot open {} {}: {}", what, one_line(path.string()), std::strerror(errno)));
  }
  return fd;
}

bool is_program(const std::string& path) {
  struct stat status;
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         ::access(path.c_str(), X_OK) == 0;
}

std::string find_program(const std::string& name, const std::filesystem::path& working_folder) {
  if (name.find('/') != std::string::npos) return (working_folder / name).string();
  const char* variable = std::getenv("PATH");
  const std::string path = variable ? variable : "/usr/local/bin:/usr/bin:/bin";
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find(':', start), path.size());
    const std::string folder = path.substr(start, end - start);
    const std::string candidate = (folder.empty() ? "." : folder) + "/" + name;
    // Whole, since the child may be in another folder when it looks.
    if (is_program(candidate)) return std::filesystem::absolute(candidate).string();
    start = end + 1;
  }
  throw SpawnError("command not found: " + in_quotes(name) + " is in no folder of PATH");
}

cpu_set_t cpu_set_of(const std::vector<int>& cores) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int core : cores) {
    if (core < 0 || core >= CPU_SETSIZE) {
      throw SpawnError(fmt::format("cannot pin to core {}: there is no such core", core));
    }
    CPU_SET(core, &set);
  }
  return set;
}

std::string reason_of(const ChildFailure& failure, const SpawnPlan& plan,
                      const std::string& program) {
  const char* error = std::strerror(failure.error);
  switch (failure.step) {
    case Step::kGroup:
      return fmt::format("cannot make a process group: {}", error);
    case Step::kParentDeath:
      return fmt::format("cannot tie the process to its parent: {}", error);
    case Step::kParentGone:
      return "its parent is gone";
    case Step::kCores:
      return fmt::format("cannot pin to core {}: {}", fmt::join(plan.cores, ","), error);
    case Step::kOutput:
      return fmt::format("cannot redirect its output: {}", error);
    case Step::kFolder:
      return fmt::format("cannot work in the folder {}: {}", one_line(plan.working_folder.string()),
                         error);
    case Step::kExec:
      if (failure.error == ENOENT && is_program(program)) {
        return "the interpreter or loader that " + in_quotes(program) + " names does not exist";
      }
      if (failure.error == ETIMEDOUT) return in_quotes(program) + " took too long to be loaded";
      if (failure.error == ENOENT) return "command not found: " + in_quotes(program);
      return fmt::format("cannot execute {}: {}", in_quotes(program), error);
  }
  return error;
}

// What the child reported; nullopt once its exec has closed the pipe.
std::optional<ChildFailure> wait_for_exec(int pipe) {
  constexpr int kMostMilliseconds = 10'000;  // an exec from a dead network share must not hang us
  pollfd readable{pipe, POLLIN, 0};
  int ready;
  do {
    ready = ::poll(&readable, 1, kMostMilliseconds);
  } while (ready < 0 && errno == EINTR);
  if (ready == 0) return ChildFailure{Step::kExec, ETIMEDOUT};
  ChildFailure failure;
  ssize_t length;
  do {
    length = ::read(pipe, &failure, sizeof failure);
  } while (length < 0 && errno == EINTR);
  if (length == static_cast<ssize_t>(sizeof failure)) return failure;
  return std::nullopt;
}

// This process's environment with `changes` over it, as NAME=VALUE.
std::vector<std::string> environment_with(const std::map<std::string, std::string>& changes) {
  std::vector<std::string> variables;
  for (char* const* at = environ; *at != nullptr; ++at) {
    const std::string_view variable = *at;
    const std::string name(variable.substr(0, variable.find('=')));
    if (changes.count(name) == 0) variables.emplace_back(variable);
  }
  for (const auto& [name, value] : changes) variables.push_back(name + "=" + value);
  return variables;
}

// As execve() takes them; the texts must outlive it.
std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

void kill_and_reap(pid_t pid) {
  ::kill(pid, SIGKILL);
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace

std::string program_problem(const std::string& program,
                            const std::filesystem::path& working_folder) {
  std::string path;
  try {
    path = find_program(program, working_folder);
  } catch (const SpawnError&) {
    return fmt::format("{} is in no folder of PATH", in_quotes(program));
  }
  if (is_program(path)) return "";
  const auto whole = std::filesystem::absolute(path).lexically_normal();
  const std::string shown = "\"" + one_line(whole.string()) + "\"";
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return "there is no " + shown;
  return std::filesystem::is_regular_file(path, error) ? shown + " is not executable"
                                                       : shown + " is no program";
}

Spawned spawn(const SpawnPlan& plan) {
  if (plan.command.empty()) throw SpawnError("the command is empty");
  const std::string program = find_program(plan.command.front(), plan.working_folder);
  const std::vector<char*> arguments = pointers_to(plan.command);
  const std::vector<std::string> variables = environment_with(plan.environment);
  const std::vector<char*> environment = pointers_to(variables);
  const cpu_set_t cores = cpu_set_of(plan.cores);
  const UniqueFd input = open_file("/dev/null", O_RDONLY, "the device");
  const UniqueFd output =
      open_file(plan.log_file, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, "the log file");
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    throw SpawnError(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
  }
  const UniqueFd failure_end = above_standard_streams(UniqueFd(ends[0]));
  UniqueFd child_end = above_standard_streams(UniqueFd(ends[1]));
  if (!failure_end || !child_end) throw SpawnError("too many open files");
  const ChildPlan child{
      .program = program.c_str(),
      .arguments = arguments.data(),
      .environment = environment.data(),
      .cores = plan.cores.empty() ? nullptr : &cores,
      .working_folder = plan.working_folder.empty() ? nullptr : plan.working_folder.c_str(),
      .input = input.get(),
      .output = output.get(),
      .failure_pipe = child_end.get(),
      .parent = ::getpid()};

  // With all signals blocked, no handler of this process can run in the child.
  sigset_t everything;
  sigset_t before;
  sigfillset(&everything);
  pthread_sigmask(SIG_SETMASK, &everything, &before);
  const pid_t pid = ::fork();
  if (pid == 0) run_child(child);
  const int fork_error = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (pid < 0) {
    throw SpawnError(fmt::format("cannot start a process: {}", std::strerror(fork_error)));
  }

  child_end.reset();
  Spawned spawned{pid, open_pidfd(pid)};
  const int pidfd_error = errno;
  const auto failure = wait_for_exec(failure_end.get());
  if (failure || !spawned.pidfd) {
    kill_and_reap(pid);
    if (failure) throw SpawnError(reason_of(*failure, plan, program));
    throw SpawnError(fmt::format("cannot watch the process: {}", std::strerror(pidfd_error)));
  }
  return spawned;
}

}  // namespace leakbench
