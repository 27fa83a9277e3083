// The labels of a stream, and streams with other labels, without decoding.
#include <doctest/doctest.h>

#include "support/codecs.hpp"
#include "support/made_up.hpp"

namespace segpresso::test {
namespace {

using compresso::encode_cpso;
using compresso::remap_cpso;

constexpr Shape shape{19, 11, 4};

TEST_CASE("the labels of a stream are those of its volume") {
  for (const Kind kind : kinds) {
    for (const LabelType type : label_types) {
      const Volume volume = make_volume(kind, shape, type, 32);
      const std::vector<std::uint64_t> labels = volume.distinct_labels();
      for (const compresso::CpsoOptions& options :
           {compresso::CpsoOptions{}, {.window = {8, 8, 1}, .connectivity = 6, .z_index = false}}) {
        CHECK(compresso::labels_of_cpso(encode_cpso(volume.view(), options, 1)) == labels);
      }
      if (labels.back() > UINT64_MAX - 6) continue;  // these formats may not hold them
      CHECK(compresso::labels_of_miccai(compresso::encode_miccai(volume.view(), {}, 1)) == labels);
      CHECK(compresso::labels_of_packed(compresso::encode_packed(volume.view(), {}, 1)) == labels);
    }
  }
}

// The volume with each label of `from` replaced.
Volume replaced(const Volume& volume, const std::vector<std::uint64_t>& from,
                const std::vector<std::uint64_t>& to) {
  Volume result = volume;
  volume.for_each_voxel([&](std::size_t x, std::size_t y, std::size_t z) {
    const auto at = std::find(from.begin(), from.end(), volume.at(x, y, z));
    if (at != from.end()) {
      result.set(x, y, z, to[static_cast<std::size_t>(at - from.begin())]);
    }
  });
  return result;
}

TEST_CASE("a remapped stream decodes to the remapped volume") {
  Random random(33);
  for (const Kind kind : kinds) {
    CAPTURE(static_cast<int>(kind));
    for (const LabelType type : label_types) {
      CAPTURE(width_of(type));
      const Volume volume = make_volume(kind, shape, type, 34);
      std::vector<std::uint64_t> from;
      std::vector<std::uint64_t> to;
      for (const std::uint64_t label : volume.distinct_labels()) {
        if (random.chance(30)) continue;
        from.push_back(label);
        // Among the new labels are some that need an escape, and labels that become equal.
        to.push_back(random.chance(50) ? max_label(type) - random.below(12)
                                       : random.next() & max_label(type));
      }
      const Volume expected = replaced(volume, from, to);
      for (const compresso::CpsoOptions& options :
           {compresso::CpsoOptions{},
            {.z_index = false},
            {.window = {8, 8, 1}, .connectivity = 6, .z_index = false}}) {
        const Stream stream = remap_cpso(encode_cpso(volume.view(), options, 1), from, to);
        Volume decoded(shape, type);
        compresso::decode_cpso(stream, 0, shape.z, decoded.target(), Limits{}, 1);
        CHECK(same_labels(decoded, expected));
        CHECK(compresso::labels_of_cpso(stream) == expected.distinct_labels());
        if (!options.z_index) continue;
        for (std::size_t z = 0; z < shape.z; ++z) {
          Volume slice({shape.x, shape.y, 1}, type);
          compresso::decode_cpso(stream, z, z + 1, slice.target(), Limits{}, 1);
          CHECK(same_labels(slice, expected.slices(z, z + 1)));
        }
      }
    }
  }
}

TEST_CASE("an empty mapping changes nothing") {
  const Volume volume = make_volume(Kind::extreme, shape, LabelType::u16, 35);
  const Stream stream = encode_cpso(volume.view(), {}, 1);
  CHECK(remap_cpso(stream, {}, {}) == stream);
}

TEST_CASE("wrong mappings are refused") {
  const Volume volume = make_volume(Kind::five_label_noise, shape, LabelType::u8, 36);
  const Stream stream = encode_cpso(volume.view(), {}, 1);
  const auto error_of = [&](std::vector<std::uint64_t> from, std::vector<std::uint64_t> to) {
    return kind_of_error([&] { remap_cpso(stream, from, to); });
  };
  CHECK(error_of({1, 2}, {1}) == ErrorKind::invalid_argument);
  CHECK(error_of({2, 1}, {1, 1}) == ErrorKind::invalid_argument);
  CHECK(error_of({2}, {256}) == ErrorKind::invalid_argument);
  CHECK_NOTHROW(remap_cpso(stream, std::vector<std::uint64_t>{77},
                           std::vector<std::uint64_t>{256}));  // no voxel has label 77
}

}  // namespace
}  // namespace segpresso::test
