#include "native/footer.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "base/byte_reader.hpp"
#include "base/byte_writer.hpp"
#include "base/crc32c.hpp"
#include "entropy/bit_coder.hpp"
#include "native/block_table.hpp"
#include "native/label_table.hpp"
#include "native/varint.hpp"

namespace segpresso::native {
namespace {

constexpr std::size_t max_axes = 4;

// Flags behind the shape.
constexpr std::uint8_t profile_bits = 3;
constexpr std::uint8_t one_block_flag = 4;
constexpr std::uint8_t statistics_flag = 8;
constexpr std::uint8_t any_labels_flag = 16;
constexpr unsigned known_flags = 31;

bool has_one_block(const BlockGrid& grid) {
  return std::equal(grid.block().begin(), grid.block().begin() + 3, grid.sizes().begin());
}

void write_head(ByteWriter& out, const Footer& footer) {
  const ArrayInfo& array = footer.array;
  const auto width = static_cast<unsigned>(std::bit_width(width_of(array.type.width))) - 1;
  const unsigned kind = width | static_cast<unsigned>(array.type.kind) << 2 |
                        static_cast<unsigned>(array.shape.size()) << 4 |
                        static_cast<unsigned>(array.fortran_order) << 7;
  out.write(static_cast<std::uint8_t>(kind));
  for (const std::size_t size : array.shape) write_varint(out, size);
  const bool one_block = has_one_block(footer.grid);
  const unsigned flags = static_cast<unsigned>(footer.profile) | (one_block ? one_block_flag : 0U) |
                         (footer.has_statistics ? statistics_flag : 0U) |
                         (footer.labels_ascend ? 0U : any_labels_flag);
  out.write(static_cast<std::uint8_t>(flags));
  if (!one_block) {
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

void read_head(ByteReader& reader, Footer& footer) {
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
  const unsigned flags = reader.read<std::uint8_t>(index_section);
  if ((flags & ~known_flags) != 0 || (flags & profile_bits) > 2) {
    reader.fail(ErrorKind::unsupported, "has flags that this version does not know", index_section);
  }
  footer.profile = static_cast<Profile>(flags & profile_bits);
  footer.has_statistics = (flags & statistics_flag) != 0;
  footer.labels_ascend = (flags & any_labels_flag) == 0;
  footer.grid = read_grid(reader, footer.array.sizes(), (flags & one_block_flag) != 0);
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

void read_tables(ByteReader& reader, Footer& footer, const Limits& limits) {
  entropy::BitDecoder coder(reader.array(reader.remaining(), 1, index_section));
  Tables& tables = footer.tables;
  LabelTableCoder labels(coder, footer.array.type);
  labels.code(tables.labels, footer.labels_ascend, [&](std::uint64_t count) {
    if (count >= UINT32_MAX) coder.fail("there are too many labels");
    // Twice for a vector that grows, and once more for working with them.
    check_memory(count * 3 * sizeof(std::uint64_t), limits);
  });
  BlockTableCoder blocks(coder, footer.grid, static_cast<std::uint32_t>(tables.labels.size()));
  blocks.code(tables, [&] {
    const std::uint64_t entry_bytes = tables.entries.size() * 4 * sizeof(std::uint32_t);
    check_memory(entry_bytes + tables.blocks.size() * 2 * sizeof(BlockRecord), limits);
  });
  coder.finish();
}

// Blocks and statistics lie one behind the other, from the front up to the footer.
void place_blocks(Footer& footer, std::uint64_t end) {
  std::uint64_t offset = front_mark.size();
  const auto advance = [&](std::uint64_t bytes) {
    if (bytes > end - offset || end - offset - bytes < checksum_bytes) {
      throw Error(ErrorKind::truncated, "index: the blocks are longer than the stream",
                  index_section, end);
    }
    offset += bytes + checksum_bytes;
  };
  for (BlockRecord& block : footer.tables.blocks) {
    block.offset = offset;
    if (block.method != Method::constant) advance(block.bytes);
  }
  footer.statistics_offset = offset;
  if (footer.has_statistics) advance(footer.statistics_bytes);
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

std::vector<std::uint8_t> write_footer(const Footer& footer) {
  ByteWriter out;
  write_head(out, footer);
  entropy::BitEncoder coder;
  Tables tables = footer.tables;
  const auto unchecked = [](auto...) {};
  LabelTableCoder(coder, footer.array.type).code(tables.labels, footer.labels_ascend, unchecked);
  BlockTableCoder(coder, footer.grid, static_cast<std::uint32_t>(tables.labels.size()))
      .code(tables, unchecked);
  const std::vector<std::uint8_t> coded = coder.finish();
  out.write_all(std::span<const std::uint8_t>(coded));
  if (out.size() > UINT32_MAX) {
    throw Error(ErrorKind::unsupported, "the index takes more than 4 GiB", index_section);
  }
  out.write(static_cast<std::uint32_t>(out.size()));
  std::vector<std::uint8_t> bytes = out.take();
  const std::uint32_t checksum = crc32c(bytes);
  ByteWriter end;
  end.write_all(std::span<const std::uint8_t>(bytes));
  end.write(checksum);
  end.write_all(std::span<const std::uint8_t>(end_mark));
  return end.take();
}

Footer read_footer(Bytes bytes, std::uint64_t stream_bytes, const Limits& limits) {
  const Extent extent = StreamIndex::locate(bytes, stream_bytes);
  if (extent.bytes != bytes.size()) {
    throw Error(ErrorKind::invalid_argument, "these are not the bytes of the index");
  }
  const std::size_t checked = bytes.size() - end_mark.size() - checksum_bytes;
  ByteReader trailer(bytes.subspan(checked));
  if (trailer.read<std::uint32_t>(index_section) != crc32c(bytes.first(checked))) {
    throw Error(ErrorKind::corrupt, "index: its checksum is wrong", index_section, extent.offset);
  }
  Footer footer;
  ByteReader reader(bytes.first(bytes.size() - StreamIndex::trailer_bytes));
  read_head(reader, footer);
  read_tables(reader, footer, limits);
  place_blocks(footer, extent.offset);
  return footer;
}

Extent StreamIndex::locate(Bytes trailer, std::uint64_t stream_bytes) {
  const bool known = trailer.size() >= trailer_bytes &&
                     stream_bytes >= front_bytes + trailer_bytes &&
                     std::ranges::equal(trailer.last(end_mark.size()), end_mark);
  if (!known) {
    throw Error(ErrorKind::truncated,
                "the stream does not end with its end mark: it was cut off, or not finished",
                index_section, stream_bytes);
  }
  ByteReader reader(trailer.last(trailer_bytes));
  const auto length = reader.read<std::uint32_t>(index_section);
  if (length > stream_bytes - front_bytes - trailer_bytes) {
    throw Error(ErrorKind::truncated, "index: it is longer than the stream", index_section,
                stream_bytes);
  }
  const std::uint64_t bytes = std::uint64_t{length} + trailer_bytes;
  return {stream_bytes - bytes, bytes};
}

void StreamIndex::check_front(Bytes front) {
  if (front.size() < front_bytes) {
    throw Error(ErrorKind::truncated, "header: the stream ends within it", "header", front.size());
  }
  if (!std::equal(front.begin(), front.begin() + 4, front_mark.begin())) {
    throw Error(ErrorKind::corrupt, "header: this is no stream of segpresso", "header", 0);
  }
  if (front[4] != front_mark[4]) {
    throw Error(ErrorKind::unsupported,
                "header: format version " + std::to_string(front[4]) +
                    " is unknown; a newer segpresso may read it",
                "header", 4);
  }
}

}  // namespace segpresso::native
