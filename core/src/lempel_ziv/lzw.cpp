#include "base/byte_reader.hpp"
#include "lempel_ziv/phrase_dictionary.hpp"
#include "lempel_ziv/phrase_output.hpp"
#include "segpresso/lempel_ziv.hpp"

namespace segpresso::lempel_ziv {
namespace {

constexpr std::uint32_t bytes = 256;

}  // namespace

std::vector<std::uint32_t> encode_lzw(Bytes data) {
  std::vector<std::uint32_t> codes;
  if (data.empty()) return codes;
  PhraseDictionary phrases(bytes);
  std::uint32_t prefix = data[0];
  for (const std::uint8_t byte : data.subspan(1)) {
    const std::uint32_t before = prefix;
    if (phrases.follow(prefix, byte)) continue;
    codes.push_back(before);
    prefix = byte;
  }
  codes.push_back(prefix);
  return codes;
}

std::vector<std::uint8_t> decode_lzw(Bytes codes, const Limits& limits) {
  constexpr unsigned width = 4;
  if (codes.size() % width != 0) {
    throw Error(ErrorKind::truncated, "codes: not a whole number of them", "codes", codes.size());
  }
  ByteReader reader(codes);
  const PackedArray numbers = reader.array(codes.size() / width, width, "codes");
  PhraseOutput out(limits);
  // Where the output of each code begins. Phrase 256 + k is the output of code k and the byte
  // behind it.
  std::vector<std::size_t> begins;
  begins.reserve(numbers.size());
  numbers.for_each([&](std::size_t i, std::uint64_t code) {
    const std::size_t begin = out.size();
    if (code < bytes) {
      out.append(static_cast<std::uint8_t>(code));
    } else {
      const std::uint64_t k = code - bytes;
      if (k + 1 > i) numbers.fail(ErrorKind::corrupt, "a phrase is not known yet", i);
      const std::size_t end = k + 1 < i ? begins[k + 1] : begin;
      out.append_copy(begins[k], end - begins[k] + 1);
    }
    begins.push_back(begin);
  });
  return out.take();
}

}  // namespace segpresso::lempel_ziv
