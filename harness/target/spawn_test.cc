#include "harness/target/spawn.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "harness/target/cores.h"
#include "harness/target/test_support.h"

namespace leakbench {
namespace {

// Runs `/bin/sh -c script` to its end and gives what it wrote.
std::string output_of(const std::string& script, const std::vector<int>& cores = {}) {
  const TemporaryFolder folder;
  const Spawned spawned = spawn({{"/bin/sh", "-c", script}, folder / "log", cores});
  int status = -1;
  EXPECT_EQ(::waitpid(spawned.pid, &status, 0), spawned.pid);
  EXPECT_EQ(status, 0);
  return file_content(folder / "log");
}

std::string spawn_error(const std::vector<std::string>& command,
                        const std::vector<int>& cores = {}) {
  const TemporaryFolder folder;
  try {
    const Spawned spawned = spawn({command, folder / "log", cores});
    ::kill(spawned.pid, SIGKILL);
    ::waitpid(spawned.pid, nullptr, 0);
  } catch (const SpawnError& error) {
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a process was left behind";
    return error.what();
  }
  return "no error";
}

TEST(Spawn, SendsBothOutputsToTheLogAndGivesNoInput) {
  EXPECT_EQ(output_of("echo out; echo err >&2; cat; echo \"$0\""), "out\nerr\n/bin/sh\n");
}

TEST(Spawn, SetsVariablesOverThisProcessesOwn) {
  ::setenv("LEAKBENCH_TEST_KEPT", "kept", 1);
  ::setenv("LEAKBENCH_TEST_CHANGED", "old", 1);
  const TemporaryFolder folder;
  const Spawned spawned = spawn(
      {{"/bin/sh", "-c", "echo $LEAKBENCH_TEST_KEPT $LEAKBENCH_TEST_CHANGED $LEAKBENCH_TEST_NEW"},
       folder / "log",
       {},
       {{"LEAKBENCH_TEST_CHANGED", "a = b"}, {"LEAKBENCH_TEST_NEW", "new"}}});
  ::waitpid(spawned.pid, nullptr, 0);
  ::unsetenv("LEAKBENCH_TEST_KEPT");
  ::unsetenv("LEAKBENCH_TEST_CHANGED");
  EXPECT_EQ(file_content(folder / "log"), "kept a = b new\n");
}

TEST(Spawn, EmptiesAnOldLog) {
  const TemporaryFolder folder;
  std::ofstream(folder / "log") << "old\n";
  const Spawned spawned = spawn({{"true"}, folder / "log", {}});
  ::waitpid(spawned.pid, nullptr, 0);
  EXPECT_EQ(file_content(folder / "log"), "");
}

TEST(Spawn, MakesTheProgramLeadAGroupOfItsOwn) {
  const TemporaryFolder folder;
  const Spawned spawned = spawn({{"sleep", "60"}, folder / "log", {}});
  EXPECT_EQ(::getpgid(spawned.pid), spawned.pid);
  ::kill(spawned.pid, SIGKILL);
  ::waitpid(spawned.pid, nullptr, 0);
}

TEST(Spawn, HandsOnNoSignalSettings) {
  struct sigaction ignore = {};
  struct sigaction before = {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, &before);
  sigset_t blocked;
  sigset_t old;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &blocked, &old);
  const std::string signals = output_of("grep -E 'Sig(Blk|Ign)' /proc/self/status");
  sigset_t now;
  pthread_sigmask(SIG_SETMASK, &old, &now);
  ::sigaction(SIGPIPE, &before, nullptr);
  EXPECT_EQ(signals, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
  EXPECT_EQ(sigismember(&now, SIGTERM), 1) << "the caller's own mask was not restored";
}

TEST(Spawn, HandsOnNoOtherDescriptor) {
  ASSERT_EQ(::dup2(STDERR_FILENO, 77), 77);  // not close-on-exec
  const std::string descriptors = output_of("ls /proc/$$/fd");
  ::close(77);
  EXPECT_EQ(descriptors, "0\n1\n2\n");
}

TEST(Spawn, WorksWhereTheCallerHasNoStandardInput) {
  const int saved = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10);
  ::close(STDIN_FILENO);
  const std::string output = output_of("echo fine");
  if (saved >= 0) {
    ::dup2(saved, STDIN_FILENO);
    ::close(saved);
  }
  EXPECT_EQ(output, "fine\n");
}

TEST(Spawn, PinsTheProgramToItsCores) {
  const int core = allowed_cores().back();
  EXPECT_EQ(output_of("grep Cpus_allowed_list /proc/self/status", {core}),
            "Cpus_allowed_list:\t" + std::to_string(core) + "\n");
}

TEST(Spawn, SaysWhyAProgramCannotBeExecuted) {
  EXPECT_EQ(spawn_error({}), "the command is empty");
  EXPECT_EQ(spawn_error({"no-such-leakbench-program"}),
            "command not found: \"no-such-leakbench-program\" is in no folder of PATH");
  EXPECT_EQ(spawn_error({"/no/such/program"}), "command not found: \"/no/such/program\"");
  EXPECT_EQ(spawn_error({"/etc"}), "cannot execute \"/etc\": Permission denied");
  const TemporaryFolder folder;
  std::ofstream(folder / "script") << "#!/no/such/interpreter\n";
  std::filesystem::permissions(folder / "script", std::filesystem::perms::owner_all);
  EXPECT_NE(spawn_error({(folder / "script").string()}).find("does not exist"), std::string::npos);
  EXPECT_EQ(spawn_error({"true"}, {900}), "cannot pin to core 900: Invalid argument");
  EXPECT_EQ(spawn_error({"true"}, {-1}), "cannot pin to core -1: there is no such core");
}

TEST(Spawn, TellsBeforehandWhatSpeaksAgainstAProgram) {
  EXPECT_EQ(program_problem("sh", {}), "");
  EXPECT_EQ(program_problem("/bin/sh", "/no/such/folder"), "");
  EXPECT_EQ(program_problem("no-such-leakbench-program", {}),
            "\"no-such-leakbench-program\" is in no folder of PATH");
  EXPECT_EQ(program_problem("/no/such/../program", {}), "there is no \"/no/program\"");
  const TemporaryFolder folder;
  const auto shown = [&](const char* name) { return "\"" + (folder / name).string() + "\""; };
  EXPECT_EQ(program_problem("./server", folder / ""), "there is no " + shown("server"));
  std::ofstream(folder / "server") << "#!/bin/sh\n";
  EXPECT_EQ(program_problem("./server", folder / ""), shown("server") + " is not executable");
  std::filesystem::permissions(folder / "server", std::filesystem::perms::owner_all);
  EXPECT_EQ(program_problem("./server", folder / ""), "");
  std::filesystem::create_directory(folder / "folder");
  EXPECT_EQ(program_problem("./folder", folder / ""), shown("folder") + " is no program");
}

TEST(Spawn, GivesTheProgramItsEnvironmentOverTheCallers) {
  ASSERT_EQ(::setenv("LEAKBENCH_TEST_KEPT", "kept", 1), 0);
  ASSERT_EQ(::setenv("LEAKBENCH_TEST_CHANGED", "before", 1), 0);
  const TemporaryFolder folder;
  const std::string script =
      "echo $LEAKBENCH_TEST_KEPT $LEAKBENCH_TEST_CHANGED $NEW; env | "
      "grep -c LEAKBENCH_TEST_CHANGED";
  const Spawned spawned =
      spawn({.command = {"/bin/sh", "-c", script},
             .log_file = folder / "log",
             .environment = {{"LEAKBENCH_TEST_CHANGED", "after"}, {"NEW", "n"}}});
  ::waitpid(spawned.pid, nullptr, 0);
  EXPECT_EQ(file_content(folder / "log"), "kept after n\n1\n");
  EXPECT_STREQ(::getenv("LEAKBENCH_TEST_CHANGED"), "before");
  ::unsetenv("LEAKBENCH_TEST_KEPT");
  ::unsetenv("LEAKBENCH_TEST_CHANGED");
}

TEST(Spawn, RunsTheProgramInItsWorkingFolderAndFindsItFromThere) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "work");
  std::ofstream(folder / "work" / "script") << "#!/bin/sh\necho $0; ls\n";
  std::filesystem::permissions(folder / "work" / "script", std::filesystem::perms::owner_all);
  const Spawned spawned = spawn(
      {.command = {"./script"}, .log_file = folder / "log", .working_folder = folder / "work"});
  ::waitpid(spawned.pid, nullptr, 0);
  const std::string output = file_content(folder / "log");
  EXPECT_TRUE(output.ends_with("script\nscript\n")) << output;
}

TEST(Spawn, SaysThatTheWorkingFolderIsNone) {
  const TemporaryFolder folder;
  try {
    spawn({.command = {"true"}, .log_file = folder / "log", .working_folder = "/no/such/folder"});
    FAIL() << "no error";
  } catch (const SpawnError& error) {
    EXPECT_STREQ(error.what(),
                 "cannot work in the folder /no/such/folder: No such file or directory");
  }
}

TEST(Spawn, SaysWhyALogCannotBeWritten) {
  try {
    spawn({{"true"}, "/no/such/folder/log", {}});
    FAIL() << "no error";
  } catch (const SpawnError& error) {
    EXPECT_STREQ(error.what(),
                 "cannot open the log file /no/such/folder/log: No such file or directory");
  }
}

TEST(Spawn, TheKernelKillsTheProgramWhenItsThreadEnds) {
  const TemporaryFolder folder;
  pid_t pid = -1;
  std::thread([&] { pid = spawn({{"sleep", "60"}, folder / "log", {}}).pid; }).join();
  int status = 0;
  ASSERT_EQ(::waitpid(pid, &status, 0), pid);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
}

}  // namespace
}  // namespace leakbench
