// The index of a stream (docs/format.md sections 4 and 5): what the array is, and the tables.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
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

struct IndexContent {
  ArrayInfo array;
  Profile profile = Profile::balanced;
  bool labels_ascend = true;
  bool has_statistics = false;
  std::uint64_t statistics_bytes = 0;
  std::uint64_t statistics_offset = 0;  // in the stream
  BlockGrid grid;
  Tables tables;
  // Of the block, if the stream is a short one (section 1.2): it has none itself.
  std::optional<std::uint32_t> payload_checksum;

  [[nodiscard]] bool is_short() const noexcept { return payload_checksum.has_value(); }

  // Payload and checksum of a block, which short streams and constant blocks do without.
  [[nodiscard]] Extent extent_of(const BlockRecord& block) const noexcept {
    if (block.method == Method::constant) return {block.offset, 0};
    return {block.offset, block.bytes + (is_short() ? 0 : checksum_bytes)};
  }
};

// Whether blocks have the sizes of the volume along x, y and z; along w there may be several.
bool blocks_span_volumes(const BlockGrid& grid);

// The flags of section 4, which short streams have at their front.
inline constexpr unsigned profile_bits = 3;
inline constexpr unsigned one_block_flag = 4;
inline constexpr unsigned statistics_flag = 8;
inline constexpr unsigned any_labels_flag = 16;
std::uint8_t flags_of(const IndexContent& content);
bool are_short_flags(unsigned flags);

void write_index(ByteWriter& out, const IndexContent& content);

// What a short stream tells before its index.
struct ShortForm {
  unsigned flags = 0;
  std::uint32_t payload_checksum = 0;
};

// Blocks and statistics fill `body`. Working memory stays within the limits. Offsets are filled in
// and checked.
IndexContent parse_index(Bytes index, const std::optional<ShortForm>& short_form,
                         const Extent& body, const Limits& limits);

}  // namespace segpresso::native
