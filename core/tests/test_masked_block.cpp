// Blocks as bit maps: the same tables and indices as by looking labels up one by one.
#include <doctest/doctest.h>

#include "neuroglancer/block_labels.hpp"
#include "neuroglancer/masked_block.hpp"
#include "neuroglancer/packed_indices.hpp"
#include "support/random.hpp"
#include "support/simd.hpp"

namespace segpresso::test {
namespace {

using neuroglancer::BlockLabels;
using neuroglancer::BlockMask;
using neuroglancer::MaskedBlock;
using neuroglancer::MatchBlock;

template <class T>
MatchBlock<T> match_kernel(Simd simd) {
  return neuroglancer::match_block_kernels(simd).of<T>();
}

TEST_CASE_TEMPLATE("bit p tells whether voxel p has the label", T, std::uint32_t, std::uint64_t) {
  Random random(20);
  for (const Simd simd : available_simd()) {
    CAPTURE(name_of(simd));
    for (unsigned repetition = 0; repetition < 100; ++repetition) {
      const T label = static_cast<T>(random.next());
      std::vector<T> voxels(512);
      for (T& voxel : voxels) {
        // Others differ in one bit only, anywhere.
        voxel = random.chance(40) ? label : label ^ T { 1 } << random.below(8 * sizeof(T));
      }
      BlockMask mask;
      match_kernel<T>(simd)(voxels.data(), label, mask);
      bool same = true;
      for (std::size_t p = 0; p < 512; ++p) {
        same = same && (mask[p / 64] >> p % 64 & 1) == (voxels[p] == label ? 1U : 0U);
      }
      REQUIRE(same);
    }
  }
}

TEST_CASE_TEMPLATE("tables and indices are those of a look-up", T, std::uint32_t, std::uint64_t) {
  Random random(21);
  MaskedBlock<T> block;
  BlockLabels<T> expected;
  for (const Simd simd : available_simd()) {
    CAPTURE(name_of(simd));
    for (const std::size_t distinct : {1, 2, 3, 4, 5, 8, 9, 15, 16, 17, 18, 100, 512}) {
      for (unsigned repetition = 0; repetition < 20; ++repetition) {
        const T first = static_cast<T>(random.next());
        const bool sparse = random.chance(30);
        // All labels occur; the last voxels may be the only ones of theirs.
        for (std::size_t p = 0; p < 512; ++p) {
          const std::size_t index =
              512 - p <= distinct ? 512 - p - 1 : random.below(sparse ? 1 : distinct);
          block.labels()[p] = static_cast<T>(first + 0x9E3779B97F4A7C15 * index);
        }
        REQUIRE(block.find_labels(match_kernel<T>(simd)) == (distinct <= 16));
        if (distinct > 16) continue;
        expected.reset(512);
        expected.add_row(block.labels().data(), 512, 0);
        expected.sort();
        REQUIRE(std::ranges::equal(block.table(), expected.table()));
        REQUIRE(block.bits() == neuroglancer::index_bits(distinct));
        std::vector<std::uint32_t> words{77};  // appended to what is there
        std::vector<std::uint32_t> expected_words{77};
        block.append_packed(words);
        neuroglancer::append_packed(block.bits(), expected.indices(), expected_words);
        REQUIRE(words == expected_words);
      }
    }
  }
}

}  // namespace
}  // namespace segpresso::test
