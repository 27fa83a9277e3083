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

// The bytes from the end of the blocks and statistics to the end of the stream.
std::vector<std::uint8_t> write_footer(const Footer& footer);

// A whole stream of at most one block, without what only others need: marks, lengths, and a
// checksum for each part are some 14 bytes, of chunks of 64^3 voxels often a tenth and more.
bool can_be_short(const Footer& footer);
std::vector<std::uint8_t> write_short_stream(Footer footer, Bytes payload);

// From the bytes that `StreamIndex::locate` tells. Working memory stays within the limits. Offsets
// of blocks are filled in and checked.
Footer read_footer(Bytes bytes, std::uint64_t stream_bytes, const Limits& limits);

}  // namespace segpresso::native
