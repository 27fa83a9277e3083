// Slices of cpso streams with a z index can be decoded alone.
#include <doctest/doctest.h>

#include "support/codecs.hpp"
#include "support/made_up.hpp"

namespace segpresso::test {
namespace {

using compresso::decode_cpso;
using compresso::encode_cpso;

void check_range(const Stream& stream, const Volume& volume, std::size_t z_begin, std::size_t z_end,
                 unsigned threads) {
  const Volume expected = volume.slices(z_begin, z_end);
  Volume decoded(expected.shape(), expected.type());
  decode_cpso(stream, z_begin, z_end, decoded.target(), Limits{}, threads);
  REQUIRE(same_labels(decoded, expected));
}

TEST_CASE("every range of slices is that of the volume") {
  for (const Kind kind : kinds) {
    CAPTURE(static_cast<int>(kind));
    for (const compresso::Window& window :
         {compresso::Window{4, 4, 1}, {4, 4, 4}, {8, 2, 3}, {1, 1, 64}}) {
      CAPTURE(name_of(window));
      const LabelType type = label_types[static_cast<std::size_t>(kind) % 4];
      const Volume volume = make_volume(kind, {23, 14, 9}, type, 26);
      const Stream stream = encode_cpso(volume.view(), {.window = window}, 1);
      for (std::size_t z_begin = 0; z_begin <= 9; ++z_begin) {
        for (std::size_t z_end = z_begin; z_end <= 9; ++z_end) {
          check_range(stream, volume, z_begin, z_end, 1 + static_cast<unsigned>(z_end % 3));
        }
      }
    }
  }
}

TEST_CASE("ranges may begin and end within slabs") {
  const Volume volume = make_volume(Kind::cells, {100, 90, 40}, LabelType::u32, 27);
  for (const compresso::Window& window : {compresso::Window{4, 4, 1}, {4, 4, 3}}) {
    const Stream stream = encode_cpso(volume.view(), {.window = window}, 2);
    for (unsigned threads = 1; threads <= 3; ++threads) {
      for (const auto& [z_begin, z_end] :
           {std::pair{0, 1}, {0, 40}, {3, 31}, {7, 8}, {13, 40}, {39, 40}, {20, 20}}) {
        check_range(stream, volume, static_cast<std::size_t>(z_begin),
                    static_cast<std::size_t>(z_end), threads);
      }
    }
  }
}

TEST_CASE("ranges outside the volume are refused") {
  const Volume volume = make_volume(Kind::cells, {6, 5, 4}, LabelType::u32, 28);
  const Stream stream = encode_cpso(volume.view(), {}, 1);
  Volume out({6, 5, 1}, LabelType::u32);
  const auto decode = [&](std::size_t z_begin, std::size_t z_end) {
    return kind_of_error([&] { decode_cpso(stream, z_begin, z_end, out.target(), Limits{}, 1); });
  };
  CHECK(decode(4, 5) == ErrorKind::invalid_argument);
  CHECK(decode(3, 2) == ErrorKind::invalid_argument);
  CHECK(decode(SIZE_MAX, 0) == ErrorKind::invalid_argument);
}

TEST_CASE("without a z index only the whole volume can be decoded") {
  const Volume volume = make_volume(Kind::cells, {6, 5, 4}, LabelType::u32, 29);
  for (const unsigned connectivity : {4U, 6U}) {
    const Stream stream =
        encode_cpso(volume.view(), {.connectivity = connectivity, .z_index = false}, 1);
    check_range(stream, volume, 0, 4, 1);
    Volume out({6, 5, 1}, LabelType::u32);
    CHECK(kind_of_error([&] { decode_cpso(stream, 0, 1, out.target(), Limits{}, 1); }) ==
          ErrorKind::unsupported);
  }
}

TEST_CASE("entries of the z index are as wide as twice the voxels of a slice need") {
  struct Case {
    Shape shape;
    std::size_t width;
  };
  for (const auto& [shape, width] :
       {Case{{126, 1, 3}, 1}, Case{{127, 1, 3}, 1}, Case{{16, 8, 3}, 2}, Case{{32767, 1, 2}, 2},
        Case{{32768, 1, 2}, 4}}) {
    CAPTURE(shape.x);
    for (const Kind kind : {Kind::uniform, Kind::extreme, Kind::distinct}) {
      const Volume volume = make_volume(kind, shape, LabelType::u16, 30);
      const Stream stream = encode_cpso(volume.view(), {.window = {8, 8, 1}}, 1);
      const compresso::Description description = compresso::describe_cpso(stream);
      CHECK(description.z_index);
      CHECK(description.sections.back().bytes == 2 * shape.z * width);
      for (std::size_t z = 0; z < shape.z; ++z) check_range(stream, volume, z, z + 1, 1);
    }
  }
}

TEST_CASE("an index that contradicts the slices is found") {
  const Volume volume = make_volume(Kind::five_label_noise, {9, 8, 5}, LabelType::u32, 31);
  const Stream stream = encode_cpso(volume.view(), {}, 1);
  const std::size_t index = compresso::describe_cpso(stream).sections.back().bytes;
  for (std::size_t i = stream.size() - index; i < stream.size(); ++i) {
    Stream damaged = stream;
    damaged[i] ^= 1;
    Volume out(volume.shape(), volume.type());
    CHECK(kind_of_error([&] { decode_cpso(damaged, 0, 5, out.target(), Limits{}, 1); }) ==
          ErrorKind::corrupt);
  }
}

}  // namespace
}  // namespace segpresso::test
