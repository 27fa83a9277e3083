// What compressed_segmentation and the paper's block tables store (docs/streams.md sections 5 and
// 6).
#include <doctest/doctest.h>

#include "support/codecs.hpp"
#include "support/made_up.hpp"
#include "support/random.hpp"

namespace segpresso::test {
namespace {

using neuroglancer::BlockSize;
using neuroglancer::decode_compressed_segmentation;
using neuroglancer::encode_compressed_segmentation;

std::vector<std::uint32_t> words_of(const Stream& stream) {
  std::vector<std::uint32_t> words(stream.size() / 4);
  std::memcpy(words.data(), stream.data(), 4 * words.size());
  return words;
}

Stream bytes_of(const std::vector<std::uint32_t>& words) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(words.data());
  return {bytes, bytes + 4 * words.size()};
}

TEST_CASE("a block is its table and its indices") {
  Volume volume({3, 1, 1}, LabelType::u32);
  for (std::size_t x = 0; x < 3; ++x) volume.set(x, 0, 0, std::array{70, 50, 70}[x]);
  const LabelView view = volume.view();
  const Stream stream = encode_compressed_segmentation({&view, 1}, {2, 1, 1}, 1);
  // Channel offset; headers of block 0 (1 bit, values at 4, table at 5) and block 1 (0 bits);
  // indices 1, 0; the tables.
  CHECK(words_of(stream) == std::vector<std::uint32_t>{1, 5 | 1U << 24, 4, 7, 7, 0b01, 50, 70, 70});
}

TEST_CASE("labels of 64 bits take two words, low one first") {
  Volume volume({1, 1, 1}, LabelType::u64);
  volume.set(0, 0, 0, 0x1122334455667788);
  const LabelView view = volume.view();
  const Stream stream = encode_compressed_segmentation({&view, 1}, {8, 8, 8}, 1);
  CHECK(words_of(stream) == std::vector<std::uint32_t>{1, 2, 2, 0x55667788, 0x11223344});
}

TEST_CASE("equal tables are shared within a channel") {
  const Volume volume = make_volume(Kind::checker, {64, 8, 8}, LabelType::u32, 37);
  const LabelView view = volume.view();
  const Stream one = encode_compressed_segmentation({&view, 1}, {8, 8, 8}, 1);
  CHECK(one.size() / 4 == 1 + 2 * 8 + 8 * 16 + 2);
  const std::array channels{view, view};
  const Stream two = encode_compressed_segmentation(channels, {8, 8, 8}, 1);
  CHECK(two.size() == 2 * one.size());
}

TEST_CASE("channels come back") {
  for (const LabelType type : label_types) {
    for (std::size_t count = 1; count <= 3; ++count) {
      std::vector<Volume> volumes;
      std::vector<LabelView> views;
      for (std::size_t c = 0; c < count; ++c) {
        volumes.push_back(make_volume(kinds[3 + c], {17, 9, 5}, type, 38 + c));
      }
      for (const Volume& volume : volumes) views.push_back(volume.view());
      const Stream stream = encode_compressed_segmentation(views, {8, 4, 2}, 2);
      std::vector<Volume> decoded(count, Volume({17, 9, 5}, type, layouts[count]));
      std::vector<MutableLabelView> out;
      for (Volume& volume : decoded) out.push_back(volume.target());
      decode_compressed_segmentation(stream, out, {8, 4, 2}, Limits{}, 2);
      for (std::size_t c = 0; c < count; ++c) CHECK(same_labels(decoded[c], volumes[c]));

      out.push_back(out[0]);  // a channel that the stream does not have
      CHECK(kind_of_error([&] {
              decode_compressed_segmentation(stream, out, {8, 4, 2}, Limits{}, 1);
            }) == ErrorKind::corrupt);
    }
  }
}

TEST_CASE("whole blocks of 8^3 with 1 to 65536 labels come back") {
  for (const LabelType type : {LabelType::u32, LabelType::u64}) {
    for (const std::size_t labels : {1, 2, 3, 4, 5, 15, 16, 17, 256, 257, 512}) {
      Volume volume({16, 16, 16}, type);
      std::size_t count = 0;
      volume.for_each_voxel([&](std::size_t x, std::size_t y, std::size_t z) {
        volume.set(x, y, z, 0x9E3779B97F4A7C15 * (1 + count++ % labels));
      });
      for (const Codec& codec :
           {compressed_segmentation_codec({8, 8, 8}), compressed_segmentation_codec({16, 16, 16}),
            block_tables_codec()}) {
        for (const Layout& layout : layouts) {
          Volume decoded(volume.shape(), type, layout);
          codec.decode(codec.encode(volume.view(), 1), decoded.target(), Limits{}, 1);
          CHECK(same_labels(decoded, volume));
        }
      }
    }
  }
  const Volume distinct = make_volume(Kind::distinct, {64, 32, 32}, LabelType::u32, 39);
  const Codec codec = compressed_segmentation_codec({64, 32, 32});
  Volume decoded(distinct.shape(), distinct.type());
  codec.decode(codec.encode(distinct.view(), 1), decoded.target(), Limits{}, 1);
  CHECK(same_labels(decoded, distinct));
}

TEST_CASE("volumes that are decoded in pieces come back, damaged or not") {
  Random random(41);
  for (const auto& [type, shape] : {std::pair{LabelType::u8, Shape{1001, 130, 130}},
                                    {LabelType::u32, Shape{701, 61, 100}},
                                    {LabelType::u64, Shape{301, 70, 100}}}) {
    Volume volume(shape, type);
    REQUIRE(shape.voxels() * width_of(type) >= std::size_t{1} << 24);
    const std::array<std::size_t, 5> labels{1, 2, 4, 16, 100};
    volume.for_each_voxel([&](std::size_t x, std::size_t y, std::size_t z) {
      volume.set(x, y, z, 7 + random.below(labels[(x / 50 + y / 20 + z / 20) % 5]));
    });
    const Codec codec = compressed_segmentation_codec({8, 8, 8});
    Stream stream = codec.encode(volume.view(), 2);
    for (const unsigned threads : {1U, 2U}) {
      Volume decoded(shape, type);
      codec.decode(stream, decoded.target(), Limits{}, threads);
      CHECK(same_labels(decoded, volume));
    }
    for (unsigned repetition = 0; repetition < 10; ++repetition) {
      Stream damaged = stream;
      // Headers and tables, near the beginning, and anything.
      for (const std::size_t reach : {std::size_t{8000}, stream.size()}) {
        damaged[random.below(reach)] ^= static_cast<std::uint8_t>(1U << random.below(8));
      }
      damaged.resize(damaged.size() - 4 * random.below(3) * (damaged.size() / 16));
      Volume decoded(shape, type);
      try {
        codec.decode(damaged, decoded.target(), Limits{}, 2);
      } catch (const Error& error) {
        CHECK(error.kind() != ErrorKind::invalid_argument);
      }
    }
  }
}

TEST_CASE("a clipped block does not see the indices of a larger one before it") {
  for (const LabelType type : label_types) {
    // Many ascending labels, then in a block of half the width two descending ones.
    Volume volume({12, 8, 8}, type);
    std::uint64_t next = 0;
    volume.for_each_voxel([&](std::size_t x, std::size_t y, std::size_t z) {
      volume.set(x, y, z, x < 8 ? next++ : 9 - y / 4);
    });
    const Codec codec = compressed_segmentation_codec({8, 8, 8});
    Volume decoded(volume.shape(), type);
    codec.decode(codec.encode(volume.view(), 1), decoded.target(), Limits{}, 1);
    CHECK(same_labels(decoded, volume));
  }
}

TEST_CASE("a block of more than 65536 labels is refused") {
  const Volume volume = make_volume(Kind::distinct, {65537, 1, 1}, LabelType::u32, 40);
  const LabelView view = volume.view();
  CHECK(kind_of_error([&] { encode_compressed_segmentation({&view, 1}, {65537, 1, 1}, 1); }) ==
        ErrorKind::unsupported);
  CHECK_NOTHROW(encode_compressed_segmentation({&view, 1}, {65536, 1, 1}, 1));
}

TEST_CASE("block sizes of 0 or of more than 2^25 voxels are refused") {
  Volume volume({1, 1, 1}, LabelType::u32);
  volume.set(0, 0, 0, 1);
  const LabelView view = volume.view();
  const MutableLabelView out = volume.target();
  const Stream stream = encode_compressed_segmentation({&view, 1}, {8, 8, 8}, 1);
  for (const BlockSize& block : {BlockSize{0, 8, 8},
                                 {8, 0, 8},
                                 {8, 8, 0},
                                 {1024, 1024, 33},
                                 {UINT32_MAX, UINT32_MAX, UINT32_MAX}}) {
    CHECK_THROWS_AS(encode_compressed_segmentation({&view, 1}, block, 1), Error);
    CHECK_THROWS_AS(decode_compressed_segmentation(stream, {&out, 1}, block, Limits{}, 1), Error);
  }
  CHECK_NOTHROW(encode_compressed_segmentation({&view, 1}, {1024, 1024, 32}, 1));
  CHECK(kind_of_error([&] { encode_compressed_segmentation({}, {8, 8, 8}, 1); }) ==
        ErrorKind::invalid_argument);
}

TEST_CASE("headers that point behind the end are truncations, unknown bits are corruption") {
  Volume volume({2, 1, 1}, LabelType::u32);
  const MutableLabelView out = volume.target();
  const auto error_of = [&](const std::vector<std::uint32_t>& words) {
    return kind_of_error([&] {
      decode_compressed_segmentation(bytes_of(words), {&out, 1}, {2, 1, 1}, Limits{}, 1);
    });
  };
  const std::vector<std::uint32_t> good{1, 3 | 1U << 24, 2, 0b10, 7, 8};
  CHECK_NOTHROW(decode_compressed_segmentation(bytes_of(good), {&out, 1}, {2, 1, 1}, Limits{}, 1));
  CHECK(error_of({1, 5 | 1U << 24, 2, 0b10, 7, 8}) == ErrorKind::truncated);
  CHECK(error_of({1, 3 | 1U << 24, 5, 0b10, 7, 8}) == ErrorKind::truncated);
  CHECK(error_of({1, 3 | 1U << 24, UINT32_MAX, 0b10, 7, 8}) == ErrorKind::truncated);
  CHECK(error_of({1, 4 | 1U << 24, 2, 0b10, 7, 8}) == ErrorKind::corrupt);  // no second entry
  CHECK(error_of({1, 3 | 3U << 24, 2, 0b10, 7, 8}) == ErrorKind::corrupt);
  CHECK(error_of({1, 3 | 32U << 24, 2, 0b10, 7, 8}) == ErrorKind::unsupported);
  CHECK(error_of({2, 3 | 1U << 24, 2, 0b10, 7, 8}) == ErrorKind::corrupt);
  CHECK(error_of({1, 3 | 1U << 24}) == ErrorKind::truncated);
  CHECK(error_of({}) == ErrorKind::truncated);
  Stream odd = bytes_of(good);
  odd.pop_back();
  CHECK(kind_of_error([&] {
          decode_compressed_segmentation(odd, {&out, 1}, {2, 1, 1}, Limits{}, 1);
        }) == ErrorKind::truncated);
}

TEST_CASE("block tables mirror chunks at their upper border") {
  // One label per voxel: the padding 2, 1, 0, 1, 2, 1, 0 would add none, so the table has 3.
  Volume volume({3, 1, 1}, LabelType::u8);
  for (std::size_t x = 0; x < 3; ++x) volume.set(x, 0, 0, 10 + x);
  const Stream stream = neuroglancer::encode_block_tables(volume.view(), 1);
  std::vector<std::uint64_t> words(stream.size() / 8);
  std::memcpy(words.data(), stream.data(), stream.size());
  // Volume z y x; chunk length, padded and real z y x; block: 2 bits, values at 8, table at 24.
  const std::vector<std::uint64_t> begin{
      1, 1, 3, 28, 8, 8, 8, 1, 1, 3, std::uint64_t{24} << 40 | std::uint64_t{2} << 32 | 8};
  REQUIRE(words.size() == 3 + 28);
  CHECK(std::equal(begin.begin(), begin.end(), words.begin()));
  // Rows are 0 1 2 1 0 1 2 1, first voxel in the most significant bits.
  CHECK(words[11] == 0b0001100100011001'0001100100011001'0001100100011001'0001100100011001);
  CHECK(words[3 + 24] == 10);
  CHECK(words[3 + 26] == 12);
  CHECK(words.back() == 0);
}

}  // namespace
}  // namespace segpresso::test
