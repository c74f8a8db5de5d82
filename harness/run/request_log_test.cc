#include "harness/run/request_log.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "harness/base/error.h"
#include "harness/report/test_files.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;
using test_files::read_file;
using test_files::TemporaryFolder;

constexpr const char* kHeader =
    "number,connection,outcome,errno,due_ns,sent_ns,first_byte_ns,ended_ns\n";
constexpr TimePoint kReleased{1h};

// Enough for many batches.
constexpr std::uint64_t kMany = 100'000;

RequestRecord record_of(std::uint64_t number) {
  return {.number = number,
          .connection = 7,
          .outcome = Outcome::kOk,
          .due = kReleased,
          .sent = kReleased + 10ns,
          .first_byte = kReleased + 15ns,
          .ended = kReleased + 2s};
}

TEST(RequestLog, HasALineForEachRequestWithEmptyFieldsForWhatThereWasNot) {
  const TemporaryFolder folder;
  RequestLog log(folder.path() / "log.csv");
  log.on_release(kReleased);
  log.on_request(record_of(0));
  RequestRecord broken = record_of(1);
  broken.outcome = Outcome::kReset;
  broken.error = ECONNRESET;
  broken.first_byte.reset();
  log.on_request(broken);
  RequestRecord refused = record_of(2);
  refused.outcome = Outcome::kRefused;
  refused.error = ECONNREFUSED;
  refused.sent.reset();
  refused.first_byte.reset();
  log.on_request(refused);
  log.close();
  log.close();
  EXPECT_EQ(read_file(folder.path() / "log.csv"), std::string(kHeader) +
                                                      "0,7,ok,,0,10,15,2000000000\n"
                                                      "1,7,reset,104,0,10,,2000000000\n"
                                                      "2,7,refused,111,0,,,2000000000\n");
}

TEST(RequestLog, OfNoRequestIsAHeader) {
  const TemporaryFolder folder;
  RequestLog log(folder.path() / "log.csv");
  log.close();
  EXPECT_EQ(read_file(folder.path() / "log.csv"), kHeader);
}

TEST(RequestLog, KeepsEveryLineOfSeveralThreads) {
  constexpr std::uint64_t kThreads = 4;
  const TemporaryFolder folder;
  RequestLog log(folder.path() / "log.csv");
  log.on_release(kReleased);
  std::vector<std::jthread> threads;
  for (std::uint64_t thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&log, thread] {
      for (std::uint64_t i = thread; i < kMany; i += kThreads) log.on_request(record_of(i));
    });
  }
  threads.clear();
  log.close();

  std::istringstream lines(read_file(folder.path() / "log.csv"));
  std::string line;
  std::getline(lines, line);
  std::set<std::uint64_t> numbers;
  while (std::getline(lines, line)) {
    EXPECT_TRUE(line.ends_with(",7,ok,,0,10,15,2000000000")) << line;
    numbers.insert(std::stoull(line));
  }
  EXPECT_EQ(numbers.size(), kMany);
  EXPECT_EQ(*numbers.rbegin(), kMany - 1);
}

TEST(RequestLog, IsWrittenToTheEndAlsoWhenNobodyClosesIt) {
  const TemporaryFolder folder;
  {
    RequestLog log(folder.path() / "log.csv");
    log.on_release(kReleased);
    log.on_request(record_of(5));
  }
  EXPECT_EQ(read_file(folder.path() / "log.csv"),
            std::string(kHeader) + "5,7,ok,,0,10,15,2000000000\n");
}

// Nor does it hold up the load for ever.
TEST(RequestLog, TellsWhenItIsClosedThatTheDiskWasFull) {
  RequestLog log("/dev/full");
  log.on_release(kReleased);
  for (std::uint64_t i = 0; i < kMany; ++i) log.on_request(record_of(i));
  try {
    log.close();
    ADD_FAILURE() << "lost lines without a word";
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::kEnvironmentUnfit);
  }
}

TEST(RequestLog, RefusesAPlaceThatCannotBeWritten) {
  const TemporaryFolder folder;
  EXPECT_THROW(RequestLog(folder.path() / "missing" / "log.csv"), Error);
}

}  // namespace
}  // namespace leakbench
