// cpso (docs/streams.md section 4), format versions 0 and 1: 36-byte header, ids, values,
// locations, windows [, z index].
#include <algorithm>
#include <array>
#include <numeric>

#include "base/byte_writer.hpp"
#include "compresso/cpso_words.hpp"
#include "compresso/location_coding.hpp"
#include "compresso/model_encoder.hpp"
#include "compresso/stream.hpp"

namespace segpresso::compresso {
namespace {

constexpr std::array<std::uint8_t, 4> magic{'c', 'p', 's', 'o'};
constexpr std::size_t header_bytes = 36;

struct Header {
  unsigned version = 0;
  LabelType type = LabelType::u8;
  Shape shape;
  Window window;
  std::uint64_t ids = 0;
  std::uint32_t values = 0;
  std::uint64_t locations = 0;
  unsigned connectivity = 4;
};

constexpr unsigned index_width(const Shape& shape) noexcept {
  const std::uint64_t largest = std::uint64_t{2} * shape.x * shape.y;
  return largest < 255 ? 1 : largest < 65535 ? 2 : largest < UINT32_MAX ? 4 : 8;
}

Header read_header(ByteReader& reader) {
  const PackedArray start = reader.array(magic.size(), 1, header_section);
  for (std::size_t i = 0; i < magic.size(); ++i) {
    if (start[i] != magic[i]) start.fail(ErrorKind::corrupt, "does not begin with 'cpso'", i);
  }
  Header header;
  header.version = reader.read<std::uint8_t>(header_section);
  if (header.version > 1) {
    reader.fail(ErrorKind::unsupported,
                "format version " + std::to_string(header.version) + " is not known",
                header_section);
  }
  const auto width = reader.read<std::uint8_t>(header_section);
  if (width != 1 && width != 2 && width != 4 && width != 8) {
    reader.fail(ErrorKind::corrupt, "labels must have 1, 2, 4 or 8 bytes", header_section);
  }
  header.type = static_cast<LabelType>(width);
  header.shape.x = reader.read<std::uint16_t>(header_section);
  header.shape.y = reader.read<std::uint16_t>(header_section);
  header.shape.z = reader.read<std::uint16_t>(header_section);
  header.window.x = reader.read<std::uint8_t>(header_section);
  header.window.y = reader.read<std::uint8_t>(header_section);
  header.window.z = reader.read<std::uint8_t>(header_section);
  if (!is_window(header.window)) {
    reader.fail(ErrorKind::corrupt, "impossible window size", header_section);
  }
  header.ids = reader.read<std::uint64_t>(header_section);
  header.values = reader.read<std::uint32_t>(header_section);
  header.locations = reader.read<std::uint64_t>(header_section);
  header.connectivity = reader.read<std::uint8_t>(header_section);
  if (header.connectivity != 4 && header.connectivity != 6) {
    reader.fail(ErrorKind::corrupt, "connectivity must be 4 or 6", header_section);
  }
  if (header.version == 1 && header.connectivity != 4) {
    reader.fail(ErrorKind::corrupt, "a z index needs connectivity 4", header_section);
  }
  return header;
}

void check_index(const StreamParts& parts) {
  const PackedArray& locations = parts.index_locations;
  if (locations[0] != 0) locations.fail(ErrorKind::corrupt, "does not begin at 0", 0);
  std::uint64_t components = 0;
  for (std::size_t z = 0; z < parts.index_components.size(); ++z) {
    components += parts.index_components[z];
  }
  if (components != parts.ids.size()) {
    parts.index_components.fail(ErrorKind::corrupt, "counts do not add up to the labels", 0);
  }
}

StreamParts parse(Bytes stream, Header& header) {
  ByteReader reader(stream);
  header = read_header(reader);
  StreamParts parts;
  parts.geometry = {header.shape, header.window,
                    header.connectivity == 6 ? Connectivity::six : Connectivity::four,
                    header.version == 0};
  parts.word_rules = {.odd_is_run = true, .may_end_early = false};
  parts.first_label_word = 7;
  const auto label_width = static_cast<unsigned>(width_of(header.type));
  const unsigned word_width = window_width(header.window.voxels());
  parts.ids = reader.array(header.ids, label_width, "ids");
  parts.values = reader.array(header.values, word_width, "values");
  parts.locations = reader.array(header.locations, label_width, "locations");
  const unsigned z_width = index_width(header.shape);
  const bool indexed = header.version == 1 && header.shape.voxels() > 0;
  const std::size_t index_bytes = indexed ? 2 * header.shape.z * z_width : 0;
  if (reader.remaining() < index_bytes) {
    throw Error(ErrorKind::truncated, "z index: the stream ends inside it", "z index",
                stream.size());
  }
  parts.words = read_words(reader, word_width, reader.remaining() - index_bytes);
  check_shape(parts, reader, header_bytes, stream.size());
  if (indexed) {
    parts.index_components = reader.array(header.shape.z, z_width, "z index");
    parts.index_locations = reader.array(header.shape.z, z_width, "z index");
    check_index(parts);
  }
  return parts;
}

void write_header(ByteWriter& out, const Header& header) {
  for (const std::uint8_t byte : magic) out.write(byte);
  out.write(static_cast<std::uint8_t>(header.version));
  out.write(static_cast<std::uint8_t>(width_of(header.type)));
  for (const std::size_t size : {header.shape.x, header.shape.y, header.shape.z}) {
    out.write(static_cast<std::uint16_t>(size));
  }
  for (const std::uint32_t size : {header.window.x, header.window.y, header.window.z}) {
    out.write(static_cast<std::uint8_t>(size));
  }
  out.write(header.ids);
  out.write(header.values);
  out.write(header.locations);
  out.write(static_cast<std::uint8_t>(header.connectivity));
}

void write_index(ByteWriter& out, const std::vector<SliceSummary>& slices, unsigned width) {
  for (const SliceSummary& slice : slices) out.write(slice.components, width);
  std::uint64_t before = 0;
  for (const SliceSummary& slice : slices) {
    out.write(before, width);
    before = slice.location_words;
  }
}

template <class T>
EscapedLocations<T> coding_for(bool neuroglancer_safe) {
  EscapedLocations<T> coding;
  if constexpr (sizeof(T) == 8) {
    if (neuroglancer_safe) coding.first_escaped = UINT32_MAX - 6;
  }
  return coding;
}

template <class T>
std::vector<std::uint8_t> encode(const LabelView& labels, const CpsoOptions& options,
                                 unsigned threads) {
  const bool six = options.connectivity == 6;
  Header header{.version = options.z_index && !six ? 1U : 0U,
                .type = labels.type,
                .shape = labels.shape,
                .window = options.window,
                .connectivity = options.connectivity};
  ByteWriter out;
  if (labels.shape.voxels() == 0) {
    header.version = 0;
    write_header(out, header);
    return out.take();
  }
  ThreadTeam team(useful_threads(threads, labels.shape.voxels()));
  const Geometry geometry{labels.shape, options.window,
                          six ? Connectivity::six : Connectivity::four, header.version == 0};
  const auto coding = coding_for<T>(options.neuroglancer_safe);
  ModelEncoder<T, EscapedLocations<T>> model(labels, geometry, coding, team);
  const unsigned word_width = window_width(options.window.voxels());
  const WindowEncoder windows = model.take_windows();
  const std::vector<std::vector<T>> locations = model.take_locations();
  const std::vector<std::uint64_t>& values = windows.values();
  const std::uint64_t max_values = std::uint64_t{1} << std::min(31U, 8 * word_width - 1);
  if (values.size() > max_values) {
    throw Error(ErrorKind::unsupported,
                "the volume has " + std::to_string(values.size()) +
                    " distinct windows, but a window of " +
                    std::to_string(options.window.voxels()) + " voxels allows only " +
                    std::to_string(max_values) + "; choose a larger window such as (8, 8, 1)",
                "values");
  }
  const std::vector<WindowEncoder::Part> parts = windows.parts();
  std::vector<std::size_t> words(parts.size());
  team.for_each(parts.size(), [&](std::size_t i, unsigned) {
    words[i] = count_cpso_words(parts[i], word_width);
  });
  header.ids = model.ids().size();
  header.values = static_cast<std::uint32_t>(values.size());
  header.locations = 0;
  for (const std::vector<T>& part : locations) header.locations += part.size();
  const std::size_t body =
      header.locations * sizeof(T) + std::reduce(words.begin(), words.end()) * word_width;
  const unsigned z_width = index_width(labels.shape);
  out.reserve(header_bytes + header.ids * sizeof(T) + header.values * word_width + body +
              2 * labels.shape.z * z_width);
  write_header(out, header);
  out.write_all(std::span<const T>(model.ids()));
  out.write_all(std::span<const std::uint64_t>(values), word_width);

  std::vector<std::uint8_t*> places{out.append(body)};
  for (const std::vector<T>& part : locations) {
    places.push_back(places.back() + part.size() * sizeof(T));
  }
  for (const std::size_t count : words) places.push_back(places.back() + count * word_width);
  team.for_each(locations.size() + parts.size(), [&](std::size_t i, unsigned) {
    if (i < locations.size()) {
      std::ranges::copy(std::as_bytes(std::span(locations[i])),
                        reinterpret_cast<std::byte*>(places[i]));
    } else {
      write_cpso_words(parts[i - locations.size()], word_width, places[i]);
    }
  });
  if (header.version == 1) write_index(out, model.slices(), z_width);
  return out.take();
}

// Builds the location words of remapped labels and, per slice of the z index, their number.
template <class T, class Map>
class LocationRemapper {
 public:
  LocationRemapper(const PackedArray& words, const Map& map, const EscapedLocations<T>& coding)
      : words_(words), map_(map), coding_(coding) {}

  // The next `count` old words; returns the number of new ones.
  std::size_t take(std::size_t count) {
    const std::size_t before = result_.size();
    const std::size_t end = next_ + count;
    while (next_ < end) {
      const std::uint64_t word = words_[next_++];
      if (word < neighbour_codes) {
        result_.push_back(static_cast<T>(word));
      } else if (word == EscapedLocations<T>::escape) {
        // Stays escaped, perhaps for a reader that needs it so.
        result_.push_back(EscapedLocations<T>::escape);
        result_.push_back(map_(words_[next_++]));
      } else {
        coding_.add_label(result_, map_(word - EscapedLocations<T>::offset));
      }
    }
    if (next_ != end) {
      words_.fail(ErrorKind::corrupt, "a slice ends within an escaped label", next_);
    }
    return result_.size() - before;
  }

  [[nodiscard]] const std::vector<T>& result() const noexcept { return result_; }

 private:
  const PackedArray& words_;
  const Map& map_;
  EscapedLocations<T> coding_;
  std::size_t next_ = 0;
  std::vector<T> result_;
};

template <class T>
std::vector<std::uint8_t> remap(const StreamParts& parts, Header header,
                                std::span<const std::uint64_t> from,
                                std::span<const std::uint64_t> to, bool neuroglancer_safe) {
  const auto map = [&](std::uint64_t label) {
    const auto at = std::ranges::lower_bound(from, label);
    if (at == from.end() || *at != label) return static_cast<T>(label);
    const std::uint64_t mapped = to[static_cast<std::size_t>(at - from.begin())];
    if (mapped > std::numeric_limits<T>::max()) {
      throw Error(ErrorKind::invalid_argument, "label " + std::to_string(mapped) +
                                                   " does not fit the stream's " +
                                                   std::to_string(8 * sizeof(T)) + "-bit labels");
    }
    return static_cast<T>(mapped);
  };
  LocationRemapper<T, decltype(map)> locations(parts.locations, map,
                                               coding_for<T>(neuroglancer_safe));
  std::vector<std::uint64_t> index;
  std::size_t taken = 0;
  for (std::size_t z = 0; z < parts.index_locations.size(); ++z) {
    const std::size_t count = parts.index_locations[z];
    if (count > parts.locations.size() - taken) {
      parts.index_locations.fail(ErrorKind::corrupt, "points behind the locations", z);
    }
    taken += count;
    index.push_back(locations.take(count));
  }
  locations.take(parts.locations.size() - taken);

  ByteWriter out;
  header.locations = locations.result().size();
  write_header(out, header);
  for (std::size_t i = 0; i < parts.ids.size(); ++i) out.write(map(parts.ids[i]));
  const auto copy = [&](const PackedArray& section) {
    for (std::size_t i = 0; i < section.size(); ++i) out.write(section[i], section.width());
  };
  copy(parts.values);
  out.write_all(std::span<const T>(locations.result()));
  copy(parts.words);
  copy(parts.index_components);
  out.write_all(std::span<const std::uint64_t>(index), parts.index_locations.width());
  return out.take();
}

}  // namespace

std::vector<std::uint8_t> encode_cpso(const LabelView& labels, const CpsoOptions& options,
                                      unsigned threads) {
  check_window(options.window);
  if (options.connectivity != 4 && options.connectivity != 6) {
    throw Error(ErrorKind::invalid_argument, "connectivity must be 4 or 6");
  }
  for (const std::size_t size : {labels.shape.x, labels.shape.y, labels.shape.z}) {
    if (size > UINT16_MAX) {
      throw Error(ErrorKind::unsupported, "cpso holds sizes up to 65535 voxels, not " +
                                              std::to_string(size) +
                                              "; split the volume into chunks");
    }
  }
  return with_label_type(labels.type,
                         [&]<class T>() { return encode<T>(labels, options, threads); });
}

Description describe_cpso(Bytes stream) {
  Header header;
  const StreamParts parts = parse(stream, header);
  Description description = describe_parts(parts, header.type, header.version);
  description.sections = {
      {header_section, header_bytes},
      {"ids", parts.ids.bytes()},
      {"values", parts.values.bytes()},
      {"locations", parts.locations.bytes()},
      {"windows", parts.words.bytes()},
      {"z index", parts.index_components.bytes() + parts.index_locations.bytes()}};
  return description;
}

void decode_cpso(Bytes stream, std::size_t z_begin, std::size_t z_end, const MutableLabelView& out,
                 const Limits& limits, unsigned threads) {
  Header header;
  const StreamParts parts = parse(stream, header);
  if (z_begin > z_end || z_end > header.shape.z) {
    throw Error(ErrorKind::invalid_argument,
                "z range [" + std::to_string(z_begin) + ", " + std::to_string(z_end) +
                    ") is not within the volume's " + std::to_string(header.shape.z) + " slices");
  }
  if (z_end - z_begin != header.shape.z && header.version == 0 && header.shape.voxels() != 0 &&
      z_begin != z_end) {
    throw Error(ErrorKind::unsupported,
                "this stream has no z index: only the whole volume can be decoded");
  }
  decode_parts(parts, z_begin, z_end, out, limits, threads);
}

std::vector<std::uint64_t> labels_of_cpso(Bytes stream) {
  Header header;
  const StreamParts parts = parse(stream, header);
  return list_labels(parts, header.type);
}

std::vector<std::uint8_t> remap_cpso(Bytes stream, std::span<const std::uint64_t> from,
                                     std::span<const std::uint64_t> to, bool neuroglancer_safe) {
  if (from.size() != to.size() || !std::ranges::is_sorted(from)) {
    throw Error(ErrorKind::invalid_argument,
                "the mapping must have as many new labels as ascending old ones");
  }
  Header header;
  const StreamParts parts = parse(stream, header);
  return with_label_type(
      header.type, [&]<class T>() { return remap<T>(parts, header, from, to, neuroglancer_safe); });
}

}  // namespace segpresso::compresso
