// Volumes without voxels are streams without content.
#include <doctest/doctest.h>

#include "support/codecs.hpp"

namespace segpresso::test {
namespace {

constexpr Shape shapes[]{{0, 0, 0}, {0, 3, 4}, {5, 0, 4}, {5, 3, 0}};

TEST_CASE("empty volumes come back") {
  for (const Shape& shape : shapes) {
    for (const LabelType type : label_types) {
      for (const Codec& codec : all_codecs()) {
        CAPTURE(codec.name);
        const Volume volume(shape, type);
        const Stream stream = codec.encode(volume.view(), 2);
        Volume decoded(shape, type);
        CHECK_NOTHROW(codec.decode(stream, decoded.target(), Limits{}, 2));
      }
    }
  }
}

TEST_CASE("they are a header, and cpso writes them as version 0") {
  const Volume volume({5, 3, 0}, LabelType::u16);
  const Stream cpso = compresso::encode_cpso(volume.view(), {}, 1);
  CHECK(cpso.size() == 36);
  CHECK(cpso[4] == 0);
  CHECK(compresso::describe_cpso(cpso).shape == Shape{5, 3, 0});
  CHECK(compresso::labels_of_cpso(cpso).empty());
  CHECK(compresso::remap_cpso(cpso, {}, {}) == cpso);
  CHECK(compresso::encode_miccai(volume.view(), {}, 1).size() == 72);
  CHECK(compresso::encode_packed(volume.view(), {}, 1).size() == 77);
  CHECK(neuroglancer::encode_block_tables(volume.view(), 1).size() == 24);
  const LabelView channel = volume.view();
  CHECK(neuroglancer::encode_compressed_segmentation({&channel, 1}, {}, 1) == Stream{1, 0, 0, 0});
}

TEST_CASE("a header of an empty volume with something behind it is refused") {
  const Volume volume({5, 3, 0}, LabelType::u16);
  for (const Codec& codec :
       {cpso_codec({}), miccai_codec({8, 8, 1}), packed_codec({8, 8, 1}), block_tables_codec()}) {
    CAPTURE(codec.name);
    Stream stream = codec.encode(volume.view(), 1);
    stream.resize(stream.size() + 8);
    Volume decoded(volume.shape(), volume.type());
    CHECK(kind_of_error([&] { codec.decode(stream, decoded.target(), Limits{}, 1); }) ==
          ErrorKind::corrupt);
  }
}

}  // namespace
}  // namespace segpresso::test
