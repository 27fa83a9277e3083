// The balanced model of structure: lossless on blocks of every kind, the same bytes from every
// instruction set, and nothing worse than an error from damaged ones.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "native/balanced/balanced.hpp"
#include "native/balanced/coder_isa.hpp"
#include "support/index_rows.hpp"
#include "support/random.hpp"
#include "support/simd.hpp"

namespace segpresso::test {
namespace {

using namespace native;

struct Block {
  BlockInfo info;
  std::vector<Index> indices;
};

// Numbers labels by their first appearance.
Block block_of(const BlockShape& shape, const std::vector<std::uint32_t>& labels) {
  Block block{{shape, 0}, {}};
  std::vector<std::uint32_t> seen;
  for (const std::uint32_t label : labels) {
    auto at = std::find(seen.begin(), seen.end(), label);
    if (at == seen.end()) at = seen.insert(seen.end(), label);
    block.indices.push_back(static_cast<Index>(at - seen.begin()));
  }
  block.info.index_count = static_cast<std::uint32_t>(seen.size());
  return block;
}

// Cells around random points, moving from slice to slice.
Block cells(const BlockShape& shape, std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::array<int, 3>> points(count);
  for (auto& [x, y, z] : points) {
    x = static_cast<int>(random.below(shape.x));
    y = static_cast<int>(random.below(shape.y));
    z = static_cast<int>(random.below(shape.z));
  }
  std::vector<std::uint32_t> labels;
  for (int z = 0; z < static_cast<int>(shape.z); ++z) {
    for (int y = 0; y < static_cast<int>(shape.y); ++y) {
      for (int x = 0; x < static_cast<int>(shape.x); ++x) {
        std::uint32_t nearest = 0;
        int least = 1 << 30;
        for (std::uint32_t i = 0; i < count; ++i) {
          const auto& [px, py, pz] = points[i];
          const int distance = (x - px) * (x - px) + (y - py) * (y - py) + 4 * (z - pz) * (z - pz);
          if (distance < least) {
            least = distance;
            nearest = i;
          }
        }
        labels.push_back(nearest);
      }
    }
  }
  return block_of(shape, labels);
}

Block noise(const BlockShape& shape, std::uint32_t labels, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::uint32_t> values(shape.voxels());
  for (auto& value : values) value = static_cast<std::uint32_t>(random.below(labels));
  return block_of(shape, values);
}

// Every slice has labels of its own.
Block new_labels_in_slices(const BlockShape& shape, std::uint64_t seed) {
  Block block = cells(shape, 12, seed);
  std::vector<std::uint32_t> labels;
  for (std::size_t i = 0; i < block.indices.size(); ++i) {
    labels.push_back(block.indices[i] + static_cast<std::uint32_t>(1000 * (i / shape.slice())));
  }
  return block_of(shape, labels);
}

std::vector<Block> blocks() {
  std::vector<Block> result;
  for (const BlockShape& shape :
       {BlockShape{2, 1, 1}, BlockShape{1, 2, 1}, BlockShape{1, 1, 2}, BlockShape{40, 1, 1},
        BlockShape{1, 40, 3}, BlockShape{7, 5, 3}, BlockShape{33, 31, 9}, BlockShape{64, 64, 12}}) {
    result.push_back(cells(shape, 9, 1));
    result.push_back(noise(shape, 2, 2));
    result.push_back(noise(shape, 300, 3));
    result.push_back(new_labels_in_slices(shape, 4));
  }
  result.push_back(noise({100, 100, 9}, 1 << 20, 5));
  std::erase_if(result, [](const Block& block) { return block.info.index_count < 2; });
  return result;
}

std::vector<std::uint8_t> encode(const Block& block) {
  static BalancedEncoder encoder;
  ByteWriter out;
  encoder.encode(block.indices.data(), block.info, out);
  return out.take();
}

std::vector<Index> decode(const std::vector<std::uint8_t>& bytes, const BlockInfo& info,
                          std::uint32_t slices) {
  static BalancedDecoder decoder;
  test::IndexRows rows(info.shape);
  const PackedArray payload(bytes.data(), bytes.size(), 1, 0, "block");
  decoder.decode(payload, info, slices, rows);
  CHECK(rows.in_order());
  return rows.indices;
}

TEST_CASE("the balanced model gives back what it was given") {
  for (const Block& block : blocks()) {
    CAPTURE(block.info.shape.x);
    CAPTURE(block.info.shape.y);
    CAPTURE(block.info.index_count);
    CHECK((decode(encode(block), block.info, block.info.shape.z) == block.indices));
  }
}

TEST_CASE("the balanced model takes as many labels as there can be") {
  std::vector<Index> indices(max_indices);
  for (std::uint32_t i = 0; i < max_indices; ++i) indices[i] = static_cast<Index>(i);
  const Block block{{{255, 257, 1}, max_indices}, indices};
  CHECK((decode(encode(block), block.info, 1) == block.indices));
}

TEST_CASE("the balanced model decodes the first slices alone") {
  const Block block = cells({40, 30, 10}, 20, 7);
  const std::vector<Index> some = decode(encode(block), block.info, 4);
  CHECK(some.size() == 4 * block.info.shape.slice());
  CHECK(std::equal(some.begin(), some.end(), block.indices.begin()));
}

TEST_CASE("smooth cells take a fraction of a bit per voxel") {
  const Block block = cells({64, 64, 32}, 12, 8);
  CHECK(encode(block).size() * 8 < block.indices.size() / 4);
}

#if defined(__x86_64__)
TEST_CASE("the balanced model's instruction sets agree") {
  if (!simd_available(Simd::avx2)) return;
  for (const Block& block : blocks()) {
    balanced::WorkingMemory memory;
    RangeEncoder coder;
    memory.begin(block.info.shape);
    balanced::scalar::encode(block.indices.data(), block.info, 0, coder, memory);
    const std::span<const std::uint8_t> bytes = coder.finish();
    const std::vector<std::uint8_t> scalar(bytes.begin(), bytes.end());
    coder.restart();
    memory.begin(block.info.shape);
    balanced::avx2::encode(block.indices.data(), block.info, 0, coder, memory);
    CHECK(std::ranges::equal(scalar, coder.finish()));
  }
}
#endif

// Indices in range or an error, whatever the bytes.
void check_harmless(const std::vector<std::uint8_t>& bytes, const BlockInfo& info) {
  try {
    const std::vector<Index> indices = decode(bytes, info, info.shape.z);
    CHECK(indices.size() == info.shape.voxels());
    CHECK(*std::max_element(indices.begin(), indices.end()) < info.index_count);
  } catch (const Error& error) {
    CHECK((error.kind() == ErrorKind::truncated || error.kind() == ErrorKind::corrupt));
  }
}

TEST_CASE("bytes behind the structure of the balanced model are an error") {
  const Block block = cells({24, 20, 6}, 9, 9);
  std::vector<std::uint8_t> bytes = encode(block);
  bytes.insert(bytes.end(), 12, 1);
  CHECK_THROWS_WITH_AS(decode(bytes, block.info, block.info.shape.z),
                       "block: bytes follow the structure", Error);
  CHECK(decode(bytes, block.info, 1).size() == block.info.shape.slice());
}

TEST_CASE("damaged bytes of the balanced model do no harm") {
  const Block block = cells({24, 20, 6}, 9, 9);
  const std::vector<std::uint8_t> bytes = encode(block);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    check_harmless({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)}, block.info);
  }
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::vector<std::uint8_t> flipped = bytes;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    check_harmless(flipped, block.info);
  }
  Random random(10);
  for (int i = 0; i < 200; ++i) {
    std::vector<std::uint8_t> made_up(random.below(400));
    for (auto& byte : made_up) byte = static_cast<std::uint8_t>(random.next());
    check_harmless(made_up, block.info);
  }
}

}  // namespace
}  // namespace segpresso::test
