// MICCAI v1 (docs/streams.md section 2): 72-byte header, then ids, values, locations (64-bit words)
// and window words (32-bit).
#include "base/byte_writer.hpp"
#include "compresso/paper_model.hpp"
#include "compresso/stream.hpp"

namespace segpresso::compresso {
namespace {

constexpr std::size_t miccai_header_bytes = 72;

StreamParts parse(Bytes stream) {
  ByteReader reader(stream);
  const PackedArray header = reader.array(9, 8, header_section);
  StreamParts parts;
  parts.paper_ids = true;
  parts.word_rules = {.odd_is_run = true, .may_end_early = true};
  parts.geometry.shape = shape_in(header, 0);
  parts.geometry.window = window_in(header, 6);
  parts.ids = reader.array(header[3], 8, "ids");
  parts.values = reader.array(header[4], 8, "values");
  parts.locations = reader.array(header[5], 8, "locations");
  parts.words = read_words(reader, 4, reader.remaining());
  check_shape(parts, reader, miccai_header_bytes, stream.size());
  return parts;
}

}  // namespace

std::vector<std::uint8_t> encode_miccai(const LabelView& labels, const PaperOptions& options,
                                        unsigned threads) {
  check_window(options.window);
  check_slice(labels.shape);
  ByteWriter out;
  const auto write_header = [&](std::size_t ids, std::size_t values, std::size_t locations) {
    const Shape& shape = labels.shape;
    const Window& window = options.window;
    for (const std::uint64_t field :
         {std::uint64_t{shape.z}, std::uint64_t{shape.y}, std::uint64_t{shape.x},
          std::uint64_t{ids}, std::uint64_t{values}, std::uint64_t{locations},
          std::uint64_t{window.z}, std::uint64_t{window.y}, std::uint64_t{window.x}}) {
      out.write(field);
    }
  };
  if (labels.shape.voxels() == 0) {
    write_header(0, 0, 0);
    return out.take();
  }
  const PaperModel model = find_paper_model(labels, options, threads);
  const std::vector<std::uint64_t>& ids = model.ids;
  const std::vector<std::uint64_t>& values = model.windows.values();
  std::vector<std::uint32_t> words;
  words.reserve(model.windows.token_count());
  const auto add_word = [&](std::uint64_t word) {
    if (word > UINT32_MAX) {
      throw Error(ErrorKind::unsupported, "a run of 2^31 windows does not fit this format");
    }
    words.push_back(static_cast<std::uint32_t>(word));
  };
  // The run at the end is not written.
  model.windows.for_each_run([&](std::uint64_t run) { add_word(2 * run + 1); },
                             [&](std::uint64_t index) { add_word(2 * index); });

  out.reserve(miccai_header_bytes + 8 * (ids.size() + values.size() + model.location_count()) +
              4 * words.size());
  write_header(ids.size(), values.size(), model.location_count());
  out.write_all(std::span<const std::uint64_t>(ids));
  out.write_all(std::span<const std::uint64_t>(values));
  for (const auto& part : model.locations) out.write_all(std::span<const std::uint64_t>(part));
  out.write_all(std::span<const std::uint32_t>(words));
  return out.take();
}

Description describe_miccai(Bytes stream) {
  const StreamParts parts = parse(stream);
  Description description = describe_parts(parts, LabelType::u64, 1);
  description.sections = {{header_section, miccai_header_bytes},
                          {"ids", parts.ids.bytes()},
                          {"values", parts.values.bytes()},
                          {"locations", parts.locations.bytes()},
                          {"windows", parts.words.bytes()}};
  return description;
}

void decode_miccai(Bytes stream, const MutableLabelView& out, const Limits& limits,
                   unsigned threads) {
  const StreamParts parts = parse(stream);
  decode_parts(parts, 0, parts.geometry.shape.z, out, limits, threads);
}

std::vector<std::uint64_t> labels_of_miccai(Bytes stream) {
  return list_labels(parse(stream), LabelType::u64);
}

}  // namespace segpresso::compresso
