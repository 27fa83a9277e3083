// Whatever is encoded comes back, for all formats, types, shapes and layouts.
#include <doctest/doctest.h>

#include "support/codecs.hpp"
#include "support/made_up.hpp"

namespace segpresso::test {
namespace {

constexpr Shape shapes[]{{1, 1, 1},  {1, 1, 9},  {1, 12, 1}, {70, 1, 1},  {2, 2, 2},  {9, 8, 7},
                         {63, 5, 2}, {64, 4, 3}, {65, 9, 4}, {13, 17, 5}, {129, 3, 3}};

void check_round_trip(const Codec& codec, const Volume& volume, const Layout& out_layout,
                      unsigned threads) {
  Stream stream;
  try {
    stream = codec.encode(volume.view(), threads);
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::unsupported);
    CHECK(codec.may_refuse(volume));
    return;
  }
  Volume decoded(volume.shape(), volume.type(), out_layout);
  codec.decode(stream, decoded.target(), Limits{}, threads);
  CHECK(same_labels(decoded, volume));
  CHECK(decoded.gaps_untouched());
}

TEST_CASE("volumes of all kinds, types and shapes come back") {
  Random random(16);
  for (const Codec& codec : all_codecs()) {
    CAPTURE(codec.name);
    for (const Kind kind : kinds) {
      CAPTURE(static_cast<int>(kind));
      for (const Shape& shape : shapes) {
        CAPTURE(shape.x);
        CAPTURE(shape.y);
        CAPTURE(shape.z);
        const LabelType type = label_types[random.below(label_types.size())];
        CAPTURE(width_of(type));
        const Volume volume = make_volume(kind, shape, type, random.next());
        const Layout& in = layouts[random.below(layouts.size())];
        const Layout& out = layouts[random.below(layouts.size())];
        check_round_trip(codec, volume.in_layout(in), out, 1);
      }
    }
  }
}

TEST_CASE("volumes of all types and layouts come back") {
  for (const Codec& codec : all_codecs()) {
    CAPTURE(codec.name);
    for (const LabelType type : label_types) {
      CAPTURE(width_of(type));
      const Volume volume = make_volume(Kind::cells, {21, 18, 7}, type, 17);
      const Stream stream = codec.encode(volume.view(), 1);
      for (const Layout& layout : layouts) {
        check_round_trip(codec, volume.in_layout(layout), layout, 1);
        CHECK(codec.encode(volume.in_layout(layout).view(), 1) == stream);
      }
    }
  }
}

TEST_CASE("random small volumes come back") {
  Random random(18);
  const std::vector<Codec> codecs = all_codecs();
  for (unsigned repetition = 0; repetition < 4000; ++repetition) {
    const Shape shape{1 + random.below(12), 1 + random.below(12), 1 + random.below(8)};
    const LabelType type = label_types[random.below(label_types.size())];
    const Kind kind = kinds[random.below(kinds.size())];
    const Volume volume = make_volume(kind, shape, type, random.next());
    const Codec& codec = codecs[random.below(codecs.size())];
    CAPTURE(codec.name);
    CAPTURE(repetition);
    check_round_trip(codec, volume, Layout{}, 1);
  }
}

TEST_CASE("volumes of several slabs come back") {
  // Slices of more than 2^16 voxels are slabs of their own.
  struct Case {
    Shape shape;
    Kind kind;
  };
  for (const auto& [shape, kind] :
       {Case{{300, 260, 5}, Kind::cells}, Case{{300, 260, 5}, Kind::sparse},
        Case{{300, 260, 3}, Kind::two_label_noise}, Case{{100, 90, 40}, Kind::cells},
        Case{{100, 90, 40}, Kind::frames}, Case{{100, 90, 23}, Kind::five_label_noise}}) {
    CAPTURE(static_cast<int>(kind));
    const Volume volume = make_volume(kind, shape, LabelType::u32, 19);
    for (const Codec& codec :
         {cpso_codec({}), cpso_codec({.window = {4, 4, 4}}),
          cpso_codec({.window = {5, 3, 2}, .z_index = false}),
          cpso_codec({.window = {8, 8, 1}, .connectivity = 6, .z_index = false}),
          cpso_codec({.window = {4, 4, 3}, .connectivity = 6, .z_index = false}),
          miccai_codec({8, 8, 1}), miccai_codec({5, 5, 2}), packed_codec({4, 4, 2}),
          compressed_segmentation_codec({8, 8, 8}), block_tables_codec(),
          native_codec({.block = {128, 128, 2}})}) {
      CAPTURE(codec.name);
      check_round_trip(codec, volume, Layout{}, 2);
    }
  }
}

TEST_CASE("labels of 64-bit formats come back in a narrower type if they fit") {
  for (const Codec& codec :
       {miccai_codec({8, 8, 1}), packed_codec({8, 8, 1}), block_tables_codec()}) {
    CAPTURE(codec.name);
    Volume wide({20, 17, 3}, LabelType::u64);
    const Volume narrow = make_volume(Kind::cells, wide.shape(), LabelType::u16, 20);
    wide.for_each_voxel([&](std::size_t x, std::size_t y, std::size_t z) {
      wide.set(x, y, z, narrow.at(x, y, z));
    });
    const Stream stream = codec.encode(wide.view(), 1);
    Volume decoded(wide.shape(), LabelType::u16);
    codec.decode(stream, decoded.target(), Limits{}, 1);
    CHECK(same_labels(decoded, narrow));

    Volume too_narrow(wide.shape(), LabelType::u8);
    CHECK(kind_of_error([&] { codec.decode(stream, too_narrow.target(), Limits{}, 1); }) ==
          ErrorKind::unsupported);
  }
}

TEST_CASE("an output of another shape is refused") {
  const Volume volume = make_volume(Kind::cells, {6, 5, 4}, LabelType::u32, 21);
  for (const Codec& codec :
       {cpso_codec({}), miccai_codec({8, 8, 1}), packed_codec({8, 8, 1}), block_tables_codec()}) {
    CAPTURE(codec.name);
    const Stream stream = codec.encode(volume.view(), 1);
    Volume out({5, 6, 4}, LabelType::u32);
    CHECK(kind_of_error([&] { codec.decode(stream, out.target(), Limits{}, 1); }) ==
          ErrorKind::invalid_argument);
  }
}

}  // namespace
}  // namespace segpresso::test
