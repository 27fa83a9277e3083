// Small streams cannot ask for much memory.
#include <doctest/doctest.h>

#include "base/byte_writer.hpp"
#include "support/codecs.hpp"
#include "support/made_up.hpp"

namespace segpresso::test {
namespace {

constexpr Limits default_limits{};

// A target that is never written: the volume would take terabytes.
MutableLabelView nowhere(const Shape& shape, LabelType type) { return {nullptr, type, shape, {}}; }

struct CpsoHeader {
  std::uint8_t version = 0;
  std::uint16_t size = 65535;
  std::uint64_t ids = 0;
  std::uint32_t values = 0;
  std::uint64_t locations = 0;
  std::uint8_t connectivity = 4;
};

Stream header_of(const CpsoHeader& header) {
  ByteWriter writer;
  for (const char c : {'c', 'p', 's', 'o'}) writer.write(static_cast<std::uint8_t>(c));
  writer.write(header.version);
  writer.write(std::uint8_t{8});
  for (unsigned axis = 0; axis < 3; ++axis) writer.write(header.size);
  for (const std::uint8_t size : {8, 8, 1}) writer.write(size);
  writer.write(header.ids);
  writer.write(header.values);
  writer.write(header.locations);
  writer.write(header.connectivity);
  return writer.take();
}

TEST_CASE("a cpso header alone cannot ask for a volume") {
  const Shape shape{65535, 65535, 65535};
  for (const CpsoHeader& header :
       {CpsoHeader{}, CpsoHeader{.connectivity = 6}, CpsoHeader{.version = 1}, CpsoHeader{.ids = 1},
        CpsoHeader{.ids = UINT64_MAX}, CpsoHeader{.ids = UINT64_MAX / 8 + 2},
        CpsoHeader{.values = UINT32_MAX}, CpsoHeader{.locations = UINT64_MAX},
        CpsoHeader{.locations = UINT64_MAX / 8 + 2}}) {
    const Stream stream = header_of(header);
    REQUIRE(stream.size() == 36);
    CHECK_THROWS_AS(compresso::describe_cpso(stream), Error);
    CHECK_THROWS_AS(compresso::labels_of_cpso(stream), Error);
    CHECK_THROWS_AS(compresso::remap_cpso(stream, {}, {}), Error);
    CHECK_THROWS_AS(compresso::decode_cpso(stream, 0, shape.z, nowhere(shape, LabelType::u64),
                                           default_limits, 1),
                    Error);
  }
}

TEST_CASE("a valid cpso stream of 60 bytes cannot ask for terabytes") {
  const Shape shape{65535, 65535, 65535};
  Stream stream = header_of({.ids = 1, .values = 1, .connectivity = 6});
  stream.resize(stream.size() + 16);  // label 0, window value 0
  const std::uint64_t windows = std::uint64_t{8192} * 8192 * 65535;
  ByteWriter run;
  run.write(2 * windows + 1);
  for (const std::uint8_t byte : run.take()) stream.push_back(byte);
  REQUIRE(stream.size() == 60);
  CHECK(compresso::describe_cpso(stream).shape == shape);
  CHECK(kind_of_error([&] {
          compresso::decode_cpso(stream, 0, shape.z, nowhere(shape, LabelType::u64), default_limits,
                                 1);
        }) == ErrorKind::limit);
}

// A header of 64-bit numbers, padded with `rest` zero bytes.
Stream numbers(std::initializer_list<std::uint64_t> fields, std::size_t rest = 0) {
  ByteWriter writer;
  for (const std::uint64_t field : fields) writer.write(field);
  Stream stream = writer.take();
  stream.resize(stream.size() + rest);
  return stream;
}

TEST_CASE("headers of v1 and v2 cannot ask for a volume") {
  constexpr std::uint64_t huge = std::uint64_t{1} << 31;
  for (const std::uint64_t size : {huge, huge << 16, huge << 32}) {
    for (const std::uint64_t count : {std::uint64_t{0}, std::uint64_t{1}, huge, UINT64_MAX}) {
      const Shape shape{size, size, size};
      const Stream v1 = numbers({size, size, size, count, count, count, 1, 8, 8});
      CHECK_THROWS_AS(compresso::describe_miccai(v1), Error);
      CHECK_THROWS_AS(
          compresso::decode_miccai(v1, nowhere(shape, LabelType::u64), default_limits, 1), Error);
      Stream v2 = numbers({size, size, size, 1, 8, 8, count, count, count}, 5);
      for (std::size_t i = 72; i < 77; ++i) v2[i] = 8;
      CHECK_THROWS_AS(compresso::describe_packed(v2), Error);
      CHECK_THROWS_AS(
          compresso::decode_packed(v2, nowhere(shape, LabelType::u64), default_limits, 1), Error);
    }
  }
  // One slice of just less than 2^32 voxels, one label, one value, no window word: valid in v1.
  const Shape shape{65535, 65535, 1};
  const Stream v1 = numbers({1, 65535, 65535, 1, 1, 0, 1, 8, 8, 1, 0});
  CHECK(compresso::describe_miccai(v1).shape == shape);
  CHECK(kind_of_error([&] {
          compresso::decode_miccai(v1, nowhere(shape, LabelType::u64), default_limits, 1);
        }) == ErrorKind::limit);
}

TEST_CASE("a header of block tables cannot ask for a volume") {
  constexpr std::uint64_t huge = std::uint64_t{1} << 20;
  for (const Shape& shape : {Shape{huge, huge, huge}, Shape{huge << 40, huge << 40, huge << 40},
                             Shape{1, 1, huge << 40}, Shape{64, 64, huge << 20}}) {
    const Stream stream = numbers({shape.z, shape.y, shape.x}, 80);
    CHECK_THROWS_AS(neuroglancer::shape_of_block_tables(stream), Error);
    CHECK_THROWS_AS(neuroglancer::decode_block_tables(stream, nowhere(shape, LabelType::u64),
                                                      default_limits, 1),
                    Error);
  }
}

TEST_CASE("compressed_segmentation checks the caller's shape against limits and stream") {
  const Stream stream{1, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 7, 0, 0, 0};
  const auto error_of = [&](const Shape& shape) {
    const MutableLabelView out = nowhere(shape, LabelType::u32);
    return kind_of_error([&] {
      neuroglancer::decode_compressed_segmentation(stream, {&out, 1}, {}, default_limits, 1);
    });
  };
  CHECK(error_of({1 << 20, 1 << 20, 1 << 20}) == ErrorKind::limit);
  CHECK(error_of({SIZE_MAX, SIZE_MAX, SIZE_MAX}) == ErrorKind::limit);
  CHECK(error_of({1000, 1000, 1000}) == ErrorKind::truncated);
}

TEST_CASE("the limit holds for the decoded volume, to the byte") {
  const Volume volume = make_volume(Kind::cells, {16, 12, 5}, LabelType::u32, 43);
  const std::size_t bytes = 4 * volume.shape().voxels();
  for (const Codec& codec :
       {cpso_codec({}), cpso_codec({.connectivity = 6, .z_index = false}), miccai_codec({8, 8, 1}),
        packed_codec({8, 8, 1}), compressed_segmentation_codec({8, 8, 8}), block_tables_codec(),
        native_codec({})}) {
    CAPTURE(codec.name);
    const Stream stream = codec.encode(volume.view(), 1);
    Volume decoded(volume.shape(), volume.type());
    CHECK_NOTHROW(codec.decode(stream, decoded.target(), {.max_bytes = bytes}, 1));
    CHECK(kind_of_error([&] {
            codec.decode(stream, decoded.target(), {.max_bytes = bytes - 1}, 1);
          }) == ErrorKind::limit);
  }
}

TEST_CASE("a volume that no format header can hold is refused") {
  const auto view_of = [](const Shape& shape) {
    return LabelView{nullptr, LabelType::u8, shape, {}};
  };
  CHECK(kind_of_error([&] { compresso::encode_cpso(view_of({65536, 1, 1}), {}, 1); }) ==
        ErrorKind::unsupported);
  CHECK(kind_of_error([&] { compresso::encode_cpso(view_of({1, 70000, 1}), {}, 1); }) ==
        ErrorKind::unsupported);
  CHECK(kind_of_error([&] { compresso::encode_cpso(view_of({1, 1, 65536}), {}, 1); }) ==
        ErrorKind::unsupported);
  CHECK(kind_of_error([&] {
          compresso::encode_miccai(view_of({std::size_t{1} << 33, 1, 1}), {}, 1);
        }) == ErrorKind::unsupported);
}

TEST_CASE("wrong windows and connectivities are refused") {
  const Volume volume = make_volume(Kind::cells, {5, 4, 3}, LabelType::u8, 44);
  for (const compresso::Window& window : {compresso::Window{0, 8, 1},
                                          {8, 0, 1},
                                          {8, 8, 0},
                                          {8, 8, 2},
                                          {65, 1, 1},
                                          {UINT32_MAX, UINT32_MAX, UINT32_MAX},
                                          {1U << 31, 2, 1}}) {
    for (const Codec& codec :
         {cpso_codec({.window = window}), miccai_codec(window), packed_codec(window)}) {
      CHECK(kind_of_error([&] { codec.encode(volume.view(), 1); }) == ErrorKind::invalid_argument);
    }
  }
  CHECK(kind_of_error([&] { packed_codec({5, 5, 1}).encode(volume.view(), 1); }) ==
        ErrorKind::invalid_argument);
  CHECK(kind_of_error([&] { cpso_codec({.connectivity = 8}).encode(volume.view(), 1); }) ==
        ErrorKind::invalid_argument);
}

}  // namespace
}  // namespace segpresso::test
