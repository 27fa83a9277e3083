// The shapes that blocks get.
#include <doctest/doctest.h>

#include <algorithm>

#include "native/block_choice.hpp"
#include "native/block_grid.hpp"
#include "support/made_up.hpp"

namespace segpresso::test {
namespace {

using native::BlockGrid;
using native::BlockSizes;
using native::Profile;
using native::Vector4;

BlockSizes choose(const Vector4& sizes, bool unrelated = false) {
  return native::choose_block_shape(sizes, Profile::balanced, unrelated);
}

TEST_CASE("small volumes are one block, large ones many") {
  CHECK(choose({64, 64, 64, 1}) == BlockSizes{64, 64, 64});
  CHECK(choose({500, 500, 5, 9}) == BlockSizes{500, 500, 5});
  CHECK(choose({512, 512, 512, 1}) == BlockSizes{512, 64, 32});
  CHECK(choose({0, 3, 0, 1}) == BlockSizes{1, 3, 1});
}

TEST_CASE("blocks of small are few and of equal size") {
  const auto small = [](const Vector4& sizes, bool unrelated = false) {
    return native::choose_block_shape(sizes, Profile::small, unrelated);
  };
  CHECK(small({182, 218, 182, 1}) == BlockSizes{182, 218, 182});
  CHECK(small({250, 250, 250, 1}) == BlockSizes{250, 125, 125});
  CHECK(small({512, 512, 512, 1}) == BlockSizes{256, 256, 128});
  CHECK(small({1100, 700, 20, 1}) == BlockSizes{550, 350, 20});
  CHECK(small({512, 512, 119, 1}) == BlockSizes{256, 171, 119});
  CHECK(small({250, 250, 250, 9}) == BlockSizes{250, 250, 125});
  CHECK(small({500, 375, 1000, 1}, true) == BlockSizes{500, 375, 44});
  CHECK(small({8192, 8192, 1, 1}, true)[2] == 1);
  CHECK(small({0, 3, 0, 1}) == BlockSizes{1, 3, 1});
  for (const std::size_t size : {256, 300, 500, 1000, 4097, 1 << 30}) {
    CAPTURE(size);
    const BlockSizes block = small({size, size, size, 1});
    CHECK(block[0] * block[1] * block[2] <= std::size_t{1} << 23);
    for (const std::size_t side : block) CHECK(side >= 63);
  }
}

TEST_CASE("a box of 64^3 touches few blocks and few of the voxels") {
  for (const std::size_t size : {256, 300, 384, 500, 512, 1000, 1024, 2000, 4097}) {
    CAPTURE(size);
    const BlockSizes block = choose({size, size, size, 1});
    std::size_t touched = 1;
    for (const std::size_t side : block) {
      // Of blocks of `side` voxels, wherever the box begins.
      touched *= std::min((64 + side - 2) / side + 1, (size + side - 1) / side);
    }
    CHECK(touched <= (size <= 512 ? 8 : 12));
    CHECK(block[0] * block[1] * block[2] <= std::size_t{1} << 21);
  }
}

TEST_CASE("no block is a thin remainder") {
  for (std::size_t size = 100; size < 1500; ++size) {
    const BlockSizes block = choose({size, 700, 600, 1});
    const std::size_t rest = size % block[0];
    CAPTURE(size);
    CAPTURE(block[0]);
    CHECK((rest == 0 || 2 * rest >= block[0]));
  }
}

TEST_CASE("what a short axis leaves goes to the others") {
  for (const Vector4& sizes : {Vector4{3, 5, 1000000, 1},
                               {1 << 24, 1, 1, 1},
                               {8192, 8192, 1, 1},
                               {64, 5000, 5000, 1},
                               {10000, 2, 2000, 1}}) {
    const BlockSizes block = choose(sizes);
    const std::size_t voxels = block[0] * block[1] * block[2];
    CAPTURE(block[0]);
    CAPTURE(block[1]);
    CAPTURE(block[2]);
    CHECK(voxels >= std::size_t{1} << 19);
    CHECK(voxels <= std::size_t{1} << 21);
  }
}

TEST_CASE("slices are related if they differ no more than rows do") {
  const auto unrelated = [](Kind kind) {
    const Volume volume = make_volume(kind, {40, 40, 20}, LabelType::u16, 5);
    return native::slices_unrelated({volume.view(), 1, 0});
  };
  CHECK_FALSE(unrelated(Kind::uniform));
  CHECK_FALSE(unrelated(Kind::cells));
  CHECK_FALSE(unrelated(Kind::five_label_noise));
  CHECK(unrelated(Kind::slices));
  CHECK(choose({1000, 1000, 1000, 1}, true)[2] < 8);
}

TEST_CASE("blocks of a grid cover it in raster order") {
  const BlockGrid grid({10, 7, 5, 2}, {4, 7, 2});
  REQUIRE(grid.size() == 3 * 1 * 3 * 2);
  std::size_t voxels = 0;
  for (std::size_t i = 0; i < grid.size(); ++i) {
    CHECK(grid.index(grid.place(i)) == i);
    voxels += native::shape_of(grid.box(i)).voxels();
  }
  CHECK(voxels == 700);
  CHECK(grid.box(1).begin == Vector4{4, 0, 0, 0});
  CHECK(grid.box(2).end == Vector4{10, 7, 2, 1});
}

}  // namespace
}  // namespace segpresso::test
