// Counts and extents of the labels of a block.
#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "native/label_runs.hpp"
#include "support/random.hpp"

namespace segpresso::test {
namespace {

TEST_CASE_TEMPLATE("counts and extents are those of the voxels", I, std::uint16_t, std::uint32_t) {
  Random random(81);
  native::LabelRuns<I> runs;
  std::vector<native::LocalStatistics> found;
  for (const native::BlockShape& shape :
       {native::BlockShape{1, 1, 1}, {5, 1, 3}, {64, 2, 2}, {65, 3, 2}, {200, 4, 3}}) {
    constexpr std::size_t labels = 6;
    std::vector<I> indices(shape.voxels());
    I last = 0;
    for (I& index : indices) {
      if (random.chance(20)) last = static_cast<I>(random.below(labels));
      index = last;
    }
    runs.collect(indices, shape, labels, found);
    REQUIRE(found.size() == labels);
    std::vector<native::LocalStatistics> expected(labels);
    std::size_t voxel = 0;
    for (std::uint32_t z = 0; z < shape.z; ++z) {
      for (std::uint32_t y = 0; y < shape.y; ++y) {
        for (std::uint32_t x = 0; x < shape.x; ++x) {
          expected[indices[voxel++]].add_run(x, x + 1, y, z);
        }
      }
    }
    for (std::size_t i = 0; i < labels; ++i) {
      CHECK(found[i].count == expected[i].count);
      CHECK(found[i].first == expected[i].first);
      CHECK(found[i].last == expected[i].last);
    }
  }
}

}  // namespace
}  // namespace segpresso::test
