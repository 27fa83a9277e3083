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

constexpr unsigned known_flags = 31;

bool are_known_flags(unsigned flags) {
  return (flags & ~known_flags) == 0 && (flags & profile_bits) <= 2;
}

// How many bytes the only block of a short stream has; others tell it.
std::optional<std::uint64_t> known_bytes(const IndexContent& content, std::uint64_t bytes) {
  return content.is_short() ? std::optional(bytes) : std::nullopt;
}

void write_head(ByteWriter& out, const IndexContent& content) {
  const ArrayInfo& array = content.array;
  const auto width = static_cast<unsigned>(std::bit_width(width_of(array.type.width))) - 1;
  const unsigned kind = width | static_cast<unsigned>(array.type.kind) << 2 |
                        static_cast<unsigned>(array.shape.size()) << 4 |
                        static_cast<unsigned>(array.fortran_order) << 7;
  out.write(static_cast<std::uint8_t>(kind));
  for (const std::size_t size : array.shape) write_varint(out, size);
  if (!content.is_short()) out.write(flags_of(content));
  if (!blocks_span_volumes(content.grid)) {
    for (std::size_t axis = 0; axis < 3; ++axis) write_varint(out, content.grid.block()[axis]);
  }
  if (content.has_statistics) write_varint(out, content.statistics_bytes);
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

void read_head(ByteReader& reader, const std::optional<ShortForm>& short_form,
               IndexContent& content) {
  const unsigned kind = reader.read<std::uint8_t>(index_section);
  content.array.type = read_type(reader, kind);
  content.array.fortran_order = (kind & 0x80) != 0;
  const unsigned axes = kind >> 4 & 7;
  if (axes > max_axes) reader.fail(ErrorKind::corrupt, "there are too many axes", index_section);
  for (unsigned axis = 0; axis < axes; ++axis) {
    content.array.shape.push_back(read_varint(reader, index_section));
    if (!is_addressable(content.array.shape)) {
      reader.fail(ErrorKind::corrupt, "the volume exceeds the address space", index_section);
    }
  }
  const unsigned flags = short_form ? short_form->flags : reader.read<std::uint8_t>(index_section);
  if (!are_known_flags(flags)) {
    reader.fail(ErrorKind::unsupported, "has flags that this version does not know", index_section);
  }
  content.profile = static_cast<Profile>(flags & profile_bits);
  content.has_statistics = (flags & statistics_flag) != 0;
  content.labels_ascend = (flags & any_labels_flag) == 0;
  content.grid = read_grid(reader, content.array.sizes(), (flags & one_block_flag) != 0);
  if (content.is_short() && content.grid.size() > 1) {
    reader.fail(ErrorKind::corrupt, "a short stream has several blocks", index_section);
  }
  if (content.has_statistics) content.statistics_bytes = read_varint(reader, index_section);
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
                 IndexContent& content) {
  entropy::BitDecoder coder(reader.array(reader.remaining(), 1, index_section));
  Tables& tables = content.tables;
  LabelTableCoder labels(coder, content.array.type);
  labels.code(tables.labels, content.labels_ascend, [&](std::uint64_t count) {
    if (count >= UINT32_MAX) coder.fail("there are too many labels");
    // Twice for a vector that grows, and once more for working with them.
    check_memory(count * 3 * sizeof(std::uint64_t), limits);
  });
  BlockTableCoder blocks(coder, content.grid, static_cast<std::uint32_t>(tables.labels.size()),
                         known_bytes(content, body_bytes));
  blocks.code(tables, [&] {
    const std::uint64_t entry_bytes = tables.entries.size() * 4 * sizeof(std::uint32_t);
    check_memory(entry_bytes + tables.blocks.size() * 2 * sizeof(BlockRecord), limits);
  });
  coder.finish();
}

// Blocks and statistics lie one behind the other.
void place_blocks(IndexContent& content, const Extent& body) {
  std::uint64_t offset = body.offset;
  const std::uint64_t end = body.offset + body.bytes;
  const auto advance = [&](std::uint64_t bytes, std::uint64_t whole) {
    if (whole < bytes || whole > end - offset) {
      throw Error(ErrorKind::truncated, "index: the blocks are longer than the stream",
                  index_section, end);
    }
    offset += whole;
  };
  for (BlockRecord& block : content.tables.blocks) {
    block.offset = offset;
    advance(block.bytes, content.extent_of(block).bytes);
  }
  content.statistics_offset = offset;
  if (content.has_statistics) {
    advance(content.statistics_bytes, content.statistics_bytes + checksum_bytes);
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

bool blocks_span_volumes(const BlockGrid& grid) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (grid.block()[axis] != std::max<std::size_t>(1, grid.sizes()[axis])) return false;
  }
  return true;
}

std::uint8_t flags_of(const IndexContent& content) {
  const unsigned flags = static_cast<unsigned>(content.profile) |
                         (blocks_span_volumes(content.grid) ? one_block_flag : 0U) |
                         (content.has_statistics ? statistics_flag : 0U) |
                         (content.labels_ascend ? 0U : any_labels_flag);
  return static_cast<std::uint8_t>(flags);
}

bool are_short_flags(unsigned flags) {
  return are_known_flags(flags) && (flags & one_block_flag) != 0 && (flags & statistics_flag) == 0;
}

void write_index(ByteWriter& out, const IndexContent& content) {
  write_head(out, content);
  entropy::BitEncoder coder;
  Tables tables = content.tables;
  const auto unchecked = [](auto...) {};
  LabelTableCoder(coder, content.array.type).code(tables.labels, content.labels_ascend, unchecked);
  const std::uint64_t first_bytes = tables.blocks.empty() ? 0 : tables.blocks.front().bytes;
  BlockTableCoder(coder, content.grid, static_cast<std::uint32_t>(tables.labels.size()),
                  known_bytes(content, first_bytes))
      .code(tables, unchecked);
  const std::vector<std::uint8_t> coded = coder.finish();
  out.write_all(std::span<const std::uint8_t>(coded));
}

IndexContent parse_index(Bytes index, const std::optional<ShortForm>& short_form,
                         const Extent& body, const Limits& limits) {
  IndexContent content;
  if (short_form) content.payload_checksum = short_form->payload_checksum;
  ByteReader reader(index);
  read_head(reader, short_form, content);
  read_tables(reader, body.bytes, limits, content);
  place_blocks(content, body);
  return content;
}

}  // namespace segpresso::native
