#include "harness/probe/gunzip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <new>

#include "harness/target/wording.h"

namespace leakbench {
namespace {

constexpr std::string_view kMagic = "\x1f\x8b";

class Inflater {
 public:
  explicit Inflater(std::string_view bytes) {
    // zlib promises not to write through next_in.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    constexpr int kGzipOnly = 16;
    status_ = inflateInit2(&stream_, MAX_WBITS + kGzipOnly);
    if (status_ == Z_MEM_ERROR) throw std::bad_alloc();
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }

  // The next piece; empty at the end and after an error.
  std::string_view next() {
    if (status_ != Z_OK) return {};
    stream_.next_out = reinterpret_cast<Bytef*>(piece_.data());
    stream_.avail_out = static_cast<uInt>(piece_.size());
    status_ = inflate(&stream_, Z_NO_FLUSH);
    if (status_ == Z_MEM_ERROR) throw std::bad_alloc();
    return {piece_.data(), piece_.size() - stream_.avail_out};
  }

  bool ended() const { return status_ == Z_STREAM_END; }
  // inflate() makes no progress without input, and says so; that is no damage, but a cut.
  bool cut() const { return status_ == Z_BUF_ERROR || (status_ == Z_OK && stream_.avail_in == 0); }
  std::size_t read() const { return stream_.total_in; }
  std::size_t left() const { return stream_.avail_in; }
  const char* complaint() const { return stream_.msg ? stream_.msg : zError(status_); }

 private:
  z_stream stream_{};
  int status_ = Z_OK;
  std::array<char, 64 * 1024> piece_;
};

}  // namespace

Parsed<std::string> gunzip(std::string_view bytes, std::size_t most_bytes) {
  if (bytes.empty()) return ParseError{"nothing where gzip was expected"};
  if (!bytes.starts_with(kMagic)) {
    return ParseError{fmt::format("not gzip: it starts with {}", in_quotes(bytes.substr(0, 40)))};
  }
  if (bytes.size() > most_bytes) {
    return ParseError{
        fmt::format("{} bytes of gzip where at most {} are accepted", bytes.size(), most_bytes)};
  }
  Inflater inflater(bytes);
  std::string unpacked;
  for (std::string_view piece = inflater.next(); !piece.empty(); piece = inflater.next()) {
    if (piece.size() > most_bytes - unpacked.size()) {
      return ParseError{fmt::format("gzip that unpacks to more than {} bytes", most_bytes)};
    }
    unpacked += piece;
  }
  if (inflater.ended() && inflater.left() == 0) return unpacked;
  if (inflater.ended()) {
    return ParseError{fmt::format("gzip that ends at byte {} with {} more bytes behind it",
                                  inflater.read(), inflater.left())};
  }
  if (inflater.cut()) return ParseError{fmt::format("gzip that is cut at byte {}", bytes.size())};
  return ParseError{
      fmt::format("damaged gzip at byte {}: {}", inflater.read(), inflater.complaint())};
}

}  // namespace leakbench
