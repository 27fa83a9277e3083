#include "native/footer.hpp"

#include <algorithm>
#include <string>

#include "base/byte_reader.hpp"
#include "base/byte_writer.hpp"
#include "base/crc32c.hpp"
#include "native/varint.hpp"

namespace segpresso::native {
namespace {

// In the last byte of the front; the other bits are flags.
constexpr unsigned short_mark = 0x80;

// What stands before the checksum at the end of `bytes`, which must be right.
Bytes checked_part(Bytes bytes, std::uint64_t offset, const char* why) {
  const Bytes part = bytes.first(bytes.size() - checksum_bytes);
  ByteReader checksum(bytes.last(checksum_bytes));
  if (checksum.read<std::uint32_t>(index_section) != crc32c(part)) {
    throw Error(ErrorKind::corrupt, why, index_section, offset);
  }
  return part;
}

bool is_short(Bytes tail, std::uint64_t stream_bytes) {
  return tail.size() == stream_bytes && stream_bytes <= StreamIndex::tail_bytes &&
         tail.size() >= StreamIndex::front_bytes &&
         (tail[StreamIndex::front_bytes - 1] & short_mark) != 0;
}

Footer read_short_stream(Bytes stream, const Limits& limits) {
  constexpr std::size_t front = StreamIndex::front_bytes;
  StreamIndex::check_front(stream);
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
  Footer footer;
  footer.is_short = true;
  footer.payload_checksum = crc32c(payload);
  read_index(rest.first(length), stream[front - 1] & ~short_mark,
             {checked.size() - payload.size(), payload.size()}, limits, footer);
  return footer;
}

}  // namespace

std::vector<std::uint8_t> write_footer(const Footer& footer) {
  ByteWriter index;
  write_index(index, footer);
  if (index.size() > UINT32_MAX) {
    throw Error(ErrorKind::unsupported, "the index takes more than 4 GiB", index_section);
  }
  index.write(static_cast<std::uint32_t>(index.size()));
  index.write(crc32c(index.bytes()));
  index.write_all(std::span<const std::uint8_t>(end_mark));
  return index.take();
}

bool can_be_short(const Footer& footer) {
  return footer.grid.size() <= 1 && has_one_block(footer.grid) && !footer.has_statistics;
}

std::vector<std::uint8_t> write_short_stream(Footer footer, Bytes payload) {
  footer.is_short = true;
  ByteWriter index;
  write_index(index, footer);
  ByteWriter stream;
  stream.write_all(std::span<const std::uint8_t>(front_mark).first(front_mark.size() - 1));
  stream.write(static_cast<std::uint8_t>(short_mark | flags_of(footer)));
  write_varint(stream, index.size());
  stream.write_all(index.bytes());
  stream.write_all(payload);
  stream.write(crc32c(stream.bytes()));
  return stream.take();
}

Footer read_footer(Bytes bytes, std::uint64_t stream_bytes, const Limits& limits) {
  if (is_short(bytes, stream_bytes)) return read_short_stream(bytes, limits);
  const Extent extent = StreamIndex::locate(bytes, stream_bytes);
  if (extent.bytes != bytes.size()) {
    throw Error(ErrorKind::invalid_argument, "these are not the bytes of the index");
  }
  const Bytes checked = checked_part(bytes.first(bytes.size() - end_mark.size()), extent.offset,
                                     "index: its checksum is wrong");
  Footer footer;
  read_index(checked.first(bytes.size() - trailer_bytes), 0,
             {StreamIndex::front_bytes, extent.offset - StreamIndex::front_bytes}, limits, footer);
  return footer;
}

Extent StreamIndex::locate(Bytes tail, std::uint64_t stream_bytes) {
  if (is_short(tail, stream_bytes)) return {0, stream_bytes};
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

void StreamIndex::check_front(Bytes front) {
  if (front.size() < front_bytes) {
    throw Error(ErrorKind::truncated, "header: the stream ends within it", "header", front.size());
  }
  if (!std::equal(front.begin(), front.begin() + 4, front_mark.begin())) {
    throw Error(ErrorKind::corrupt, "header: this is no stream of segpresso", "header", 0);
  }
  const unsigned version = front[4];
  if (version == front_mark[4] ||
      ((version & short_mark) != 0 && are_short_flags(version & ~short_mark))) {
    return;
  }
  throw Error(ErrorKind::unsupported,
              "header: format version " + std::to_string(version) +
                  " is unknown; a newer segpresso may read it",
              "header", 4);
}

}  // namespace segpresso::native
