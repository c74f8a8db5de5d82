#include "harness/probe/wire_reader.h"

#include <gtest/gtest.h>

#include "harness/probe/test_wire_writer.h"

namespace leakbench {
namespace {

std::string fault_of(std::string_view document) {
  WireFault fault;
  WireReader reader(document, fault);
  while (reader.next()) continue;
  EXPECT_FALSE(reader.next()) << "no field follows a fault";
  return fault.message();
}

TEST(WireReader, ReadsEveryKindOfField) {
  const std::string document = WireWriter().number(1, 300).text(2, "abc").bytes() + std::string(
                                                                                        "\x19"
                                                                                        "12345678"
                                                                                        "\x25"
                                                                                        "1234");
  WireFault fault;
  WireReader reader(document, fault);
  auto field = reader.next();
  ASSERT_TRUE(field);
  EXPECT_EQ(field->number, 1u);
  EXPECT_EQ(wire_number(*field, fault), 300u);
  field = reader.next();
  ASSERT_TRUE(field);
  EXPECT_EQ(field->number, 2u);
  EXPECT_EQ(field->at, 5u);
  EXPECT_EQ(wire_text(*field, fault), "abc");
  field = reader.next();
  ASSERT_TRUE(field);
  EXPECT_EQ(field->type, WireType::kFixed64);
  EXPECT_EQ(field->bytes, "12345678");
  field = reader.next();
  ASSERT_TRUE(field);
  EXPECT_EQ(field->type, WireType::kFixed32);
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(fault) << fault.message();
}

TEST(WireReader, ReadsNumbersOfAllSizes) {
  for (const std::uint64_t number : {0ull, 1ull, 127ull, 128ull, 1ull << 35, 1ull << 63, ~0ull}) {
    WireFault fault;
    const std::string document = WireWriter().number(7, number).bytes();
    const auto field = WireReader(document, fault).next();
    ASSERT_TRUE(field) << fault.message();
    EXPECT_EQ(field->value, number);
  }
}

TEST(WireReader, CountsBytesFromTheStartOfTheDocumentInNestedMessagesToo) {
  const std::string document = WireWriter().text(1, "1234").text(2, "\x0d").bytes();
  WireFault fault;
  WireReader reader(document, fault);
  reader.next();
  const auto nested = reader.next();
  ASSERT_TRUE(nested);
  WireReader inner(*nested, fault);
  EXPECT_FALSE(inner.next());
  EXPECT_EQ(fault.message(), "byte 8: a field is longer than what is left");
  EXPECT_FALSE(reader.next()) << "one fault ends all readers";
}

TEST(WireReader, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(fault_of("\x08"), "byte 1: a number is cut");
  EXPECT_EQ(fault_of("\x08\x80"), "byte 1: a number is cut");
  EXPECT_EQ(fault_of("\x08" + std::string(10, '\xff') + "\x01"),
            "byte 1: a number has more than 64 bits");
  EXPECT_EQ(fault_of("\x08" + std::string(9, '\xff') + "\x02"),
            "byte 1: a number has more than 64 bits");
  EXPECT_EQ(fault_of("\x12\x05"
                     "abcd"),
            "byte 0: a field is longer than what is left");
  EXPECT_EQ(fault_of("\x12" + std::string(9, '\xff') + "\x01"),
            "byte 0: a field is longer than what is left");
  EXPECT_EQ(fault_of("\x09"
                     "1234567"),
            "byte 0: a field is longer than what is left");
  EXPECT_EQ(fault_of(std::string("\x00\x00", 2)), "byte 0: not the start of a field");
  EXPECT_EQ(fault_of("\x08\x01\x0b"), "byte 2: a group or an unknown kind of field");
  EXPECT_EQ(fault_of("\x0f"), "byte 0: a group or an unknown kind of field");
  EXPECT_EQ(fault_of(WireWriter().varint(std::uint64_t{1} << 40).bytes()),
            "byte 0: not the start of a field");
}

TEST(WireReader, AFieldOfAnotherKindIsAFault) {
  const std::string document = WireWriter().number(1, 5).text(2, "abc").bytes();
  WireFault fault;
  WireReader reader(document, fault);
  const auto number = reader.next();
  const auto text = reader.next();
  ASSERT_TRUE(number && text);
  WireFault first, second;
  EXPECT_EQ(wire_text(*number, first), "");
  EXPECT_EQ(first.message(), "byte 1: field 1 should be a text or a message");
  EXPECT_EQ(wire_number(*text, second), 0u);
  EXPECT_EQ(second.message(), "byte 4: field 2 should be a number");
}

TEST(WireReader, ARepeatedNumberIsPackedOrNot) {
  const std::string document =
      WireWriter().number(1, 5).packed(1, {6, 700, 8}).packed(1, {}).bytes();
  WireFault fault;
  WireReader reader(document, fault);
  std::vector<std::uint64_t> numbers;
  while (const auto field = reader.next()) append_wire_numbers(*field, 4, fault, numbers);
  EXPECT_FALSE(fault) << fault.message();
  EXPECT_EQ(numbers, (std::vector<std::uint64_t>{5, 6, 700, 8}));
}

TEST(WireReader, ARepeatedNumberHasALimit) {
  const std::string document = WireWriter().packed(1, {1, 2, 3}).bytes();
  WireFault fault;
  std::vector<std::uint64_t> numbers;
  append_wire_numbers(*WireReader(document, fault).next(), 2, fault, numbers);
  EXPECT_EQ(fault.message(), "byte 4: more than 2 numbers in fields 1");
  EXPECT_EQ(numbers.size(), 2u);
}

TEST(WireReader, APackedNumberThatIsCutIsAFault) {
  const std::string document = WireWriter().text(1, "\x05\x80").bytes();
  WireFault fault;
  std::vector<std::uint64_t> numbers;
  append_wire_numbers(*WireReader(document, fault).next(), 9, fault, numbers);
  EXPECT_EQ(fault.message(), "byte 3: a number is cut");
}

}  // namespace
}  // namespace leakbench
