// The label table of one block: the distinct labels, ascending, and the index of each voxel.
#include <doctest/doctest.h>

#include "neuroglancer/block_labels.hpp"
#include "neuroglancer/index_bits.hpp"
#include "support/codecs.hpp"
#include "support/random.hpp"

namespace segpresso::test {
namespace {

using neuroglancer::BlockLabels;

TEST_CASE_TEMPLATE("tables hold each label once, ascending", T, std::uint8_t, std::uint16_t,
                   std::uint32_t, std::uint64_t) {
  Random random(15);
  BlockLabels<T> labels;  // its hash table is used again and again
  for (const std::size_t distinct : {1, 2, 7, 8, 9, 10, 33, 200, 5000, 3}) {
    for (unsigned repetition = 0; repetition < 20; ++repetition) {
      constexpr std::size_t row = 64;
      std::vector<T> voxels(row * (1 + random.below(20)));
      const std::uint64_t first = random.next();
      for (T& voxel : voxels) {
        // Multiples of a power of 2 collide if only the low bits are hashed.
        voxel = static_cast<T>(first + (random.below(distinct) << (sizeof(T) > 2 ? 16 : 0)));
      }
      labels.reset(voxels.size());
      for (std::size_t p = 0; p < voxels.size(); p += row) labels.add_row(&voxels[p], row, p);
      labels.sort();
      std::vector<T> expected = voxels;
      std::sort(expected.begin(), expected.end());
      expected.erase(std::unique(expected.begin(), expected.end()), expected.end());
      REQUIRE(labels.table() == expected);
      bool same = true;
      for (std::size_t p = 0; p < voxels.size(); ++p) {
        same = same && labels.table()[labels.indices()[p]] == voxels[p];
      }
      REQUIRE(same);
    }
  }
}

TEST_CASE("a block has at most 65536 labels") {
  std::vector<std::uint32_t> voxels(65537);
  for (std::uint32_t i = 0; i < voxels.size(); ++i) voxels[i] = 3 * i;
  BlockLabels<std::uint32_t> labels;
  labels.reset(voxels.size());
  CHECK_NOTHROW(labels.add_row(voxels.data(), 65536, 0));
  CHECK(kind_of_error([&] { labels.add_row(&voxels[65536], 1, 65536); }) == ErrorKind::unsupported);
}

TEST_CASE("an index takes 0, 1, 2, 4, 8 or 16 bits") {
  struct Case {
    std::size_t labels;
    unsigned bits;
  };
  for (const auto& [count, bits] :
       {Case{1, 0}, Case{2, 1}, Case{3, 2}, Case{4, 2}, Case{5, 4}, Case{16, 4}, Case{17, 8},
        Case{256, 8}, Case{257, 16}, Case{65536, 16}}) {
    CHECK(neuroglancer::index_bits(count) == bits);
    CHECK(neuroglancer::is_index_bits(bits));
  }
  for (const unsigned bits : {3U, 5U, 7U, 9U, 15U, 17U, 24U, 32U, 64U, 255U}) {
    CHECK_FALSE(neuroglancer::is_index_bits(bits));
  }
}

}  // namespace
}  // namespace segpresso::test
