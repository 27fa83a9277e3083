#include "base/byte_reader.hpp"
#include "lempel_ziv/phrase_dictionary.hpp"
#include "lempel_ziv/phrase_output.hpp"
#include "segpresso/lempel_ziv.hpp"

namespace segpresso::lempel_ziv {

std::vector<std::uint64_t> encode_lz78(Bytes data) {
  std::vector<std::uint64_t> codes;
  PhraseDictionary phrases(1);
  std::uint32_t prefix = 0;
  for (const std::uint8_t byte : data) {
    const std::uint32_t before = prefix;
    if (phrases.follow(prefix, byte)) continue;
    codes.push_back(std::uint64_t{before} << 8 | byte);
    prefix = 0;
  }
  codes.push_back(std::uint64_t{prefix} << 8);
  return codes;
}

std::vector<std::uint8_t> decode_lz78(Bytes codes, unsigned width, const Limits& limits) {
  if (width != 4 && width != 8) {
    throw Error(ErrorKind::invalid_argument, "codes must take 4 or 8 bytes");
  }
  if (codes.empty() || codes.size() % width != 0) {
    throw Error(ErrorKind::truncated, "codes: not a whole number of them, and at least one",
                "codes", codes.size());
  }
  ByteReader reader(codes);
  const PackedArray pairs = reader.array(codes.size() / width, width, "codes");
  PhraseOutput out(limits);
  // Where each phrase stands in the output; a phrase ends where the next begins.
  std::vector<std::size_t> begins{0, 0};
  begins.reserve(pairs.size() + 1);
  pairs.for_each([&](std::size_t i, std::uint64_t pair) {
    const std::uint64_t prefix = pair >> 8;
    if (prefix > i) pairs.fail(ErrorKind::corrupt, "a prefix is not known yet", i);
    if (prefix > 0) out.append_copy(begins[prefix], begins[prefix + 1] - begins[prefix]);
    if (i + 1 < pairs.size()) {
      out.append(static_cast<std::uint8_t>(pair));
      begins.push_back(out.size());
    } else if ((pair & 0xFF) != 0) {
      pairs.fail(ErrorKind::corrupt, "the last code is not a prefix alone", i);
    }
  });
  return out.take();
}

}  // namespace segpresso::lempel_ziv
