// Writes what the decoders of pprof profiles read: protocol buffers, and gzip around them.
#ifndef LEAKBENCH_HARNESS_PROBE_TEST_WIRE_WRITER_H_
#define LEAKBENCH_HARNESS_PROBE_TEST_WIRE_WRITER_H_

#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace leakbench {

class WireWriter {
 public:
  WireWriter& number(std::uint32_t field, std::uint64_t value) {
    varint(field << 3);
    varint(value);
    return *this;
  }
  WireWriter& text(std::uint32_t field, std::string_view content) {
    varint(field << 3 | 2);
    varint(content.size());
    bytes_ += content;
    return *this;
  }
  WireWriter& message(std::uint32_t field, const WireWriter& content) {
    return text(field, content.bytes());
  }
  WireWriter& packed(std::uint32_t field, const std::vector<std::uint64_t>& values) {
    WireWriter content;
    for (const std::uint64_t value : values) content.varint(value);
    return message(field, content);
  }
  WireWriter& varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
    return *this;
  }

  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

inline std::string gzipped(std::string_view content) {
  z_stream stream{};
  constexpr int kGzip = 16;
  EXPECT_EQ(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + kGzip, 8,
                         Z_DEFAULT_STRATEGY),
            Z_OK);
  std::string packed(deflateBound(&stream, content.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

}  // namespace leakbench

#endif  // LEAKBENCH_HARNESS_PROBE_TEST_WIRE_WRITER_H_
