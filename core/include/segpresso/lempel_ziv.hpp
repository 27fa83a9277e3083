// The two dictionary coders that the Compresso paper compares with: byte by byte, with dictionaries
// that grow without bounds and codes of one width. Textbook coders (Ziv and Lempel 1978, Welch
// 1984), not the ones of file formats.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "segpresso/limits.hpp"

namespace segpresso::lempel_ziv {

using Bytes = std::span<const std::uint8_t>;

// LZ78: per phrase, index of its prefix (0 is the empty phrase) << 8 | its last byte. The last
// element is a prefix alone, perhaps the empty one.
std::vector<std::uint64_t> encode_lz78(Bytes data);

// `codes` are those of `encode_lz78` as little-endian integers of `width` (4 or 8) bytes.
std::vector<std::uint8_t> decode_lz78(Bytes codes, unsigned width, const Limits& limits);

// LZW: phrases 0 to 255 are the bytes.
std::vector<std::uint32_t> encode_lzw(Bytes data);

// `codes` are those of `encode_lzw` as little-endian integers.
std::vector<std::uint8_t> decode_lzw(Bytes codes, const Limits& limits);

}  // namespace segpresso::lempel_ziv
