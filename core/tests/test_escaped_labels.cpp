// Labels that are stored at a voxel, and the largest of them (docs/streams.md sections 1.5
// and 4.3).
#include <doctest/doctest.h>

#include "support/codecs.hpp"

namespace segpresso::test {
namespace {

// Voxel (0, 0) has neighbours of another label only, so its own label must be stored.
Volume with_stored_label(LabelType type, std::uint64_t label) {
  Volume volume({2, 2, 1}, type);
  volume.for_each_voxel([&](std::size_t x, std::size_t y, std::size_t z) {
    volume.set(x, y, z, x == 0 && y == 0 ? label : 1);
  });
  return volume;
}

// The location words of a cpso stream of one component.
std::vector<std::uint64_t> locations_of(const Stream& stream) {
  const compresso::Description description = compresso::describe_cpso(stream);
  const std::size_t width = width_of(description.type);
  std::size_t at = 0;
  for (std::size_t section = 0; section < 3; ++section) at += description.sections[section].bytes;
  std::vector<std::uint64_t> words;
  for (std::uint64_t i = 0; i < description.locations; ++i, at += width) {
    std::uint64_t word = 0;
    std::memcpy(&word, &stream[at], width);
    words.push_back(word);
  }
  return words;
}

void check_decodes(const Stream& stream, const Volume& volume) {
  Volume decoded(volume.shape(), volume.type());
  compresso::decode_cpso(stream, 0, volume.shape().z, decoded.target(), Limits{}, 1);
  CHECK(same_labels(decoded, volume));
}

TEST_CASE("cpso escapes the seven largest labels of each type") {
  for (const LabelType type : label_types) {
    CAPTURE(width_of(type));
    const std::uint64_t largest = max_label(type);
    for (std::uint64_t below = 0; below < 12; ++below) {
      const std::uint64_t label = largest - below;
      const Volume volume = with_stored_label(type, label);
      const Stream stream = compresso::encode_cpso(volume.view(), {}, 1);
      const std::vector<std::uint64_t> expected =
          below < 7 ? std::vector<std::uint64_t>{6, label} : std::vector<std::uint64_t>{label + 7};
      CHECK(locations_of(stream) == expected);
      check_decodes(stream, volume);
    }
  }
}

TEST_CASE("streams for Neuroglancer escape all labels that 32 bits would truncate") {
  const std::uint64_t first = (std::uint64_t{1} << 32) - 7;
  const compresso::CpsoOptions options{.neuroglancer_safe = true};
  for (const std::uint64_t label :
       {first - 1, first, first + 1, std::uint64_t{1} << 32, std::uint64_t{1} << 63}) {
    const Volume volume = with_stored_label(LabelType::u64, label);
    const Stream stream = compresso::encode_cpso(volume.view(), options, 1);
    const std::vector<std::uint64_t> expected = label >= first
                                                    ? std::vector<std::uint64_t>{6, label}
                                                    : std::vector<std::uint64_t>{label + 7};
    CHECK(locations_of(stream) == expected);
    check_decodes(stream, volume);
  }
}

TEST_CASE("an escape may hold any label") {
  const Volume volume = with_stored_label(LabelType::u32, UINT32_MAX);
  Stream stream = compresso::encode_cpso(volume.view(), {}, 1);
  const compresso::Description description = compresso::describe_cpso(stream);
  const std::size_t label_at =
      36 + description.sections[1].bytes + description.sections[2].bytes + 4;
  std::fill_n(stream.begin() + static_cast<std::ptrdiff_t>(label_at), 4, 0);
  check_decodes(stream, with_stored_label(LabelType::u32, 0));
}

TEST_CASE("v1 and v2 refuse the six largest 64-bit labels where they must be stored") {
  for (std::uint64_t below = 0; below < 10; ++below) {
    const Volume volume = with_stored_label(LabelType::u64, UINT64_MAX - below);
    for (const Codec& codec : {miccai_codec({8, 8, 1}), packed_codec({8, 8, 1})}) {
      CAPTURE(codec.name);
      if (below < 6) {
        CHECK(kind_of_error([&] { codec.encode(volume.view(), 1); }) == ErrorKind::unsupported);
        continue;
      }
      const Stream stream = codec.encode(volume.view(), 1);
      Volume decoded(volume.shape(), volume.type());
      codec.decode(stream, decoded.target(), Limits{}, 1);
      CHECK(same_labels(decoded, volume));
    }
  }
}

TEST_CASE("v1 and v2 wrap them on demand, as the originals do") {
  const Volume volume = with_stored_label(LabelType::u64, UINT64_MAX);
  const compresso::PaperOptions options{.wrap_labels = true};
  const Stream v1 = compresso::encode_miccai(volume.view(), options, 1);
  const std::size_t location = 72 + 8 * (2 + compresso::describe_miccai(v1).values);
  std::uint64_t word = 0;
  std::memcpy(&word, &v1[location], 8);
  CHECK(word == 5);  // (2^64 - 1 + 6) mod 2^64
  CHECK_NOTHROW(compresso::encode_packed(volume.view(), options, 1));
}

TEST_CASE("v1 and v2 keep label 2^64 - 1 where a component has it") {
  Volume volume({5, 4, 2}, LabelType::u64);
  volume.for_each_voxel([&](std::size_t x, std::size_t y, std::size_t z) {
    volume.set(x, y, z, x < 2 ? 3 : UINT64_MAX);
  });
  for (const Codec& codec : {miccai_codec({8, 8, 1}), packed_codec({8, 8, 1})}) {
    CAPTURE(codec.name);
    const Stream stream = codec.encode(volume.view(), 1);
    Volume decoded(volume.shape(), volume.type());
    codec.decode(stream, decoded.target(), Limits{}, 1);
    CHECK(same_labels(decoded, volume));
  }
}

}  // namespace
}  // namespace segpresso::test
