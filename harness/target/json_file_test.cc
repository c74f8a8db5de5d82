#include "harness/target/json_file.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "harness/base/error.h"

namespace leakbench {
namespace {

class JsonFile : public testing::Test {
 protected:
  JsonFile() {
    std::string name = std::filesystem::temp_directory_path() / "leakbench-json-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed: " + name);
    folder_ = name;
  }
  ~JsonFile() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path write(const std::string& text) const {
    std::ofstream(folder_ / "a.json", std::ios::binary) << text;
    return folder_ / "a.json";
  }

  static std::string refusal(const std::filesystem::path& file) {
    try {
      (void)read_json_file(file, 100);
      return "accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.exit_code(), ExitCode::kUsage);
      return error.what();
    }
  }

  std::filesystem::path folder_;
};

TEST_F(JsonFile, IsReadWhole) {
  EXPECT_EQ(read_json_file(write(R"({"a": [1, 2]})"), 100).at("a").size(), 2U);
}

TEST_F(JsonFile, OfTextIsReadAsItIs) {
  EXPECT_EQ(read_text_file(write(" \n"), 2), " \n");
  EXPECT_EQ(read_text_file(write(""), 2), "");
  EXPECT_THROW((void)read_text_file(write("abc"), 2), Error);
}

TEST_F(JsonFile, IsRefusedWhenItIsMissingEmptyCutOffOrTooLarge) {
  EXPECT_NE(refusal(folder_ / "none.json").find("No such file"), std::string::npos);
  EXPECT_NE(refusal(folder_).find("it is a folder"), std::string::npos);
  EXPECT_NE(refusal(write(" \n")).find("it is empty"), std::string::npos);
  EXPECT_NE(refusal(write(R"({"a": [1, )")).find("not JSON"), std::string::npos);
  EXPECT_NE(refusal(write(std::string(101, ' ') + "{}")).find("larger than 100 bytes"),
            std::string::npos);
}

ExitCode code_of(const char* text) {
  const auto document = nlohmann::json::parse(text);
  try {
    check_schema(JsonView(document, "a.json"), "run", "a.json");
    return ExitCode::kOk;
  } catch (const Error& error) {
    EXPECT_TRUE(std::string(error.what()).starts_with("a.json")) << error.what();
    return error.exit_code();
  }
}

TEST(CheckSchema, TakesAnyMinorVersionOfTheKind) {
  EXPECT_EQ(code_of(R"({"schema": "leakbench/run", "schema_version": "1.0.0"})"), ExitCode::kOk);
  EXPECT_EQ(code_of(R"({"schema": "leakbench/run", "schema_version": "1.99.0"})"), ExitCode::kOk);
}

TEST(CheckSchema, RefusesANewerMajorVersionAndOtherKinds) {
  EXPECT_EQ(code_of(R"({"schema": "leakbench/run", "schema_version": "2.0.0"})"),
            ExitCode::kNotComparable);
  for (const char* text : {R"({"schema": "leakbench/summary", "schema_version": "1.0.0"})",
                           R"({"schema": "leakbench/run", "schema_version": "one"})",
                           R"({"schema": "leakbench/run", "schema_version": "0.1"})",
                           R"({"schema": "leakbench/run", "schema_version": 1})",
                           R"({"schema_version": "1.0.0"})", "[]"}) {
    EXPECT_EQ(code_of(text), ExitCode::kUsage) << text;
  }
}

}  // namespace
}  // namespace leakbench
