// The `fast` model of the native stream: whatever the block, it comes back; whatever the bytes,
// nothing worse than an error comes of them.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "native/fast/decoder.hpp"
#include "native/fast/encoder.hpp"
#include "segpresso/error.hpp"
#include "support/index_rows.hpp"
#include "support/random.hpp"
#include "support/simd.hpp"

namespace segpresso::test {
namespace {

using namespace native;

struct Block {
  std::string name;
  BlockInfo info;
  std::vector<Index> indices;
};

// Labels as a function of the place, numbered by their first appearance.
Block make_block(const std::string& name, const BlockShape& shape,
                 const std::function<std::uint64_t(int x, int y, int z)>& label) {
  Block block{name, {shape, 0}, {}};
  std::unordered_map<std::uint64_t, Index> numbers;
  for (std::uint32_t z = 0; z < shape.z; ++z) {
    for (std::uint32_t y = 0; y < shape.y; ++y) {
      for (std::uint32_t x = 0; x < shape.x; ++x) {
        const std::uint64_t here =
            label(static_cast<int>(x), static_cast<int>(y), static_cast<int>(z));
        const auto number = static_cast<Index>(numbers.size());
        block.indices.push_back(numbers.try_emplace(here, number).first->second);
      }
    }
  }
  block.info.index_count = static_cast<std::uint32_t>(numbers.size());
  return block;
}

// The nearest of some points: cells as in a tissue.
Block make_cells(const BlockShape& shape, unsigned cells, std::uint64_t seed) {
  Random random(seed);
  struct Point {
    int x, y, z;
  };
  std::vector<Point> points;
  for (unsigned i = 0; i < cells; ++i) {
    points.push_back({static_cast<int>(random.below(shape.x)),
                      static_cast<int>(random.below(shape.y)),
                      static_cast<int>(random.below(shape.z))});
  }
  return make_block("cells", shape, [&](int x, int y, int z) {
    const auto distance = [&](const Point& p) {
      return (x - p.x) * (x - p.x) + (y - p.y) * (y - p.y) + (z - p.z) * (z - p.z);
    };
    return static_cast<std::uint64_t>(std::min_element(points.begin(), points.end(),
                                                       [&](const Point& a, const Point& b) {
                                                         return distance(a) < distance(b);
                                                       }) -
                                      points.begin());
  });
}

std::vector<Block> small_blocks() {
  std::vector<Block> blocks;
  Random random(1);
  const auto noise = [&](unsigned labels) {
    return [&random, labels](int, int, int) { return random.below(labels); };
  };
  for (const BlockShape shape : {BlockShape{1, 1, 2},
                                 {1, 2, 1},
                                 {2, 1, 1},
                                 {1, 1, 40},
                                 {1, 40, 1},
                                 {40, 1, 1},
                                 {1, 17, 9},
                                 {17, 1, 9},
                                 {9, 17, 1},
                                 {5, 4, 3},
                                 {16, 16, 4},
                                 {33, 7, 5},
                                 {64, 3, 2},
                                 {130, 5, 3}}) {
    for (const unsigned labels : {2U, 3U, 200U}) {
      blocks.push_back(make_block("noise", shape, noise(labels)));
      blocks.push_back(make_cells(shape, labels, 7));
    }
    blocks.push_back(make_block("last voxel", shape, [&](int x, int y, int z) {
      return static_cast<std::uint64_t>(x + 1 == static_cast<int>(shape.x) &&
                                        y + 1 == static_cast<int>(shape.y) &&
                                        z + 1 == static_cast<int>(shape.z));
    }));
  }
  const BlockShape shape{45, 30, 8};
  const auto add = [&](const std::string& name, auto&& label) {
    blocks.push_back(make_block(name, shape, label));
  };
  add("checkerboard",
      [](int x, int y, int z) { return static_cast<std::uint64_t>((x + y + z) % 2); });
  add("columns", [](int x, int, int) { return static_cast<std::uint64_t>(x); });
  add("rows", [](int, int y, int) { return static_cast<std::uint64_t>(y); });
  add("slices", [](int, int, int z) { return static_cast<std::uint64_t>(z); });
  add("repeated slices",
      [](int x, int y, int z) { return static_cast<std::uint64_t>((x ^ y) / 8 + z / 4); });
  add("slopes", [](int x, int y, int z) {
    return static_cast<std::uint64_t>((x + 7 * y + 19 * z) / 40 % 3);
  });
  add("new labels in every slice", [](int x, int y, int z) {
    return static_cast<std::uint64_t>(x / 9 + 10 * (y / 9) + 100 * z);
  });
  add("unrelated slices", [&](int x, int y, int z) {
    const int shift = z * z * 5 % 23;
    return static_cast<std::uint64_t>(((x + shift) / 11 + (y + 2 * shift) / 7) % 5);
  });
  add("a dot now and then",
      [&](int, int, int) { return static_cast<std::uint64_t>(random.below(400) == 0); });
  add("all different",
      [](int x, int y, int z) { return static_cast<std::uint64_t>(x + 45 * (y + 30 * z)); });
  blocks.push_back(make_cells({70, 50, 20}, 60, 3));
  return blocks;
}

std::vector<std::uint8_t> encode(const Block& block, Simd simd = active_simd()) {
  FastEncoder encoder(simd);
  ByteWriter out;
  encoder.encode(block.indices.data(), block.info, out);
  return out.take();
}

std::vector<Index> decode(FastDecoder& decoder, std::span<const std::uint8_t> payload,
                          const BlockInfo& info, std::uint32_t slices) {
  IndexRows rows(info.shape);
  decoder.decode(payload, info, slices, rows);
  REQUIRE(rows.in_order());
  REQUIRE(rows.indices.size() == info.shape.slice() * slices);
  return rows.indices;
}

TEST_CASE("blocks of any shape and kind come back, with the same bytes for all instructions") {
  // One encoder and one decoder for all: what one block leaves behind must not matter.
  for (const Simd simd : available_simd()) {
    CAPTURE(name_of(simd));
    FastEncoder encoder(simd);
    FastDecoder decoder(simd);
    for (const Block& block : small_blocks()) {
      CAPTURE(block.name);
      CAPTURE(block.info.shape.x);
      CAPTURE(block.info.shape.y);
      CAPTURE(block.info.shape.z);
      ByteWriter out;
      encoder.encode(block.indices.data(), block.info, out);
      const std::vector<std::uint8_t> payload = out.take();
      REQUIRE(payload == encode(block, Simd::scalar));
      REQUIRE(decode(decoder, payload, block.info, block.info.shape.z) == block.indices);
    }
  }
}

TEST_CASE("65535 labels come back") {
  const Block block = make_block("many", {256, 256, 2}, [](int x, int y, int z) {
    return static_cast<std::uint64_t>(std::min(x + 256 * y, 65533) + z);
  });
  REQUIRE(block.info.index_count == 65535);
  FastDecoder decoder;
  REQUIRE(decode(decoder, encode(block), block.info, 2) == block.indices);
}

TEST_CASE("rows longer than 65536 voxels come back") {
  const Block block = make_block("long", {70001, 2, 1}, [](int x, int y, int) {
    return static_cast<std::uint64_t>(x == 69000 + y || x == 3);
  });
  FastDecoder decoder;
  REQUIRE(decode(decoder, encode(block), block.info, 1) == block.indices);
}

TEST_CASE("decoding may stop after any slice") {
  const Block block = make_cells({50, 40, 9}, 20, 5);
  const std::vector<std::uint8_t> payload = encode(block);
  FastDecoder decoder;
  for (std::uint32_t slices = 0; slices <= 9; ++slices) {
    const std::vector<Index> expected(
        block.indices.begin(),
        block.indices.begin() + static_cast<std::ptrdiff_t>(block.info.shape.slice() * slices));
    REQUIRE(decode(decoder, payload, block.info, slices) == expected);
  }
}

TEST_CASE("noise of few labels costs a few bits per voxel") {
  Random random(2);
  const Block block =
      make_block("noise", {128, 128, 16}, [&](int, int, int) { return random.below(2); });
  CHECK(encode(block).size() * 8 < block.indices.size() * 4);
}

// Decodes bytes that may be anything; whatever comes out must be indices of the block.
void decode_anything(FastDecoder& decoder, std::span<const std::uint8_t> payload,
                     const BlockInfo& info) {
  try {
    const std::vector<Index> indices = decode(decoder, payload, info, info.shape.z);
    REQUIRE(*std::max_element(indices.begin(), indices.end()) < info.index_count);
  } catch (const Error& error) {
    REQUIRE((error.kind() == ErrorKind::corrupt || error.kind() == ErrorKind::truncated));
  }
}

TEST_CASE("every truncation and every flipped bit is an error or decodes to indices in range") {
  for (const Simd simd : available_simd()) {
    CAPTURE(name_of(simd));
    FastDecoder decoder(simd);
    for (const Block& block :
         {make_cells({40, 30, 6}, 25, 11), make_block("mixed", {37, 9, 4}, [](int x, int y, int z) {
            return static_cast<std::uint64_t>(x * x / 50 + y * z % 7);
          })}) {
      std::vector<std::uint8_t> payload = encode(block);
      for (std::size_t size = 0; size < payload.size(); ++size) {
        decode_anything(decoder, std::span(payload).first(size), block.info);
      }
      for (std::size_t bit = 0; bit < payload.size() * 8; ++bit) {
        payload[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
        decode_anything(decoder, payload, block.info);
        payload[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
      }
    }
  }
}

TEST_CASE("random bytes decode to indices in range, or to an error") {
  Random random(3);
  for (const Simd simd : available_simd()) {
    FastDecoder decoder(simd);
    for (unsigned i = 0; i < 3000; ++i) {
      const BlockInfo info{{1 + static_cast<std::uint32_t>(random.below(70)),
                            1 + static_cast<std::uint32_t>(random.below(20)),
                            1 + static_cast<std::uint32_t>(random.below(5))},
                           2 + static_cast<std::uint32_t>(random.below(1000))};
      std::vector<std::uint8_t> payload(random.below(2000));
      for (std::uint8_t& byte : payload) byte = static_cast<std::uint8_t>(random.next());
      decode_anything(decoder, payload, info);
    }
  }
}

}  // namespace
}  // namespace segpresso::test
