// The end of a stream (docs/format.md section 4): what the array is, and the tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "native/block_grid.hpp"
#include "native/tables.hpp"
#include "segpresso/limits.hpp"
#include "segpresso/native.hpp"

namespace segpresso::native {

inline constexpr std::array<std::uint8_t, StreamIndex::front_bytes> front_mark{'s', 'e', 'g', 'p',
                                                                               1};
inline constexpr std::array<std::uint8_t, 4> end_mark{'p', 'g', 'e', 's'};
inline constexpr std::size_t checksum_bytes = 4;
inline constexpr const char* index_section = "index";
// Decoding may always take this much memory besides its result.
inline constexpr std::size_t least_working_bytes = std::size_t{1} << 28;

// Whether an array of these sizes, of the widest labels, can be addressed; sizes of zero count as
// one, so that no axis is beyond it.
bool is_addressable(std::span<const std::size_t> sizes);

struct Footer {
  ArrayInfo array;
  Profile profile = Profile::balanced;
  bool labels_ascend = true;
  bool has_statistics = false;
  std::uint64_t statistics_bytes = 0;
  std::uint64_t statistics_offset = 0;  // in the stream
  BlockGrid grid;
  Tables tables;
};

// The bytes from the end of the blocks and statistics to the end of the stream.
std::vector<std::uint8_t> write_footer(const Footer& footer);

// Working memory stays within the limits. Offsets of blocks are filled in and checked.
Footer read_footer(Bytes bytes, std::uint64_t stream_bytes, const Limits& limits);

}  // namespace segpresso::native
