// Slabs: all slices, in order, cut where window layers meet.
#include <doctest/doctest.h>

#include "compresso/geometry.hpp"
#include "support/random.hpp"

namespace segpresso::test {
namespace {

using compresso::cut_slabs;
using compresso::SlabRange;

TEST_CASE("slabs cover the range once and are cut at whole window layers") {
  Random random(12);
  for (unsigned repetition = 0; repetition < 5000; ++repetition) {
    const std::size_t slice_voxels = 1 + random.next() % (std::size_t{1} << random.below(34));
    const std::size_t z_begin = random.below(50);
    const std::size_t z_end = z_begin + random.below(300);
    const std::size_t layer = 1 + random.below(20);
    const auto threads = static_cast<unsigned>(1 + random.below(16));
    std::size_t z = z_begin;
    for (const SlabRange& slab :
         cut_slabs(slice_voxels, z_begin, z_end, layer, threads, compresso::mapped_twice_slab)) {
      REQUIRE(slab.begin == z);
      REQUIRE(slab.end > slab.begin);
      REQUIRE((slab.end == z_end || slab.end % layer == 0));
      z = slab.end;
    }
    REQUIRE(z == z_end);
  }
}

TEST_CASE("small volumes are one slab") {
  CHECK(cut_slabs(100, 0, 600, 1, 8, compresso::mapped_twice_slab).size() == 1);
  CHECK(cut_slabs(65536, 0, 1, 1, 8, compresso::mapped_twice_slab).size() == 1);
  CHECK(cut_slabs(10, 5, 5, 1, 8, compresso::mapped_twice_slab).empty());
}

TEST_CASE("a slab has 2^16 voxels at least and 2^21 at most, if slices allow it") {
  CHECK(cut_slabs(65536, 0, 4, 1, 8, compresso::mapped_twice_slab).size() == 4);
  CHECK(cut_slabs(32768, 0, 4, 1, 8, compresso::mapped_twice_slab).size() == 2);
  CHECK(cut_slabs(1 << 18, 0, 4096, 1, 1, compresso::mapped_twice_slab).size() == 512);
  CHECK(cut_slabs(1 << 18, 0, 4096, 1, 64, compresso::mapped_twice_slab).size() == 512);
  CHECK(cut_slabs(1 << 30, 0, 10, 4, 2, compresso::mapped_twice_slab).size() == 3);
}

}  // namespace
}  // namespace segpresso::test
