// The rows around a row of voxels, in which its labels are looked for.
#pragma once

#include <array>
#include <cstdint>

#include "native/structure.hpp"

namespace segpresso::native::balanced {

// Of the slice itself (n), of the slice before, which is known whole (p), and of the one before
// that (q): at the same height, above (n) and below (s).
enum Row : std::uint8_t { n, nn, n3, p, pn, ps, q, qn };
inline constexpr unsigned row_count = 8;
using Rows = std::array<const Index*, row_count>;

// The nearest voxels of each row: `count` of them from `first` on, relative to the voxel, and where
// their bits go. 16 bits in all.
struct NearPlaces {
  int first;
  unsigned count;
  unsigned shift;
};
inline constexpr std::array<NearPlaces, row_count> near_places{{
    {-2, 5, 0},   // n
    {-1, 3, 5},   // nn
    {0, 0, 0},    // n3
    {-1, 3, 8},   // p
    {0, 1, 14},   // pn
    {-1, 3, 11},  // ps
    {0, 1, 15},   // q
    {0, 0, 0},    // qn
}};

}  // namespace segpresso::native::balanced
