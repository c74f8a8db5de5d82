#include "harness/verdict/allowlist_file.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"

namespace leakbench {
namespace {

using namespace std::chrono_literals;

std::string file_with(const std::string& entries) {
  return R"({"schema": "leakbench/allowlist", "schema_version": "1.0.0", "entries": [)" + entries +
         "]}";
}

std::string refusal(const std::string& text) {
  try {
    (void)parse_allowlist(text, "allow.json");
    return "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::kUsage);
    return error.what();
  }
}

TEST(AllowlistFile, HasAllFieldsOfAnEntry) {
  const Allowlist allowlist = parse_allowlist(
      file_with(R"({"started_at": "main.a", "waits_at": "q.go:1", "frame": "main.*",)"
                R"("reason": "a pool", "most": 64, "expires": "2027-01-31"}, )"
                R"({"frame": "main.b", "reason": "known"})"),
      "allow.json");
  ASSERT_EQ(allowlist.entries.size(), 2U);
  const AllowEntry& entry = allowlist.entries[0];
  EXPECT_EQ(entry.started_at, "main.a");
  EXPECT_EQ(entry.waits_at, "q.go:1");
  EXPECT_EQ(entry.frame, "main.*");
  EXPECT_EQ(entry.reason, "a pool");
  EXPECT_EQ(entry.most, 64);
  EXPECT_EQ(entry.expires, std::chrono::sys_days(2027y / 1 / 31));
  EXPECT_EQ(allowlist.entries[1].started_at, std::nullopt);
  EXPECT_EQ(allowlist.entries[1].most, std::nullopt);
  EXPECT_EQ(allowlist.origin, "allow.json");
}

TEST(AllowlistFile, IsReadBackAsItWasWritten) {
  Allowlist allowlist;
  AllowEntry entry;
  entry.started_at = "void f(char*)::<lambda(int)>";
  entry.reason = "known since 2026-11-27";
  allowlist.entries.push_back(entry);
  entry.waits_at = "main.push";
  entry.frame = "x.go";
  entry.most = 0;
  entry.expires = 2027y / 2 / 28;
  allowlist.entries.push_back(entry);
  const std::string text = to_json(allowlist);
  EXPECT_EQ(to_json(parse_allowlist(text, "again")), text);
}

TEST(AllowlistFile, SaysWhereItIsWrong) {
  EXPECT_EQ(refusal(file_with(R"({"started_at": "main.a"})")),
            "allow.json: /entries/0/reason: is missing");
  EXPECT_EQ(refusal(file_with(R"({"reason": "x"})")),
            "allow.json: /entries/0: needs started_at, waits_at or frame");
  EXPECT_EQ(refusal(file_with(R"({"frame": "**.*", "reason": "x"})")),
            "allow.json: /entries/0/frame: must have 3 characters besides \"*\" at least, is "
            "\"**.*\"");
  EXPECT_NE(refusal(file_with(R"({"start_at": "main.a", "reason": "x"})")).find("did you mean"),
            std::string::npos);
  EXPECT_NE(refusal(file_with(R"({"frame": "main.a", "reason": ""})")).find("must not be empty"),
            std::string::npos);
  EXPECT_NE(refusal(file_with(R"({"frame": "main.a", "reason": "x", "most": -1})")).find("/most"),
            std::string::npos);
  for (const char* day : {"2027-02-30", "2027-2-3", "27-02-03", "2027/02/03", "soon", "2027-02-0x",
                          "-027-02-03", "2027-13-01"}) {
    EXPECT_EQ(refusal(file_with(std::string(R"({"frame": "main.a", "reason": "x", "expires": ")") +
                                day + R"("})")),
              std::string("allow.json: /entries/0/expires: must be a day such as \"2027-01-31\", "
                          "is \"") +
                  day + "\"");
  }
}

TEST(AllowlistFile, RefusesOtherFiles) {
  EXPECT_NE(refusal("{}"), "accepted");
  EXPECT_NE(refusal(R"({"schema": "leakbench/run", "schema_version": "1.0.0", "entries": []})"),
            "accepted");
  EXPECT_NE(refusal(R"({"schema": "leakbench/allowlist", "schema_version": "1.0.0"})"), "accepted");
  EXPECT_NE(refusal(""), "accepted");
  try {
    (void)parse_allowlist(
        R"({"schema": "leakbench/allowlist", "schema_version": "2.0.0", "entries": []})", "a");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::kNotComparable);
  }
}

}  // namespace
}  // namespace leakbench
