#include "harness/probe/wire_reader.h"

#include <fmt/format.h>

namespace leakbench {
namespace {

constexpr std::size_t kLongestVarint = 10;
constexpr std::uint64_t kMostFieldNumber = (1u << 29) - 1;

struct Varint {
  std::uint64_t value = 0;
  std::size_t length = 0;       // 0 when there is a fault
  const char* fault = nullptr;  // what is wrong
};

Varint read_varint(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size() && i < kLongestVarint; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    // The tenth byte has room for one bit of the 64.
    if (i == kLongestVarint - 1 && byte > 1) break;
    value |= static_cast<std::uint64_t>(byte & 0x7f) << (7 * i);
    if (byte < 0x80) return {value, i + 1, nullptr};
  }
  return {0, 0,
          bytes.size() < kLongestVarint ? "a number is cut" : "a number has more than 64 bits"};
}

}  // namespace

void WireFault::report(std::size_t at, const std::string& what) {
  if (message_.empty()) message_ = fmt::format("byte {}: {}", at, what);
}

WireReader::WireReader(const WireField& field, WireFault& fault)
    : bytes_(wire_text(field, fault)), fault_(fault), start_(field.at) {}

std::nullopt_t WireReader::fail(std::size_t at, const char* what) {
  fault_.report(start_ + at, what);
  return std::nullopt;
}

std::optional<std::uint64_t> WireReader::varint() {
  const Varint varint = read_varint(bytes_.substr(at_));
  if (varint.fault) return fail(at_, varint.fault);
  at_ += varint.length;
  return varint.value;
}

std::optional<WireField> WireReader::next() {
  if (fault_ || at_ == bytes_.size()) return std::nullopt;
  return read_field();
}

std::optional<WireField> WireReader::read_field() {
  const std::size_t begin = at_;
  const auto tag = varint();
  if (!tag) return std::nullopt;
  const std::uint64_t number = *tag >> 3;
  if (number == 0 || number > kMostFieldNumber) return fail(begin, "not the start of a field");
  WireField field;
  field.number = static_cast<std::uint32_t>(number);
  std::uint64_t length = 0;
  switch (*tag & 7) {
    case 0:
      field.type = WireType::kVarint;
      break;
    case 1:
      field.type = WireType::kFixed64;
      length = 8;
      break;
    case 2: {
      field.type = WireType::kBytes;
      const auto size = varint();
      if (!size) return std::nullopt;
      length = *size;
      break;
    }
    case 5:
      field.type = WireType::kFixed32;
      length = 4;
      break;
    default:
      return fail(begin, "a group or an unknown kind of field");
  }
  field.at = start_ + at_;
  if (field.type == WireType::kVarint) {
    const auto value = varint();
    if (!value) return std::nullopt;
    field.value = *value;
    return field;
  }
  if (length > bytes_.size() - at_) return fail(begin, "a field is longer than what is left");
  field.bytes = bytes_.substr(at_, length);
  at_ += length;
  return field;
}

std::uint64_t wire_number(const WireField& field, WireFault& fault) {
  if (field.type == WireType::kVarint) return field.value;
  fault.report(field.at, fmt::format("field {} should be a number", field.number));
  return 0;
}

std::string_view wire_text(const WireField& field, WireFault& fault) {
  if (field.type == WireType::kBytes) return field.bytes;
  fault.report(field.at, fmt::format("field {} should be a text or a message", field.number));
  return {};
}

void append_wire_numbers(const WireField& field, std::size_t most, WireFault& fault,
                         std::vector<std::uint64_t>& numbers) {
  const auto append = [&](std::size_t at, std::uint64_t number) {
    if (numbers.size() < most) {
      numbers.push_back(number);
    } else {
      fault.report(at, fmt::format("more than {} numbers in fields {}", most, field.number));
    }
  };
  if (field.type == WireType::kVarint) return append(field.at, field.value);
  const std::string_view packed = wire_text(field, fault);
  for (std::size_t at = 0; at < packed.size() && !fault;) {
    const Varint varint = read_varint(packed.substr(at));
    if (varint.fault) return fault.report(field.at + at, varint.fault);
    append(field.at + at, varint.value);
    at += varint.length;
  }
}

}  // namespace leakbench
