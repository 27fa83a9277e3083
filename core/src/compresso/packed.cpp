// v2 (docs/streams.md section 3): 77-byte header, then values, ids, locations and window words,
// each in as few bytes as needed.
#include "base/byte_writer.hpp"
#include "compresso/paper_model.hpp"
#include "compresso/stream.hpp"

namespace segpresso::compresso {
namespace {

constexpr std::size_t packed_header_bytes = 77;

// Bytes per entry of each section.
struct Widths {
  unsigned value;
  unsigned id;
  unsigned location;
  unsigned word;
};

constexpr unsigned bytes_for(std::uint64_t largest) noexcept {
  unsigned bytes = 1;
  while (bytes < 8 && largest >> (8 * bytes) != 0) ++bytes;
  return bytes;
}

void check_whole_bytes(const Window& window) {
  if (window.voxels() % 8 != 0) {
    throw Error(ErrorKind::invalid_argument,
                "compresso-v2 stores windows in whole bytes: the window's product must be a "
                "multiple of 8, not " +
                    std::to_string(window.voxels()));
  }
}

StreamParts parse(Bytes stream, LabelType& type) {
  ByteReader reader(stream);
  const PackedArray header = reader.array(9, 8, header_section);
  const PackedArray widths = reader.array(5, 1, header_section);
  StreamParts parts;
  parts.paper_ids = true;
  parts.word_rules = {.odd_is_run = false, .may_end_early = false};
  parts.geometry.shape = shape_in(header, 0);
  parts.geometry.window = window_in(header, 3);
  for (std::size_t i = 0; i < 4; ++i) {
    if (widths[i] < 1 || widths[i] > 8) {
      widths.fail(ErrorKind::corrupt, "an entry must take 1 to 8 bytes", i);
    }
  }
  if (8 * widths[0] != parts.geometry.window.voxels()) {
    widths.fail(ErrorKind::corrupt, "bytes per window value contradict the window size", 0);
  }
  const std::uint64_t label_bytes = widths[4];
  if (label_bytes != 1 && label_bytes != 2 && label_bytes != 4 && label_bytes != 8) {
    widths.fail(ErrorKind::corrupt, "labels must have 1, 2, 4 or 8 bytes", 4);
  }
  type = static_cast<LabelType>(label_bytes);
  const auto width = [&](std::size_t i) { return static_cast<unsigned>(widths[i]); };
  parts.values = reader.array(header[6], width(0), "values");
  parts.ids = reader.array(header[7], width(1), "ids");
  parts.locations = reader.array(header[8], width(2), "locations");
  parts.words = read_words(reader, width(3), reader.remaining());
  check_shape(parts, reader, packed_header_bytes, stream.size());
  return parts;
}

}  // namespace

std::vector<std::uint8_t> encode_packed(const LabelView& labels, const PaperOptions& options,
                                        unsigned threads) {
  check_window(options.window);
  check_whole_bytes(options.window);
  check_slice(labels.shape);
  ByteWriter out;
  const Window& window = options.window;
  const auto write_header = [&](std::size_t values, std::size_t ids, std::size_t locations,
                                const Widths& widths) {
    const Shape& shape = labels.shape;
    for (const std::uint64_t field :
         {std::uint64_t{shape.z}, std::uint64_t{shape.y}, std::uint64_t{shape.x},
          std::uint64_t{window.z}, std::uint64_t{window.y}, std::uint64_t{window.x},
          std::uint64_t{values}, std::uint64_t{ids}, std::uint64_t{locations}}) {
      out.write(field);
    }
    for (const unsigned width : {widths.value, widths.id, widths.location, widths.word}) {
      out.write(static_cast<std::uint8_t>(width));
    }
    out.write(static_cast<std::uint8_t>(width_of(labels.type)));
  };
  if (labels.shape.voxels() == 0) {
    write_header(0, 0, 0, {window.voxels() / 8, 1, 1, 1});
    return out.take();
  }
  const PaperModel model = find_paper_model(labels, options, threads);
  const std::vector<std::uint64_t>& ids = model.ids;
  const std::vector<std::uint64_t>& values = model.windows.values();

  std::uint64_t largest_location = 0;
  for (const auto& part : model.locations) {
    for (const std::uint64_t word : part) largest_location = std::max(largest_location, word);
  }
  std::uint64_t longest_run = 0;
  const auto measure = [&](std::uint64_t run) { longest_run = std::max(longest_run, run); };
  measure(model.windows.for_each_run(measure, [](std::uint64_t) {}));
  const Widths widths{
      .value = window.voxels() / 8,
      .id = bytes_for(std::ranges::max(ids)),
      .location = bytes_for(largest_location),
      // As the original: one index more than the largest that is written.
      .word = bytes_for(std::max<std::uint64_t>(2 * values.size() + 1, 2 * longest_run)),
  };
  write_header(values.size(), ids.size(), model.location_count(), widths);
  out.write_all(std::span<const std::uint64_t>(values), widths.value);
  out.write_all(std::span<const std::uint64_t>(ids), widths.id);
  for (const auto& part : model.locations) {
    out.write_all(std::span<const std::uint64_t>(part), widths.location);
  }
  const auto write_run = [&](std::uint64_t run) { out.write(2 * run, widths.word); };
  const std::uint64_t last_run = model.windows.for_each_run(
      write_run, [&](std::uint64_t index) { out.write(2 * index + 1, widths.word); });
  if (last_run != 0) write_run(last_run);
  return out.take();
}

Description describe_packed(Bytes stream) {
  LabelType type{};
  const StreamParts parts = parse(stream, type);
  Description description = describe_parts(parts, type, 2);
  description.sections = {{header_section, packed_header_bytes},
                          {"values", parts.values.bytes()},
                          {"ids", parts.ids.bytes()},
                          {"locations", parts.locations.bytes()},
                          {"windows", parts.words.bytes()}};
  return description;
}

void decode_packed(Bytes stream, const MutableLabelView& out, const Limits& limits,
                   unsigned threads) {
  LabelType type{};
  const StreamParts parts = parse(stream, type);
  decode_parts(parts, 0, parts.geometry.shape.z, out, limits, threads);
}

std::vector<std::uint64_t> labels_of_packed(Bytes stream) {
  LabelType type{};
  const StreamParts parts = parse(stream, type);
  return list_labels(parts, type);
}

}  // namespace segpresso::compresso
