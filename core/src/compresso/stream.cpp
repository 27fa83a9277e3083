#include "compresso/stream.hpp"

#include <algorithm>
#include <string>

#include "base/thread_team.hpp"
#include "compresso/location_coding.hpp"
#include "compresso/model_decoder.hpp"

namespace segpresso::compresso {
namespace {

// Slices of connectivity 4 have at least one component each, since their last voxel never is a
// boundary voxel: a header that claims more slices than labels is refused before anything is
// allocated for it.
void check_counts(const StreamParts& parts, const ByteReader& reader) {
  const Shape& shape = parts.geometry.shape;
  const bool six = parts.geometry.connectivity == Connectivity::six;
  if (parts.ids.size() < (six ? 1 : shape.z)) {
    reader.fail(ErrorKind::corrupt, "fewer labels than slices", header_section);
  }
  if (parts.values.size() == 0) {
    reader.fail(ErrorKind::corrupt, "no window values", header_section);
  }
}

}  // namespace

void check_shape(const StreamParts& parts, const ByteReader& reader, std::size_t header_bytes,
                 std::size_t stream_bytes) {
  if (checked_voxels(parts.geometry.shape) > 0) {
    check_slice(parts.geometry.shape);
    check_counts(parts, reader);
  } else if (stream_bytes != header_bytes) {
    reader.fail(ErrorKind::corrupt, "an empty volume with content", header_section);
  }
}

Shape shape_in(const PackedArray& header, std::size_t first) {
  return {.x = header[first + 2], .y = header[first + 1], .z = header[first]};
}

Window window_in(const PackedArray& header, std::size_t first) {
  const auto size = [&](std::size_t i) {
    // A size beyond 32 bits must not become a small one.
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(header[first + i], UINT32_MAX));
  };
  const Window window{.x = size(2), .y = size(1), .z = size(0)};
  if (!is_window(window)) header.fail(ErrorKind::corrupt, "impossible window size", first);
  return window;
}

PackedArray read_words(ByteReader& reader, unsigned width, std::size_t bytes) {
  if (bytes % width != 0) {
    throw Error(ErrorKind::truncated, "windows: the last word is incomplete", "windows",
                reader.offset() + bytes);
  }
  return reader.array(bytes / width, width, "windows");
}

Description describe_parts(const StreamParts& parts, LabelType type, unsigned version) {
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

void decode_parts(const StreamParts& parts, std::size_t z_begin, std::size_t z_end,
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

std::vector<std::uint64_t> list_labels(const StreamParts& parts, LabelType type) {
  std::vector<std::uint64_t> labels;
  labels.reserve(parts.ids.size());
  const auto add = [&](std::uint64_t label, const PackedArray& section, std::size_t i) {
    if (label > max_label(type)) {
      section.fail(ErrorKind::corrupt, "label does not fit the type of the voxels", i);
    }
    labels.push_back(label);
  };
  for (std::size_t i = 0; i < parts.ids.size(); ++i) {
    add(parts.ids[i] - (parts.paper_ids ? 1 : 0), parts.ids, i);
  }
  for (std::size_t i = 0; i < parts.locations.size(); ++i) {
    const std::uint64_t word = parts.locations[i];
    if (word == EscapedLocations<std::uint64_t>::escape && parts.has_escape()) {
      ++i;
      add(parts.locations[i], parts.locations, i);
    } else if (word >= parts.first_label_word) {
      add(word - parts.first_label_word, parts.locations, i);
    }
  }
  std::ranges::sort(labels);
  const auto repeated = std::ranges::unique(labels);
  labels.erase(repeated.begin(), repeated.end());
  return labels;
}

}  // namespace segpresso::compresso
