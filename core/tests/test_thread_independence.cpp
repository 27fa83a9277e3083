// The number of threads changes neither streams nor volumes.
#include <doctest/doctest.h>

#include "support/codecs.hpp"
#include "support/made_up.hpp"

namespace segpresso::test {
namespace {

TEST_SUITE_BEGIN("threads");

TEST_CASE("any number of threads makes the same bytes and the same volume") {
  struct Case {
    Shape shape;
    Kind kind;
  };
  for (const auto& [shape, kind] :
       {Case{{300, 260, 4}, Kind::cells}, Case{{100, 90, 37}, Kind::cells},
        Case{{90, 80, 33}, Kind::five_label_noise}, Case{{130, 70, 20}, Kind::sparse}}) {
    CAPTURE(static_cast<int>(kind));
    const Volume volume = make_volume(kind, shape, LabelType::u64, 22);
    for (const Codec& codec :
         {cpso_codec({}), cpso_codec({.window = {4, 4, 4}}),
          cpso_codec({.window = {5, 4, 3}, .z_index = false}),
          cpso_codec({.window = {8, 8, 1}, .connectivity = 6, .z_index = false}),
          cpso_codec({.window = {4, 4, 2}, .connectivity = 6, .z_index = false}),
          miccai_codec({8, 8, 1}), packed_codec({4, 4, 2}),
          compressed_segmentation_codec({8, 8, 8}), compressed_segmentation_codec({16, 12, 3}),
          block_tables_codec(), native_codec({}),
          native_codec(
              {.profile = native::Profile::fast, .block = {40, 30, 5}, .statistics = true}),
          native_codec({.profile = native::Profile::small, .block = {40, 30, 5}})}) {
      CAPTURE(codec.name);
      const Stream stream = codec.encode(volume.view(), 1);
      for (unsigned threads = 1; threads <= 3; ++threads) {
        CAPTURE(threads);
        CHECK(codec.encode(volume.view(), threads) == stream);
        Volume decoded(shape, volume.type());
        codec.decode(stream, decoded.target(), Limits{}, threads);
        CHECK(same_labels(decoded, volume));
      }
    }
  }
}

TEST_CASE("any number of threads finds a damaged stream") {
  const Volume volume = make_volume(Kind::cells, {300, 260, 4}, LabelType::u32, 23);
  for (const Codec& codec :
       {cpso_codec({}), cpso_codec({.connectivity = 6, .z_index = false}), miccai_codec({8, 8, 1}),
        packed_codec({8, 8, 1}), block_tables_codec(), native_codec({.block = {64, 64, 2}})}) {
    CAPTURE(codec.name);
    Stream stream = codec.encode(volume.view(), 1);
    stream.resize(stream.size() / 2);
    for (unsigned threads = 1; threads <= 3; ++threads) {
      Volume decoded(volume.shape(), volume.type());
      CHECK_THROWS_AS(codec.decode(stream, decoded.target(), Limits{}, threads), Error);
    }
  }
}

TEST_SUITE_END();

}  // namespace
}  // namespace segpresso::test
