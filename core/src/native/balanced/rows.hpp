// The rows around a row of voxels, in which its labels are looked for.
#pragma once

#include <array>
#include <cstdint>

#include "native/structure.hpp"

namespace segpresso::native::balanced {

// Of the slice itself (n), of the slice before, which is known whole (p), and of the one before
// that (q): at the same height, above (n) and below (s).
enum Row : std::uint8_t { n, n2, p, ps, n3, pn, q, qn };
inline constexpr unsigned row_count = 8;
using Rows = std::array<const Index*, row_count>;

// Where a label ends in each row near a voxel x: a byte for each row, from the lowest on in the
// order of Row. If the label is at x, 7 and how many voxels from x on have it, at most 13; else 8
// less how far back it is, at least 2.
using LabelEnds = std::uint64_t;

}  // namespace segpresso::native::balanced
