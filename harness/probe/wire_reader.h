// The wire format of protocol buffers, read field by field without a schema.
// https://protobuf.dev/programming-guides/encoding/
#ifndef LEAKBENCH_HARNESS_PROBE_WIRE_READER_H_
#define LEAKBENCH_HARNESS_PROBE_WIRE_READER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leakbench {

// What is wrong with a document. Of several faults the first one stays.
class WireFault {
 public:
  explicit operator bool() const { return !message_.empty(); }
  const std::string& message() const { return message_; }  // "byte 17: what is wrong"

  void report(std::size_t at, const std::string& what);

 private:
  std::string message_;
};

enum class WireType { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

struct WireField {
  std::uint32_t number = 0;
  WireType type = WireType::kVarint;
  std::uint64_t value = 0;  // of a varint
  std::string_view bytes;   // of kBytes: a string, a message, or packed numbers
  std::size_t at = 0;       // where its content begins in the document
};

// Reads one message. Messages in it get readers of their own, and all share a fault: once there is
// one, no reader gives another field, so that every loop over fields ends. The bytes must outlive
// the reader; nothing is copied. Throws nothing but std::bad_alloc.
class WireReader {
 public:
  WireReader(std::string_view document, WireFault& fault) : bytes_(document), fault_(fault) {}
  // The message in `field`, which is a fault if it is of another type.
  WireReader(const WireField& field, WireFault& fault);

  // nullopt at the end of the message, and from the first fault on.
  std::optional<WireField> next();

 private:
  std::optional<WireField> read_field();
  std::optional<std::uint64_t> varint();
  std::nullopt_t fail(std::size_t at, const char* what);

  std::string_view bytes_;
  WireFault& fault_;
  std::size_t start_ = 0;  // of bytes_ in the document
  std::size_t at_ = 0;     // in bytes_
};

// The content of a field of a known kind; a field of another one is a fault, and 0 or "".
std::uint64_t wire_number(const WireField& field, WireFault& fault);
std::string_view wire_text(const WireField& field, WireFault& fault);

// Appends what a field of a repeated number holds: one value, or any number of packed ones. More
// than `most` in `numbers` is a fault.
void append_wire_numbers(const WireField& field, std::size_t most, WireFault& fault,
                         std::vector<std::uint64_t>& numbers);

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_WIRE_READER_H_
