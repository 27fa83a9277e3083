// What the three formats share around their byte layouts.
#pragma once

#include <algorithm>
#include <string>

#include "base/thread_team.hpp"
#include "compresso/model_decoder.hpp"

namespace segpresso::compresso {

inline constexpr const char* header_section = "header";

// Slices of connectivity 4 have at least one component each, since their last voxel never is a
// boundary voxel: a header that claims more slices than labels is refused before anything is
// allocated for it.
inline void check_counts(const StreamParts& parts, const ByteReader& reader) {
  const Shape& shape = parts.geometry.shape;
  const bool six = parts.geometry.connectivity == Connectivity::six;
  if (parts.ids.size() < (six ? 1 : shape.z)) {
    reader.fail(ErrorKind::corrupt, "fewer labels than slices", header_section);
  }
  if (parts.values.size() == 0) {
    reader.fail(ErrorKind::corrupt, "no window values", header_section);
  }
}

// Refuses shapes that cannot be, or that the rest of the stream does not bear out. Empty volumes
// are a header and nothing else.
inline void check_shape(const StreamParts& parts, const ByteReader& reader,
                        std::size_t header_bytes, std::size_t stream_bytes) {
  if (checked_voxels(parts.geometry.shape) > 0) {
    check_slice(parts.geometry.shape);
    check_counts(parts, reader);
  } else if (stream_bytes != header_bytes) {
    reader.fail(ErrorKind::corrupt, "an empty volume with content", header_section);
  }
}

// v1 and v2: sizes z, y, x from element `first` of a header on.
inline Shape shape_in(const PackedArray& header, std::size_t first) {
  return {.x = header[first + 2], .y = header[first + 1], .z = header[first]};
}

inline Window window_in(const PackedArray& header, std::size_t first) {
  const auto size = [&](std::size_t i) {
    // A size beyond 32 bits must not become a small one.
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(header[first + i], UINT32_MAX));
  };
  const Window window{.x = size(2), .y = size(1), .z = size(0)};
  if (!is_window(window)) header.fail(ErrorKind::corrupt, "impossible window size", first);
  return window;
}

// The rest of the stream as window words.
inline PackedArray read_words(ByteReader& reader, unsigned width, std::size_t bytes) {
  if (bytes % width != 0) {
    throw Error(ErrorKind::truncated, "windows: the last word is incomplete", "windows",
                reader.offset() + bytes);
  }
  return reader.array(bytes / width, width, "windows");
}

inline Description describe_parts(const StreamParts& parts, LabelType type, unsigned version) {
  Description description;
  description.shape = parts.geometry.shape;
  description.type = type;
  description.window = parts.geometry.window;
  description.version = version;
  description.connectivity = parts.geometry.connectivity == Connectivity::six ? 6 : 4;
  description.z_index = parts.has_index();
  description.ids = parts.ids.size();
  description.values = parts.values.size();
  description.locations = parts.locations.size();
  return description;
}

inline void decode_parts(const StreamParts& parts, std::size_t z_begin, std::size_t z_end,
                         const MutableLabelView& out, const Limits& limits, unsigned threads) {
  Shape shape = parts.geometry.shape;
  shape.z = z_end - z_begin;
  check_target(out, shape, limits);
  if (shape.voxels() == 0) return;
  ThreadTeam team(useful_threads(threads, shape.voxels()));
  with_label_type(out.type, [&]<class T>() {
    ModelDecoder<T>(parts, z_begin, z_end, out, limits, team).decode();
  });
}

}  // namespace segpresso::compresso
