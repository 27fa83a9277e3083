// The index of a stream (docs/format.md sections 4 and 5): what the array is, and the tables.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/byte_writer.hpp"
#include "native/block_grid.hpp"
#include "native/tables.hpp"
#include "segpresso/limits.hpp"
#include "segpresso/native.hpp"

namespace segpresso::native {

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
  // Whether the stream is a short one (section 1), of one block at most and one checksum for all.
  bool is_short = false;
  std::uint32_t payload_checksum = 0;  // of its block, found when all was checked

  // Payload and checksum of a block.
  [[nodiscard]] Extent extent_of(const BlockRecord& block) const noexcept {
    if (block.method == Method::constant) return {block.offset, 0};
    return {block.offset, block.bytes + (is_short ? 0 : checksum_bytes)};
  }
};

// Whether blocks have the sizes of the volume along x, y and z.
bool has_one_block(const BlockGrid& grid);

// The flags of section 4, which short streams have at their front.
std::uint8_t flags_of(const Footer& footer);
bool are_short_flags(unsigned flags);

void write_index(ByteWriter& out, const Footer& footer);

// `flags` are those at the front of a short stream; blocks and statistics fill `body`. Working
// memory stays within the limits. Offsets are filled in and checked.
void read_index(Bytes index, unsigned flags, const Extent& body, const Limits& limits,
                Footer& footer);

}  // namespace segpresso::native
