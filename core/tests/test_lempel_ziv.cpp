// The two textbook coders: known codes, round trips, and codes that make no sense.
#include <doctest/doctest.h>

#include <cstring>
#include <string_view>

#include "segpresso/lempel_ziv.hpp"
#include "support/codecs.hpp"
#include "support/random.hpp"

namespace segpresso::test {
namespace {

using namespace lempel_ziv;

template <class T>
Stream bytes_of(const std::vector<T>& codes) {
  Stream bytes(codes.size() * sizeof(T));
  if (!bytes.empty()) std::memcpy(bytes.data(), codes.data(), bytes.size());
  return bytes;
}

Stream text(std::string_view characters) { return {characters.begin(), characters.end()}; }

std::vector<Stream> inputs() {
  Random random(50);
  std::vector<Stream> all{{}, {0}, {255}, text("abababababab"), Stream(100000, 0), Stream(7, 9)};
  for (const std::size_t values : {2, 3, 256}) {
    Stream noise(20000);
    for (std::uint8_t& byte : noise) byte = static_cast<std::uint8_t>(random.below(values));
    all.push_back(noise);
  }
  Stream labels;  // 64-bit labels in runs
  while (labels.size() < 200000) {
    const std::uint64_t label = random.below(40) * 0x10001;
    for (std::size_t run = 1 + random.below(60); run > 0; --run) {
      for (unsigned i = 0; i < 8; ++i) labels.push_back(static_cast<std::uint8_t>(label >> 8 * i));
    }
  }
  all.push_back(labels);
  return all;
}

TEST_CASE("LZ78 codes phrases by their prefixes") {
  // a, b, ab, aba, and ba, of which only the prefix is left.
  CHECK(encode_lz78(text("ab"
                         "ab"
                         "aba")) ==
        std::vector<std::uint64_t>{0 << 8 | 'a', 0 << 8 | 'b', 1 << 8 | 'b', 3 << 8 | 'a', 0});
  CHECK(encode_lz78(text("aa")) == std::vector<std::uint64_t>{0 << 8 | 'a', 1 << 8});
  CHECK(encode_lz78({}) == std::vector<std::uint64_t>{0});
}

TEST_CASE("LZW begins with all bytes") {
  CHECK(encode_lzw(text("abababa")) == std::vector<std::uint32_t>{'a', 'b', 256, 258});
  CHECK(encode_lzw({}).empty());
}

TEST_CASE("data come back") {
  for (const Stream& data : inputs()) {
    const std::vector<std::uint64_t> pairs = encode_lz78(data);
    CHECK(decode_lz78(bytes_of(pairs), 8, Limits{}) == data);
    const std::vector<std::uint32_t> narrow(pairs.begin(), pairs.end());
    CHECK(decode_lz78(bytes_of(narrow), 4, Limits{}) == data);
    CHECK(decode_lzw(bytes_of(encode_lzw(data)), Limits{}) == data);
  }
}

TEST_CASE("long runs take few phrases") {
  const Stream zeros(1000000, 0);
  CHECK(encode_lz78(zeros).size() < 1500);
  CHECK(encode_lzw(zeros).size() < 1500);
}

TEST_CASE("codes that make no sense are refused") {
  using Pairs = std::vector<std::uint64_t>;
  const auto lz78 = [](const Pairs& pairs) {
    return kind_of_error([&] { decode_lz78(bytes_of(pairs), 8, Limits{}); });
  };
  CHECK(lz78({1 << 8 | 'a', 0}) == ErrorKind::corrupt);             // no phrase 1 yet
  CHECK(lz78({0 << 8 | 'a', 2 << 8}) == ErrorKind::corrupt);        // no phrase 2
  CHECK(lz78({0 << 8 | 'a', 0 << 8 | 'b'}) == ErrorKind::corrupt);  // no prefix alone at the end
  CHECK(lz78({UINT64_MAX}) == ErrorKind::corrupt);
  CHECK(lz78({}) == ErrorKind::truncated);
  CHECK(kind_of_error([] { decode_lz78(Stream(12), 8, Limits{}); }) == ErrorKind::truncated);
  CHECK(kind_of_error([] { decode_lz78(Stream(12), 3, Limits{}); }) == ErrorKind::invalid_argument);

  using Codes = std::vector<std::uint32_t>;
  const auto lzw = [](const Codes& codes) {
    return kind_of_error([&] { decode_lzw(bytes_of(codes), Limits{}); });
  };
  CHECK(lzw({256}) == ErrorKind::corrupt);
  CHECK(lzw({'a', 257}) == ErrorKind::corrupt);
  CHECK(lzw({'a', UINT32_MAX}) == ErrorKind::corrupt);
  CHECK(kind_of_error([] { decode_lzw(Stream(7), Limits{}); }) == ErrorKind::truncated);
}

TEST_CASE("data beyond the limit are refused before they are made") {
  const Stream zeros(100000, 0);
  const Limits limits{.max_bytes = 99999};
  const Stream pairs = bytes_of(encode_lz78(zeros));
  const Stream codes = bytes_of(encode_lzw(zeros));
  CHECK(kind_of_error([&] { decode_lz78(pairs, 8, limits); }) == ErrorKind::limit);
  CHECK(kind_of_error([&] { decode_lzw(codes, limits); }) == ErrorKind::limit);
  CHECK(decode_lzw(codes, {.max_bytes = 100000}) == zeros);
}

}  // namespace
}  // namespace segpresso::test
