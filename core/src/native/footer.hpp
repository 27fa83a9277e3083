// Where the index of a stream stands, and the checksum over it (docs/format.md section 1).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "native/index.hpp"

namespace segpresso::native {

inline constexpr std::array<std::uint8_t, StreamIndex::front_bytes> front_mark{'s', 'e', 'g', 'p',
                                                                               1};
inline constexpr std::array<std::uint8_t, 4> end_mark{'p', 'g', 'e', 's'};
// Length of the index, checksum, mark.
inline constexpr std::size_t trailer_bytes = 12;

// In the last byte of the front of short streams (section 1.2); the other bits are flags.
inline constexpr unsigned short_mark = 0x80;

// Whether `tail`, the end of a stream of this size, is a whole short stream.
bool is_short_stream(Bytes tail, std::uint64_t stream_bytes);

// The bytes from the end of the blocks and statistics to the end of the stream.
std::vector<std::uint8_t> write_footer(const IndexContent& content);

// Whether a stream may do without what only others need: marks, lengths, and a checksum for each
// part take 13 bytes of a chunk of 64^3 voxels, which often has a few hundred.
bool may_be_short(const IndexContent& content);
std::vector<std::uint8_t> write_short_stream(IndexContent content, Bytes payload);

// From the bytes that `StreamIndex::locate` tells. Working memory stays within the limits. Offsets
// of blocks are filled in and checked.
IndexContent read_index(Bytes bytes, std::uint64_t stream_bytes, const Limits& limits);

}  // namespace segpresso::native
