#include "native/index.hpp"

#include <algorithm>
#include <bit>
#include <optional>
#include <string>

#include "base/byte_reader.hpp"
#include "entropy/bit_coder.hpp"
#include "native/block_table.hpp"
#include "native/label_table.hpp"
#include "native/varint.hpp"

namespace segpresso::native {
namespace {

constexpr std::size_t max_axes = 4;

constexpr unsigned profile_bits = 3;
constexpr unsigned one_block_flag = 4;
constexpr unsigned statistics_flag = 8;
constexpr unsigned any_labels_flag = 16;
constexpr unsigned known_flags = 31;

bool are_known_flags(unsigned flags) {
  return (flags & ~known_flags) == 0 && (flags & profile_bits) <= 2;
}

// How many bytes the only block of a short stream has; others tell it.
std::optional<std::uint64_t> known_bytes(const Footer& footer, std::uint64_t bytes) {
  return footer.is_short ? std::optional(bytes) : std::nullopt;
}

void write_head(ByteWriter& out, const Footer& footer) {
  const ArrayInfo& array = footer.array;
  const auto width = static_cast<unsigned>(std::bit_width(width_of(array.type.width))) - 1;
  const unsigned kind = width | static_cast<unsigned>(array.type.kind) << 2 |
                        static_cast<unsigned>(array.shape.size()) << 4 |
                        static_cast<unsigned>(array.fortran_order) << 7;
  out.write(static_cast<std::uint8_t>(kind));
  for (const std::size_t size : array.shape) write_varint(out, size);
  if (!footer.is_short) out.write(flags_of(footer));
  if (!has_one_block(footer.grid)) {
    for (std::size_t axis = 0; axis < 3; ++axis) write_varint(out, footer.grid.block()[axis]);
  }
  if (footer.has_statistics) write_varint(out, footer.statistics_bytes);
}

NumberType read_type(ByteReader& reader, unsigned kind) {
  NumberType type;
  type.width = static_cast<LabelType>(1U << (kind & 3));
  type.kind = static_cast<NumberKind>(kind >> 2 & 3);
  if (type.kind > NumberKind::boolean ||
      (type.kind == NumberKind::boolean && type.width != LabelType::u8)) {
    reader.fail(ErrorKind::corrupt, "there is no such type of labels", index_section);
  }
  return type;
}

BlockGrid read_grid(ByteReader& reader, const Vector4& sizes, bool one_block) {
  std::array<std::size_t, 3> block{sizes[0], sizes[1], sizes[2]};
  if (!one_block) {
    for (std::size_t& size : block) size = read_varint(reader, index_section);
  }
  std::size_t voxels = 1;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (block[axis] == 0 && !one_block) {
      reader.fail(ErrorKind::corrupt, "blocks have no voxels", index_section);
    }
    block[axis] = std::max<std::size_t>(1, block[axis]);
    if (block[axis] > max_block_voxels || __builtin_mul_overflow(voxels, block[axis], &voxels) ||
        voxels > max_block_voxels) {
      reader.fail(ErrorKind::corrupt, "blocks are too large", index_section);
    }
  }
  return {sizes, block};
}

void read_head(ByteReader& reader, unsigned flags, Footer& footer) {
  const unsigned kind = reader.read<std::uint8_t>(index_section);
  footer.array.type = read_type(reader, kind);
  footer.array.fortran_order = (kind & 0x80) != 0;
  const unsigned axes = kind >> 4 & 7;
  if (axes > max_axes) reader.fail(ErrorKind::corrupt, "there are too many axes", index_section);
  for (unsigned axis = 0; axis < axes; ++axis) {
    footer.array.shape.push_back(read_varint(reader, index_section));
    if (!is_addressable(footer.array.shape)) {
      reader.fail(ErrorKind::corrupt, "the volume exceeds the address space", index_section);
    }
  }
  if (!footer.is_short) flags = reader.read<std::uint8_t>(index_section);
  if (!are_known_flags(flags)) {
    reader.fail(ErrorKind::unsupported, "has flags that this version does not know", index_section);
  }
  footer.profile = static_cast<Profile>(flags & profile_bits);
  footer.has_statistics = (flags & statistics_flag) != 0;
  footer.labels_ascend = (flags & any_labels_flag) == 0;
  footer.grid = read_grid(reader, footer.array.sizes(), (flags & one_block_flag) != 0);
  if (footer.is_short && footer.grid.size() > 1) {
    reader.fail(ErrorKind::corrupt, "a short stream has several blocks", index_section);
  }
  if (footer.has_statistics) footer.statistics_bytes = read_varint(reader, index_section);
}

void check_memory(std::uint64_t bytes, const Limits& limits) {
  const std::size_t most = std::max(limits.max_bytes, least_working_bytes);
  if (bytes > most) {
    throw Error(ErrorKind::limit,
                "the index needs " + std::to_string(bytes) +
                    " bytes of memory, more than the limit of " + std::to_string(most),
                index_section, 0);
  }
}

void read_tables(ByteReader& reader, std::uint64_t body_bytes, const Limits& limits,
                 Footer& footer) {
  entropy::BitDecoder coder(reader.array(reader.remaining(), 1, index_section));
  Tables& tables = footer.tables;
  LabelTableCoder labels(coder, footer.array.type);
  labels.code(tables.labels, footer.labels_ascend, [&](std::uint64_t count) {
    if (count >= UINT32_MAX) coder.fail("there are too many labels");
    // Twice for a vector that grows, and once more for working with them.
    check_memory(count * 3 * sizeof(std::uint64_t), limits);
  });
  BlockTableCoder blocks(coder, footer.grid, static_cast<std::uint32_t>(tables.labels.size()),
                         known_bytes(footer, body_bytes));
  blocks.code(tables, [&] {
    const std::uint64_t entry_bytes = tables.entries.size() * 4 * sizeof(std::uint32_t);
    check_memory(entry_bytes + tables.blocks.size() * 2 * sizeof(BlockRecord), limits);
  });
  coder.finish();
}

// Blocks and statistics lie one behind the other.
void place_blocks(Footer& footer, const Extent& body) {
  std::uint64_t offset = body.offset;
  const std::uint64_t end = body.offset + body.bytes;
  const auto advance = [&](std::uint64_t bytes, std::uint64_t whole) {
    if (whole < bytes || whole > end - offset) {
      throw Error(ErrorKind::truncated, "index: the blocks are longer than the stream",
                  index_section, end);
    }
    offset += whole;
  };
  for (BlockRecord& block : footer.tables.blocks) {
    block.offset = offset;
    advance(block.bytes, footer.extent_of(block).bytes);
  }
  footer.statistics_offset = offset;
  if (footer.has_statistics) {
    advance(footer.statistics_bytes, footer.statistics_bytes + checksum_bytes);
  }
  if (offset != end) {
    throw Error(ErrorKind::corrupt, "index: the blocks are shorter than the stream", index_section,
                offset);
  }
}

}  // namespace

bool is_addressable(std::span<const std::size_t> sizes) {
  std::size_t bytes = sizeof(std::uint64_t);
  return std::ranges::all_of(sizes, [&](std::size_t size) {
    return !__builtin_mul_overflow(bytes, std::max<std::size_t>(1, size), &bytes) &&
           bytes <= PTRDIFF_MAX;
  });
}

bool has_one_block(const BlockGrid& grid) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (grid.block()[axis] != std::max<std::size_t>(1, grid.sizes()[axis])) return false;
  }
  return true;
}

std::uint8_t flags_of(const Footer& footer) {
  const unsigned flags = static_cast<unsigned>(footer.profile) |
                         (has_one_block(footer.grid) ? one_block_flag : 0U) |
                         (footer.has_statistics ? statistics_flag : 0U) |
                         (footer.labels_ascend ? 0U : any_labels_flag);
  return static_cast<std::uint8_t>(flags);
}

bool are_short_flags(unsigned flags) {
  return are_known_flags(flags) && (flags & one_block_flag) != 0 && (flags & statistics_flag) == 0;
}

void write_index(ByteWriter& out, const Footer& footer) {
  write_head(out, footer);
  entropy::BitEncoder coder;
  Tables tables = footer.tables;
  const auto unchecked = [](auto...) {};
  LabelTableCoder(coder, footer.array.type).code(tables.labels, footer.labels_ascend, unchecked);
  const std::uint64_t first_bytes = tables.blocks.empty() ? 0 : tables.blocks.front().bytes;
  BlockTableCoder(coder, footer.grid, static_cast<std::uint32_t>(tables.labels.size()),
                  known_bytes(footer, first_bytes))
      .code(tables, unchecked);
  const std::vector<std::uint8_t> coded = coder.finish();
  out.write_all(std::span<const std::uint8_t>(coded));
}

void read_index(Bytes index, unsigned flags, const Extent& body, const Limits& limits,
                Footer& footer) {
  ByteReader reader(index);
  read_head(reader, flags, footer);
  read_tables(reader, body.bytes, limits, footer);
  place_blocks(footer, body);
}

}  // namespace segpresso::native
