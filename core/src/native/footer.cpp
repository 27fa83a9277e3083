#include "native/footer.hpp"

#include <algorithm>
#include <string>

#include "base/byte_reader.hpp"
#include "base/byte_writer.hpp"
#include "base/crc32c.hpp"
#include "native/varint.hpp"

namespace segpresso::native {
namespace {

// What stands before the checksum at the end of `bytes`, which must be right.
Bytes checked_part(Bytes bytes, std::uint64_t offset, const char* why) {
  const Bytes part = bytes.first(bytes.size() - checksum_bytes);
  ByteReader checksum(bytes.last(checksum_bytes));
  if (checksum.read<std::uint32_t>(index_section) != crc32c(part)) {
    throw Error(ErrorKind::corrupt, why, index_section, offset);
  }
  return part;
}

IndexContent read_short_stream(Bytes stream, const Limits& limits) {
  constexpr std::size_t front = StreamIndex::front_bytes;
  StreamIndex::check_front(stream, stream.size());
  if (stream.size() < front + checksum_bytes) {
    throw Error(ErrorKind::truncated, "the stream ends before its checksum", index_section,
                stream.size());
  }
  const Bytes checked =
      checked_part(stream, 0, "the stream's checksum is wrong: it was changed or cut off");
  ByteReader reader(checked.subspan(front));
  const std::uint64_t length = read_varint(reader, index_section);
  const Bytes rest = checked.subspan(front + reader.offset());
  if (length > rest.size()) {
    throw Error(ErrorKind::truncated, "index: it is longer than the stream", index_section,
                stream.size());
  }
  const Bytes payload = rest.subspan(length);
  return parse_index(rest.first(length),
                     ShortForm{stream[front - 1] & ~short_mark, crc32c(payload)},
                     {checked.size() - payload.size(), payload.size()}, limits);
}

}  // namespace

bool is_short_stream(Bytes tail, std::uint64_t stream_bytes) {
  return tail.size() == stream_bytes && stream_bytes <= StreamIndex::most_short_bytes &&
         tail.size() >= StreamIndex::front_bytes &&
         (tail[StreamIndex::front_bytes - 1] & short_mark) != 0;
}

std::vector<std::uint8_t> write_footer(const IndexContent& content) {
  ByteWriter index;
  write_index(index, content);
  if (index.size() > UINT32_MAX) {
    throw Error(ErrorKind::unsupported, "the index takes more than 4 GiB", index_section);
  }
  index.write(static_cast<std::uint32_t>(index.size()));
  index.write(crc32c(index.bytes()));
  index.write_all(std::span<const std::uint8_t>(end_mark));
  return index.take();
}

bool may_be_short(const IndexContent& content) {
  const auto& blocks = content.tables.blocks;
  return blocks.size() <= 1 && blocks_span_volumes(content.grid) && !content.has_statistics &&
         (blocks.empty() || blocks.front().bytes < StreamIndex::most_short_bytes);
}

std::vector<std::uint8_t> write_short_stream(IndexContent content, Bytes payload) {
  content.payload_checksum = crc32c(payload);
  ByteWriter index;
  write_index(index, content);
  ByteWriter stream;
  stream.write_all(std::span<const std::uint8_t>(front_mark).first(front_mark.size() - 1));
  stream.write(static_cast<std::uint8_t>(short_mark | flags_of(content)));
  write_varint(stream, index.size());
  stream.write_all(index.bytes());
  stream.write_all(payload);
  stream.write(crc32c(stream.bytes()));
  return stream.take();
}

IndexContent read_index(Bytes bytes, std::uint64_t stream_bytes, const Limits& limits) {
  if (is_short_stream(bytes, stream_bytes)) return read_short_stream(bytes, limits);
  const Extent extent = StreamIndex::locate(bytes, stream_bytes);
  if (extent.bytes != bytes.size()) {
    throw Error(ErrorKind::invalid_argument, "these are not the bytes of the index");
  }
  const Bytes checked = checked_part(bytes.first(bytes.size() - end_mark.size()), extent.offset,
                                     "index: its checksum is wrong");
  return parse_index(checked.first(bytes.size() - trailer_bytes), {},
                     {StreamIndex::front_bytes, extent.offset - StreamIndex::front_bytes}, limits);
}

Extent StreamIndex::locate(Bytes tail, std::uint64_t stream_bytes) {
  if (is_short_stream(tail, stream_bytes)) return {0, stream_bytes};
  const bool known = tail.size() >= trailer_bytes && stream_bytes >= front_bytes + trailer_bytes &&
                     std::ranges::equal(tail.last(end_mark.size()), end_mark);
  if (!known) {
    throw Error(ErrorKind::truncated,
                "the stream does not end with its end mark: it was cut off, or not finished",
                index_section, stream_bytes);
  }
  ByteReader reader(tail.last(trailer_bytes));
  const auto length = reader.read<std::uint32_t>(index_section);
  if (length > stream_bytes - front_bytes - trailer_bytes) {
    throw Error(ErrorKind::truncated, "index: it is longer than the stream", index_section,
                stream_bytes);
  }
  const std::uint64_t bytes = std::uint64_t{length} + trailer_bytes;
  return {stream_bytes - bytes, bytes};
}

void StreamIndex::check_front(Bytes front, std::uint64_t stream_bytes) {
  if (front.size() < front_bytes) {
    throw Error(ErrorKind::truncated, "header: the stream ends within it", "header", front.size());
  }
  if (!std::equal(front.begin(), front.begin() + 4, front_mark.begin())) {
    throw Error(ErrorKind::corrupt, "header: this is no stream of segpresso", "header", 0);
  }
  const unsigned version = front[4];
  if (version == front_mark[4]) return;
  if ((version & short_mark) == 0) {
    throw Error(ErrorKind::unsupported,
                "header: format version " + std::to_string(version) +
                    " is unknown; a newer segpresso may read it",
                "header", 4);
  }
  if (!are_short_flags(version & ~short_mark)) {
    throw Error(ErrorKind::unsupported,
                "header: flags " + std::to_string(version & ~short_mark) +
                    " of a short stream are unknown; a newer segpresso may read it",
                "header", 4);
  }
  if (stream_bytes > most_short_bytes) {
    throw Error(ErrorKind::corrupt,
                "header: that of a short stream, which has at most " +
                    std::to_string(most_short_bytes) + " bytes, not " +
                    std::to_string(stream_bytes),
                "header", 4);
  }
}

}  // namespace segpresso::native
