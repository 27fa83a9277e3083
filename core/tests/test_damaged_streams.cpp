// Damage gives an error or some volume, never anything else.
#include <doctest/doctest.h>

#include <functional>

#include "base/arithmetic.hpp"
#include "support/codecs.hpp"
#include "support/made_up.hpp"

namespace segpresso::test {
namespace {

constexpr Limits limits{.max_bytes = std::size_t{1} << 16};

// A stream and what a careful reader does with it.
struct Sample {
  std::string name;
  Stream stream;
  std::function<void(const Stream&)> read;
};

// Room for a volume, but none for one beyond the limits: decoding must refuse it before writing.
template <class Decode>
void decode_described(const Shape& shape, LabelType type, Decode&& decode) {
  const std::size_t bytes = checked_multiply(checked_voxels(shape), width_of(type), "the volume");
  if (bytes > limits.max_bytes) {
    CHECK_THROWS_AS(decode(MutableLabelView{nullptr, type, shape, {}}), Error);
  } else {
    Volume volume(shape, type);
    decode(volume.target());
  }
}

void read_cpso(const Stream& stream) {
  const compresso::Description description = compresso::describe_cpso(stream);
  compresso::labels_of_cpso(stream);
  compresso::remap_cpso(stream, std::vector<std::uint64_t>{1, 2},
                        std::vector<std::uint64_t>{2, 255});
  decode_described(description.shape, description.type, [&](const MutableLabelView& out) {
    compresso::decode_cpso(stream, 0, out.shape.z, out, limits, 1);
  });
  if (!description.z_index) return;
  const std::size_t middle = description.shape.z / 2;
  decode_described({description.shape.x, description.shape.y, description.shape.z - middle},
                   description.type, [&](const MutableLabelView& out) {
                     compresso::decode_cpso(stream, middle, description.shape.z, out, limits, 1);
                   });
}

void read_miccai(const Stream& stream) {
  const compresso::Description description = compresso::describe_miccai(stream);
  compresso::labels_of_miccai(stream);
  decode_described(description.shape, description.type, [&](const MutableLabelView& out) {
    compresso::decode_miccai(stream, out, limits, 1);
  });
}

void read_packed(const Stream& stream) {
  const compresso::Description description = compresso::describe_packed(stream);
  compresso::labels_of_packed(stream);
  decode_described(description.shape, description.type, [&](const MutableLabelView& out) {
    compresso::decode_packed(stream, out, limits, 1);
  });
}

void read_block_tables(const Stream& stream) {
  decode_described(neuroglancer::shape_of_block_tables(stream), LabelType::u64,
                   [&](const MutableLabelView& out) {
                     neuroglancer::decode_block_tables(stream, out, limits, 1);
                   });
}

void read_native(const Stream& stream) {
  const native::StreamIndex index = open_native(stream, limits);
  static_cast<void>(index.labels());
  if (index.has_statistics()) {
    const native::Extent extent = index.statistics_extent();
    static_cast<void>(index.statistics(native::Bytes(stream).subspan(extent.offset, extent.bytes)));
  }
  const native::Vector4 sizes = index.sizes();
  decode_described({sizes[0], sizes[1], sizes[2]}, index.array().type.width,
                   [&](const MutableLabelView& out) {
                     decode_native(index, stream, {{}, sizes}, {out, 1, 0}, limits, 1);
                   });
}

std::vector<Sample> make_samples() {
  std::vector<Sample> samples;
  for (const Kind kind : {Kind::cells, Kind::five_label_noise, Kind::extreme, Kind::sparse}) {
    const std::string suffix = " of kind " + std::to_string(static_cast<int>(kind));
    const LabelType type = label_types[static_cast<std::size_t>(kind) % 4];
    const Volume volume = make_volume(kind, {11, 7, 4}, type, 41);
    const auto add = [&](const Codec& codec, std::function<void(const Stream&)> read) {
      if (codec.may_refuse(volume)) return;
      samples.push_back({codec.name + suffix, codec.encode(volume.view(), 1), std::move(read)});
    };
    add(cpso_codec({}), read_cpso);
    add(cpso_codec({.window = {3, 3, 3}}), read_cpso);
    add(cpso_codec({.z_index = false}), read_cpso);
    add(cpso_codec({.window = {8, 8, 1}, .connectivity = 6, .z_index = false}), read_cpso);
    add(cpso_codec({.window = {4, 4, 2}, .connectivity = 6, .z_index = false}), read_cpso);
    add(miccai_codec({8, 8, 1}), read_miccai);
    add(packed_codec({8, 8, 1}), read_packed);
    add(packed_codec({4, 2, 2}), read_packed);
    add(block_tables_codec(), read_block_tables);
    for (const Codec& codec : native_codecs()) add(codec, read_native);
    for (const neuroglancer::BlockSize& block : {neuroglancer::BlockSize{8, 8, 8}, {4, 5, 3}}) {
      const Codec codec = compressed_segmentation_codec(block);
      add(codec, [codec, type, shape = volume.shape()](const Stream& stream) {
        Volume decoded(shape, type);
        codec.decode(stream, decoded.target(), limits, 1);
      });
    }
  }
  return samples;
}

// Whether the stream could be read; any exception but the one error type fails the test.
bool is_readable(const Sample& sample, const Stream& stream) {
  try {
    sample.read(stream);
    return true;
  } catch (const Error&) {
    return false;
  }
}

TEST_CASE("any flipped bit") {
  for (const Sample& sample : make_samples()) {
    CAPTURE(sample.name);
    REQUIRE(is_readable(sample, sample.stream));
    std::size_t readable = 0;
    for (std::size_t bit = 0; bit < 8 * sample.stream.size(); ++bit) {
      CAPTURE(bit);
      Stream damaged = sample.stream;
      damaged[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
      if (is_readable(sample, damaged)) ++readable;
    }
    // Formats without checksums cannot tell other labels, but must find broken structure.
    CHECK(readable < 8 * sample.stream.size());
    if (sample.name.starts_with("native")) CHECK(readable == 0);
  }
}

TEST_CASE("any truncation") {
  for (const Sample& sample : make_samples()) {
    CAPTURE(sample.name);
    // v1 leaves out its last window words, compressed_segmentation the length of its last table.
    const bool open_end =
        sample.name.starts_with("miccai") || sample.name.starts_with("compressed_segmentation");
    for (std::size_t size = 0; size < sample.stream.size(); ++size) {
      CAPTURE(size);
      // Own buffers of this size: AddressSanitizer sees reads behind the end.
      const Stream truncated(sample.stream.begin(),
                             sample.stream.begin() + static_cast<std::ptrdiff_t>(size));
      const bool readable = is_readable(sample, truncated);
      if (!open_end) CHECK_FALSE(readable);
    }
  }
}

TEST_CASE("anything appended") {
  Random random(42);
  for (const Sample& sample : make_samples()) {
    CAPTURE(sample.name);
    Stream longer = sample.stream;
    for (unsigned i = 0; i < 24; ++i) {
      longer.push_back(static_cast<std::uint8_t>(random.next()));
      is_readable(sample, longer);
    }
  }
}

TEST_CASE("any byte replaced by an extreme one") {
  for (const Sample& sample : make_samples()) {
    CAPTURE(sample.name);
    for (std::size_t i = 0; i < sample.stream.size(); ++i) {
      for (const std::uint8_t byte : {0x00, 0x7F, 0x80, 0xFF}) {
        Stream damaged = sample.stream;
        damaged[i] = byte;
        is_readable(sample, damaged);
      }
    }
  }
}

TEST_CASE("any eight bytes replaced by an extreme number") {
  for (const Sample& sample : make_samples()) {
    CAPTURE(sample.name);
    for (std::size_t i = 0; i + 8 <= sample.stream.size(); ++i) {
      for (const std::uint64_t number : {UINT64_MAX, UINT64_MAX / 8 + 1, UINT64_MAX / 2 + 1,
                                         std::uint64_t{1} << 32, std::uint64_t{UINT32_MAX}}) {
        Stream damaged = sample.stream;
        std::memcpy(&damaged[i], &number, 8);
        is_readable(sample, damaged);
      }
    }
  }
}

}  // namespace
}  // namespace segpresso::test
