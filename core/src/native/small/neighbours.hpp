// Which neighbours of a voxel have a given index, and choices of them (docs/format_small.md
// section 8).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "native/small/masks.hpp"
#include "native/small/scene.hpp"

namespace segpresso::native::small {

// Places x - 8 to x + 7 of four rows each, 16 bits a row: bit 8 of a row is column x.
struct Neighbours {
  std::uint64_t current = 0;     // rows y, y-1, y-2, y-3
  std::uint64_t before = 0;      // rows y, y-1, y+1, y+2 of slice z-1
  std::uint64_t two_before = 0;  // rows y, y-1, y+1 of slice z-2, and row y-2 of slice z-1
};

inline Neighbours neighbours(const Scene& scene, int x, Index index) {
  const auto row = [&](const Index* p) { return std::uint64_t{equal_mask(p + x - 8, index)}; };
  return {(row(scene.row(0)) & 0xFF) | row(scene.row(1)) << 16 | row(scene.row(2)) << 32 |
              row(scene.row(3)) << 48,
          row(scene.before(0)) | row(scene.before(-1)) << 16 | row(scene.before(1)) << 32 |
              row(scene.before(2)) << 48,
          row(scene.two_before(0)) | row(scene.two_before(-1)) << 16 |
              row(scene.two_before(1)) << 32 | row(scene.before(-2)) << 48};
}

struct Place {
  int x;
  int y;
};

// Places in the slice itself, the most telling ones first.
inline constexpr std::array<Place, 26> places_here{
    {{-1, 0},  {0, -1}, {-1, -1}, {1, -1},  {-2, 0}, {0, -2},  {-2, -1}, {2, -1}, {-1, -2},
     {1, -2},  {-3, 0}, {3, -1},  {-2, -2}, {2, -2}, {-3, -1}, {0, -3},  {-4, 0}, {4, -1},
     {-3, -2}, {3, -2}, {1, -3},  {-1, -3}, {-5, 0}, {5, -1},  {-6, 0},  {6, -1}}};
// Places in the slices before it.
inline constexpr std::array<Place, 18> places_before{{{0, 0},
                                                      {1, 0},
                                                      {0, 1},
                                                      {-1, 0},
                                                      {0, -1},
                                                      {1, 1},
                                                      {-1, 1},
                                                      {1, -1},
                                                      {-1, -1},
                                                      {2, 0},
                                                      {0, 2},
                                                      {-2, 0},
                                                      {0, -2},
                                                      {3, 0},
                                                      {2, 2},
                                                      {-2, 2},
                                                      {4, 0},
                                                      {-3, 0}}};

// The first `count` places of each kind, as bits of `Neighbours`.
constexpr std::uint64_t here(std::size_t count) {
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < count; ++i) {
    mask |= std::uint64_t{1} << (8 + places_here[i].x - 16 * places_here[i].y);
  }
  return mask;
}
constexpr std::uint64_t before(std::size_t count) {
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Place p = places_before[i];
    if (p.y == -2) continue;
    const int row = p.y == -1 ? 1 : p.y > 0 ? p.y + 1 : 0;
    mask |= std::uint64_t{1} << (8 + p.x + 16 * row);
  }
  return mask;
}
// Those of slice z-1 that `Neighbours::two_before` holds.
constexpr std::uint64_t far_before(std::size_t count) {
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (places_before[i].y == -2) mask |= std::uint64_t{1} << (8 + places_before[i].x + 48);
  }
  return mask;
}
constexpr std::uint64_t two_before(std::size_t count) {
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Place p = places_before[i];
    if (p.y < -1 || p.y > 1) continue;
    const int row = p.y == -1 ? 1 : p.y > 0 ? 2 : 0;
    mask |= std::uint64_t{1} << (8 + p.x + 16 * row);
  }
  return mask;
}

}  // namespace segpresso::native::small
