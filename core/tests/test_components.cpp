// Connected components of clear voxels, against a flood fill.
#include <doctest/doctest.h>

#include <vector>

#include "compresso/component_stitcher.hpp"
#include "labels/components.hpp"
#include "support/random.hpp"

namespace segpresso::test {
namespace {

struct Size {
  std::size_t x, y, z;
};

BitSlab random_map(const Size& size, unsigned percent, Random& random) {
  BitSlab map;
  map.reset(size.x, size.y, 0, size.z);
  for (std::size_t z = 0; z < size.z; ++z) {
    for (std::size_t y = 0; y < size.y; ++y) {
      for (std::size_t x = 0; x < size.x; ++x) {
        if (random.chance(percent)) map.row(y, z)[x / 64] |= std::uint64_t{1} << (x % 64);
      }
    }
  }
  return map;
}

constexpr std::uint32_t none = UINT32_MAX;

// Components of slices [z_begin, z_end), numbered by their first voxels; `none` for set voxels.
class FloodFill {
 public:
  FloodFill(const BitSlab& map, std::size_t z_begin, std::size_t z_end, Connectivity connectivity)
      : map_(map),
        z_begin_(z_begin),
        z_end_(z_end),
        six_(connectivity == Connectivity::six),
        component_(map.x() * map.y() * (z_end - z_begin), none) {
    for (std::size_t z = z_begin; z < z_end; ++z) {
      for (std::size_t y = 0; y < map.y(); ++y) {
        for (std::size_t x = 0; x < map.x(); ++x) {
          if (!is_open(x, y, z)) continue;
          fill(x, y, z);
          first_voxels_.push_back({x, y, z});
        }
      }
    }
  }

  [[nodiscard]] std::uint32_t at(std::size_t x, std::size_t y, std::size_t z) const {
    return component_[x + map_.x() * (y + map_.y() * (z - z_begin_))];
  }
  [[nodiscard]] const std::vector<Size>& first_voxels() const { return first_voxels_; }

 private:
  [[nodiscard]] bool is_open(std::size_t x, std::size_t y, std::size_t z) const {
    return x < map_.x() && y < map_.y() && z >= z_begin_ && z < z_end_ && !map_.test(x, y, z) &&
           at(x, y, z) == none;
  }

  void fill(std::size_t x0, std::size_t y0, std::size_t z0) {
    std::vector<Size> open{{x0, y0, z0}};
    while (!open.empty()) {
      const auto [x, y, z] = open.back();
      open.pop_back();
      if (!is_open(x, y, z)) continue;
      component_[x + map_.x() * (y + map_.y() * (z - z_begin_))] =
          static_cast<std::uint32_t>(first_voxels_.size());
      open.insert(open.end(), {{x - 1, y, z}, {x + 1, y, z}, {x, y - 1, z}, {x, y + 1, z}});
      if (six_) open.insert(open.end(), {{x, y, z - 1}, {x, y, z + 1}});
    }
  }

  const BitSlab& map_;
  std::size_t z_begin_;
  std::size_t z_end_;
  bool six_;
  std::vector<std::uint32_t> component_;
  std::vector<Size> first_voxels_;
};

// Whether the runs of `found` are the maximal runs of the flood fill's components.
bool same_components(const SlabComponents& found, const FloodFill& expected, std::size_t x_size,
                     std::size_t y_size) {
  for (std::size_t z = found.z_begin(); z < found.z_end(); ++z) {
    for (std::size_t y = 0; y < y_size; ++y) {
      std::vector<std::uint32_t> row(x_size, none);
      std::size_t previous_end = 0;
      for (const Run& run : found.row(y, z)) {
        if (run.begin >= run.end || run.end > x_size) return false;
        if (run.begin < previous_end || (previous_end > 0 && run.begin == previous_end)) {
          return false;
        }
        previous_end = run.end;
        std::fill(row.begin() + run.begin, row.begin() + run.end, run.component);
      }
      for (std::size_t x = 0; x < x_size; ++x) {
        if (row[x] != expected.at(x, y, z)) return false;
      }
    }
  }
  return true;
}

constexpr Size sizes[]{{1, 1, 1},   {2, 3, 1},   {5, 4, 3},    {31, 9, 3},  {63, 8, 3},
                       {64, 8, 3},  {65, 8, 3},  {66, 1, 4},   {1, 40, 3},  {127, 6, 2},
                       {128, 6, 2}, {129, 6, 2}, {192, 12, 2}, {200, 7, 3}, {17, 17, 9}};
constexpr unsigned percents[]{0, 1, 5, 20, 35, 45, 60, 80, 97, 100};

TEST_CASE("components are those of a flood fill, numbered by their first voxels") {
  Random random(6);
  SlabComponents found;  // its buffers are used again and again
  for (const Connectivity connectivity : {Connectivity::four, Connectivity::six}) {
    for (const Size& size : sizes) {
      for (const unsigned percent : percents) {
        CAPTURE(static_cast<int>(connectivity));
        CAPTURE(size.x);
        CAPTURE(size.y);
        CAPTURE(size.z);
        CAPTURE(percent);
        const BitSlab map = random_map(size, percent, random);
        const FloodFill expected(map, 0, size.z, connectivity);
        found.find(map, 0, size.z, connectivity);
        REQUIRE(found.count() == expected.first_voxels().size());
        REQUIRE(same_components(found, expected, size.x, size.y));
        std::vector<std::uint32_t> counts(size.z, 0);
        for (std::uint32_t c = 0; c < found.count(); ++c) {
          const SlabComponents::Voxel& voxel = found.first_voxels()[c];
          const Size& first = expected.first_voxels()[c];
          const bool same = voxel.x == first.x && voxel.y == first.y && voxel.z == first.z;
          REQUIRE(same);
          ++counts[voxel.z];
        }
        for (std::size_t z = 0; z < size.z; ++z) REQUIRE(found.count_in_slice(z) == counts[z]);
      }
    }
  }
}

TEST_CASE("a slab's components do not reach beyond the slab") {
  Random random(7);
  for (const Connectivity connectivity : {Connectivity::four, Connectivity::six}) {
    for (const unsigned percent : percents) {
      const Size size{70, 11, 7};
      const BitSlab map = random_map(size, percent, random);
      const std::size_t z_begin = random.below(size.z);
      const std::size_t z_end = z_begin + 1 + random.below(size.z - z_begin);
      SlabComponents found;
      found.find(map, z_begin, z_end, connectivity);
      const FloodFill expected(map, z_begin, z_end, connectivity);
      REQUIRE(found.count() == expected.first_voxels().size());
      REQUIRE(same_components(found, expected, size.x, size.y));
    }
  }
}

TEST_CASE("6-connected components of slabs join to those of the volume") {
  Random random(8);
  for (const unsigned percent : percents) {
    for (unsigned repetition = 0; repetition < 6; ++repetition) {
      const Size size{1 + random.below(70), 1 + random.below(9), 1 + random.below(9)};
      const BitSlab map = random_map(size, percent, random);
      std::vector<SlabComponents> slabs;
      for (std::size_t z = 0; z < size.z;) {
        const std::size_t end = std::min(size.z, z + 1 + random.below(3));
        slabs.emplace_back().find(map, z, end, Connectivity::six);
        z = end;
      }
      compresso::ComponentStitcher stitcher;
      std::vector<const SlabComponents*> pointers;
      for (const SlabComponents& slab : slabs) {
        stitcher.add(slab);
        pointers.push_back(&slab);
      }
      stitcher.join(pointers, size.y);
      std::vector<Size> first_voxels;
      stitcher.number([&](std::size_t slab, std::uint32_t component) {
        const SlabComponents::Voxel& voxel = slabs[slab].first_voxels()[component];
        first_voxels.push_back({voxel.x, voxel.y, voxel.z});
      });

      const FloodFill expected(map, 0, size.z, Connectivity::six);
      REQUIRE(first_voxels.size() == expected.first_voxels().size());
      for (std::size_t c = 0; c < first_voxels.size(); ++c) {
        const auto& [x, y, z] = first_voxels[c];
        REQUIRE(expected.at(x, y, z) == c);
      }
      for (std::size_t slab = 0; slab < slabs.size(); ++slab) {
        for (std::size_t z = slabs[slab].z_begin(); z < slabs[slab].z_end(); ++z) {
          for (std::size_t y = 0; y < size.y; ++y) {
            for (const Run& run : slabs[slab].row(y, z)) {
              REQUIRE(stitcher.number_of(slab, run.component) == expected.at(run.begin, y, z));
            }
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace segpresso::test
