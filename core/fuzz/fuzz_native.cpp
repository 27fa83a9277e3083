// The native stream: as it is, and with all marks and checksums made right, so that what they
// protect is reached too.
#include <optional>

#include "base/crc32c.hpp"
#include "fuzz/fuzz_support.hpp"
#include "native/footer.hpp"
#include "segpresso/native.hpp"

namespace segpresso::fuzz {
namespace {

using native::Box;
using native::Extent;
using native::StreamIndex;
using native::Vector4;

constexpr std::size_t largest_stream = std::size_t{1} << 20;

StreamIndex open(Bytes stream) {
  StreamIndex::check_front(stream, stream.size());
  const Extent extent = StreamIndex::locate(stream, stream.size());
  return {stream.last(extent.bytes), stream.size(), limits};
}

native::MutableLabelSeries series_of(std::vector<std::byte>& bytes, const Vector4& sizes,
                                     LabelType type) {
  const auto width = static_cast<std::ptrdiff_t>(width_of(type));
  const auto y = width * static_cast<std::ptrdiff_t>(sizes[0]);
  const auto z = y * static_cast<std::ptrdiff_t>(sizes[1]);
  const auto w = z * static_cast<std::ptrdiff_t>(sizes[2]);
  return {{bytes.data(), type, {sizes[0], sizes[1], sizes[2]}, {width, y, z}}, sizes[3], w};
}

// Labels of a box, x fastest.
std::vector<std::byte> decode(const StreamIndex& index, Bytes stream, const Box& box,
                              unsigned threads) {
  Vector4 sizes{};
  std::size_t bytes = width_of(index.array().type.width);
  bool fits = true;
  for (std::size_t axis = 0; axis < 4; ++axis) {
    sizes[axis] = box.end[axis] - box.begin[axis];
    fits = fits && !__builtin_mul_overflow(bytes, sizes[axis], &bytes);
  }
  // A caller could not make room for more: it asks for less.
  if (!fits || bytes > limits.max_bytes) throw Error(ErrorKind::limit, "too large to try");
  std::vector<std::byte> labels(bytes);
  const std::vector<std::size_t> blocks = index.blocks_in(box);
  std::vector<Bytes> payloads;
  for (const std::size_t block : blocks) {
    const Extent extent = index.extent_of(block);
    payloads.push_back(stream.subspan(extent.offset, extent.bytes));
  }
  const native::NumberType type = index.array().type;
  index.decode(box, blocks, payloads, series_of(labels, sizes, type.width), type, limits, threads);
  return labels;
}

std::uint64_t label_at(const std::vector<std::byte>& labels, std::size_t voxel, std::size_t width) {
  std::uint64_t label = 0;
  std::memcpy(&label, &labels[voxel * width], width);
  return label;
}

void check_box(const StreamIndex& index, Bytes stream, const std::vector<std::byte>& labels,
               std::uint64_t hash) {
  const Vector4 sizes = index.sizes();
  Box box;
  for (std::size_t axis = 0; axis < 4; ++axis) {
    box.begin[axis] = (hash >> (4 * axis)) % sizes[axis];
    box.end[axis] =
        box.begin[axis] + 1 + (hash >> (4 * axis + 20)) % (sizes[axis] - box.begin[axis]);
  }
  const std::vector<std::byte> part = decode(index, stream, box, threads_of(hash));
  const std::size_t width = width_of(index.array().type.width);
  std::size_t voxel = 0;
  for (std::size_t w = box.begin[3]; w < box.end[3]; ++w) {
    for (std::size_t z = box.begin[2]; z < box.end[2]; ++z) {
      for (std::size_t y = box.begin[1]; y < box.end[1]; ++y) {
        const std::size_t row = box.begin[0] + sizes[0] * (y + sizes[1] * (z + sizes[2] * w));
        const std::size_t count = box.end[0] - box.begin[0];
        require(std::equal(part.begin() + static_cast<std::ptrdiff_t>(voxel * width),
                           part.begin() + static_cast<std::ptrdiff_t>((voxel + count) * width),
                           labels.begin() + static_cast<std::ptrdiff_t>(row * width)),
                "a box is a part of the volume");
        voxel += count;
      }
    }
  }
}

void check_round_trip(const StreamIndex& index, std::vector<std::byte> labels, std::uint64_t hash) {
  const Vector4 sizes = index.sizes();
  const native::ArrayInfo& array = index.array();
  const native::MutableLabelSeries out = series_of(labels, sizes, array.type.width);
  const native::LabelSeries in{
      {out.first.data, out.first.type, out.first.shape, out.first.strides}, out.count, out.stride};
  native::Options options{.profile = static_cast<native::Profile>(hash % 3),
                          .statistics = (hash >> 4) % 2 == 0};
  if ((hash >> 8) % 2 == 0) {
    const Vector4 block = index.block_shape();
    options.block = {block[0], block[1], block[2]};
  }
  const Stream again = native::encode(array, in, options, threads_of(hash >> 3));
  const StreamIndex encoded = open(again);
  require(decode(encoded, again, {{}, sizes}, 1) == labels, "an encoded volume decodes to itself");
  if (!encoded.has_statistics()) return;
  const Extent extent = encoded.statistics_extent();
  std::uint64_t voxels = 0;
  for (const std::uint64_t count :
       encoded.statistics(Bytes(again).subspan(extent.offset, extent.bytes)).counts) {
    voxels += count;
  }
  require(voxels == sizes[0] * sizes[1] * sizes[2] * sizes[3], "all voxels are counted");
}

void check(Bytes stream) {
  const std::uint64_t hash = hash_of(stream);
  const StreamIndex index = open(stream);
  const std::vector<std::uint64_t> labels = index.labels();
  if (index.has_statistics()) {
    // May be damaged although the rest is not.
    run([&] {
      const Extent extent = index.statistics_extent();
      static_cast<void>(index.statistics(stream.subspan(extent.offset, extent.bytes)));
    });
  }
  const std::vector<std::byte> decoded =
      decode(index, stream, {{}, index.sizes()}, threads_of(hash));
  const std::size_t width = width_of(index.array().type.width);
  const bool is_signed = index.array().type.kind == native::NumberKind::signed_integer;
  for (std::size_t voxel = 0; !is_signed && voxel < decoded.size() / width; ++voxel) {
    require(std::binary_search(labels.begin(), labels.end(), label_at(decoded, voxel, width)),
            "a stream lists all labels of its volume");
  }
  if (!decoded.empty()) check_box(index, stream, decoded, hash);
  check_round_trip(index, decoded, hash);
}

void write_u32(Stream& stream, std::size_t at, std::uint32_t value) {
  std::memcpy(&stream[at], &value, sizeof value);
}

// A short stream with its marks, a length of the index that it has room for, and its checksum.
Stream short_made_right(Bytes input) {
  constexpr std::size_t front = StreamIndex::front_bytes;
  Stream stream(input.begin(), input.end());
  std::copy_n(native::front_mark.begin(), front - 1, stream.begin());
  std::uint8_t& flags = stream[front - 1];
  flags = static_cast<std::uint8_t>(native::short_mark | native::one_block_flag |
                                    (flags & native::any_labels_flag) |
                                    (flags & native::profile_bits) % 3);
  const std::size_t room = stream.size() - front - native::checksum_bytes;
  // One byte is enough for the length of most indices; a longer one is left as it is.
  if (room > 0 && stream[front] < 0x80 && stream[front] >= room) {
    stream[front] = static_cast<std::uint8_t>(room - 1);
  }
  const std::size_t end = stream.size() - native::checksum_bytes;
  write_u32(stream, end, crc32c(Bytes(stream).first(end)));
  return stream;
}

// The footer of an input with its length, checksum and mark.
Stream right_footer(Bytes input) {
  constexpr std::size_t trailer = native::trailer_bytes;
  std::uint32_t length = 0;
  std::memcpy(&length, input.last(trailer).data(), sizeof length);
  const std::size_t most = input.size() - StreamIndex::front_bytes - trailer;
  const std::size_t bytes = std::min<std::size_t>(length, most);
  const Bytes content = input.subspan(input.size() - trailer - bytes, bytes);
  Stream footer(content.begin(), content.end());
  footer.resize(bytes + trailer);
  write_u32(footer, bytes, static_cast<std::uint32_t>(bytes));
  write_u32(footer, bytes + 4, crc32c(Bytes(footer).first(bytes + 4)));
  std::ranges::copy(native::end_mark, footer.end() - 4);
  return footer;
}

// Where the blocks end that a footer tells of: the reader of one in a huge stream says so.
std::size_t end_of_blocks(const Stream& footer) {
  try {
    static_cast<void>(StreamIndex(footer, std::uint64_t{1} << 40, limits));
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::corrupt && error.offset()) return *error.offset();
    throw;
  }
  throw Error(ErrorKind::limit, "too large to try");
}

void write_checksum(Stream& stream, const Extent& extent) {
  if (extent.bytes == 0) return;
  const Bytes payload = Bytes(stream).subspan(extent.offset, extent.bytes - 4);
  write_u32(stream, extent.offset + payload.size(), crc32c(payload));
}

// The same content with all that is checked first made right; blocks are cut or filled with zeros.
Stream made_right(Bytes input) {
  const auto need = [&](std::size_t bytes) {
    if (input.size() < StreamIndex::front_bytes + bytes) {
      throw Error(ErrorKind::truncated, "too small to mend");
    }
  };
  need(native::checksum_bytes);
  if (native::is_short_stream(input, input.size())) return short_made_right(input);
  need(native::trailer_bytes);
  const Stream footer = right_footer(input);
  const std::size_t end = end_of_blocks(footer);
  if (end > largest_stream || end < StreamIndex::front_bytes) {
    throw Error(ErrorKind::limit, "too large to try");
  }
  Stream stream(input.begin(), input.begin() + static_cast<std::ptrdiff_t>(
                                                   std::min(end, input.size() - footer.size())));
  stream.resize(end);
  std::ranges::copy(native::front_mark, stream.begin());
  stream.insert(stream.end(), footer.begin(), footer.end());
  const StreamIndex index = open(stream);
  for (std::size_t block = 0; block < index.block_count(); ++block) {
    write_checksum(stream, index.extent_of(block));
  }
  write_checksum(stream, index.statistics_extent());
  return stream;
}

}  // namespace
}  // namespace segpresso::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const segpresso::fuzz::Bytes input(data, size);
  segpresso::fuzz::run([&] { segpresso::fuzz::check(input); });
  return segpresso::fuzz::run([&] { segpresso::fuzz::check(segpresso::fuzz::made_right(input)); });
}
