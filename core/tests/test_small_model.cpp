// The structure model of the profile `small`: round trips, and payloads that are damaged.
#include <doctest/doctest.h>

#include <algorithm>
#include <span>
#include <vector>

#include "base/byte_reader.hpp"
#include "base/byte_writer.hpp"
#include "native/small/block_coder.hpp"
#include "native/small/decoder.hpp"
#include "native/small/encoder.hpp"
#include "native/small/prior.hpp"
#include "native/small/traits.hpp"
#include "support/codecs.hpp"
#include "support/made_up.hpp"
#include "support/random.hpp"
#include "support/simd.hpp"
#include "support/structures.hpp"

namespace segpresso::test {
namespace {

using native::BlockInfo;
using native::Index;

// One encoder and decoder for all tests: what blocks leave behind must not matter.
native::SmallEncoder encoder;
native::SmallDecoder decoder;

Stream encode(const Structure& structure) {
  ByteWriter out;
  encoder.encode(structure.indices.data(), structure.info, out);
  return out.take();
}

std::vector<Index> decode(const Stream& payload, const BlockInfo& info, std::uint32_t slices) {
  std::vector<Index> indices;
  ByteReader reader(payload);
  decoder.decode(reader.array(payload.size(), 1, "structure"), info, slices,
                 [&](std::uint32_t z, const Index* slice, std::size_t stride) {
                   REQUIRE(indices.size() == z * info.shape.slice());
                   for (std::uint32_t y = 0; y < info.shape.y; ++y) {
                     const Index* row = slice + y * stride;
                     indices.insert(indices.end(), row, row + info.shape.x);
                   }
                 });
  return indices;
}

std::vector<Index> decode(const Stream& payload, const BlockInfo& info) {
  return decode(payload, info, info.shape.z);
}

void check_round_trip(const Structure& structure) {
  const Stream payload = encode(structure);
  CHECK(decode(payload, structure.info) == structure.indices);
}

Structure cells(const Shape& shape, std::uint64_t seed) {
  return Structure(make_volume(Kind::cells, shape, LabelType::u32, seed));
}

TEST_CASE("small: blocks of all kinds and shapes come back") {
  std::uint64_t seed = 1;
  for (const Shape& shape : {Shape{1, 1, 2},
                             {2, 1, 1},
                             {1, 2, 1},
                             {1, 1, 90},
                             {1, 90, 1},
                             {90, 1, 1},
                             {3, 5, 4},
                             {63, 7, 2},
                             {64, 6, 3},
                             {65, 5, 3},
                             {130, 2, 2},
                             {2, 130, 2},
                             {17, 33, 9},
                             {40, 40, 12}}) {
    for (const Kind kind : kinds) {
      const Structure structure(make_volume(kind, shape, LabelType::u32, seed++));
      if (!structure.needs_a_model()) continue;
      CAPTURE(shape.x);
      CAPTURE(shape.y);
      CAPTURE(shape.z);
      CAPTURE(static_cast<int>(kind));
      check_round_trip(structure);
    }
  }
}

TEST_CASE("small: as many labels as a block may have") {
  Volume volume({255, 257, 1}, LabelType::u32);
  std::uint64_t next = 0;
  volume.for_each_voxel(
      [&](std::size_t x, std::size_t y, std::size_t z) { volume.set(x, y, z, next++); });
  const Structure structure(volume);
  REQUIRE(structure.info.index_count == native::max_indices);
  check_round_trip(structure);

  // In an order that no rule foresees, each of them again.
  Random random(3);
  Volume again({255, 257, 2}, LabelType::u32);
  again.for_each_voxel([&](std::size_t x, std::size_t y, std::size_t z) {
    again.set(x, y, z, z == 0 ? x + 255 * y : random.below(65535));
  });
  check_round_trip(Structure(again));
}

TEST_CASE("small: a block is coded the same whatever was coded before it") {
  const Structure first = cells({50, 40, 6}, 1);
  const Structure second = cells({20, 70, 3}, 2);
  const Stream fresh = encode(first);
  encode(second);
  CHECK(encode(first) == fresh);
  CHECK(decode(encode(second), second.info) == second.indices);
  CHECK(decode(fresh, first.info) == first.indices);
}

TEST_CASE("small: every instruction set writes the same bytes") {
  using namespace native::small;
  const Structure structure = cells({90, 60, 8}, 11);
  const Stream expected = encode(structure);
  for (const Simd simd : available_simd()) {
    CAPTURE(name_of(simd));
    Workspace workspace{prior(), {}};
    native::RangeEncoder coder;
    const BlockCoder& model = block_coder(simd);
    model.encode(structure.indices.data(), structure.info, workspace, coder);
    const std::span<const std::uint8_t> bytes = coder.finish();
    CHECK(Stream(bytes.begin(), bytes.end()) == expected);
  }
}

TEST_CASE("small: decoding may stop after any slice") {
  const Structure structure = cells({40, 30, 7}, 4);
  const Stream payload = encode(structure);
  for (std::uint32_t slices = 0; slices <= 7; ++slices) {
    const std::vector<Index> part = decode(payload, structure.info, slices);
    REQUIRE(part.size() == slices * structure.info.shape.slice());
    CHECK(std::equal(part.begin(), part.end(), structure.indices.begin()));
  }
}

TEST_CASE("small: a payload that is cut is noticed, or its end was not needed") {
  const Structure structure = cells({48, 40, 6}, 5);
  const Stream payload = encode(structure);
  std::size_t unnoticed = 0;
  for (std::size_t size = 0; size < payload.size(); ++size) {
    const Stream cut(payload.begin(), payload.begin() + static_cast<std::ptrdiff_t>(size));
    try {
      const std::vector<Index> indices = decode(cut, structure.info);
      for (const Index index : indices) REQUIRE(index < structure.info.index_count);
      ++unnoticed;
    } catch (const Error& error) {
      CHECK((error.kind() == ErrorKind::truncated || error.kind() == ErrorKind::corrupt));
    }
  }
  // Missing bytes count as zeros; up to 8 of them are no error. Others can happen to lead to an
  // end.
  CHECK(unnoticed <= payload.size() / 2);
  Stream longer = payload;
  longer.insert(longer.end(), 9, 1);
  CHECK(kind_of_error([&] { decode(longer, structure.info); }) == ErrorKind::corrupt);
}

TEST_CASE("small: damage gives an error or indices in range") {
  for (const Kind kind : {Kind::cells, Kind::five_label_noise, Kind::sparse}) {
    const Structure structure(make_volume(kind, {16, 12, 4}, LabelType::u32, 6));
    const Stream payload = encode(structure);
    const auto survive = [&](const Stream& damaged) {
      try {
        for (const Index index : decode(damaged, structure.info)) {
          REQUIRE(index < structure.info.index_count);
        }
      } catch (const Error&) {
      }
    };
    for (std::size_t bit = 0; bit < 8 * std::min<std::size_t>(payload.size(), 60); ++bit) {
      Stream damaged = payload;
      damaged[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
      survive(damaged);
    }
    Random random(8);
    for (int round = 0; round < 100; ++round) {
      Stream noise(random.below(2 * payload.size()));
      for (std::uint8_t& byte : noise) byte = static_cast<std::uint8_t>(random.next());
      survive(noise);
    }
  }
}

TEST_CASE("small: periods of enlarged labels are found and help") {
  const Volume cells = make_volume(Kind::cells, {40, 40, 24}, LabelType::u8, 9);
  Volume enlarged({118, 117, 70}, LabelType::u8);
  enlarged.for_each_voxel([&](std::size_t x, std::size_t y, std::size_t z) {
    enlarged.set(x, y, z, cells.at((x + 2) / 3, (y + 1) / 3, z / 3));
  });
  const Structure structure(enlarged);
  const auto traits = native::small::find_traits(structure.indices.data(), structure.info);
  CHECK(traits.axes[0] == native::small::BlockTraits::Axis{3, 1});
  CHECK(traits.axes[1] == native::small::BlockTraits::Axis{3, 2});
  CHECK(traits.axes[2] == native::small::BlockTraits::Axis{3, 0});
  check_round_trip(structure);

  const auto plain =
      native::small::find_traits(Structure(cells).indices.data(), Structure(cells).info);
  CHECK(plain.axes[0] == native::small::BlockTraits::Axis{});
}

TEST_CASE("small: noise costs an eighth more than its bits at most") {
  // The prior is sure of itself and learns slowly that it is wrong; containers have plain blocks.
  Volume volume({64, 64, 16}, LabelType::u8);
  Random random(10);
  volume.for_each_voxel(
      [&](std::size_t x, std::size_t y, std::size_t z) { volume.set(x, y, z, random.below(2)); });
  const Structure structure(volume);
  check_round_trip(structure);
  CHECK(encode(structure).size() < structure.indices.size() / 8 * 9 / 8);
}

TEST_CASE("small: the prior is packed and unpacked alike") {
  using namespace native::small;
  const Tables& tables = prior();
  const std::vector<std::uint8_t> packed = pack_prior(Tables::untrained());
  CHECK(packed.size() < 20000);
  CHECK(unpack_prior(packed).slots == Tables::untrained().slots);
  CHECK(tables.slots.size() == Tables::untrained().slots.size());
  CHECK(tables.slots != Tables::untrained().slots);
}

}  // namespace
}  // namespace segpresso::test
