// How boundary voxels get their labels (docs/streams.md section 1.5).
#pragma once

#include <cstddef>
#include <cstdint>

#include "labels/bit_slab.hpp"

namespace segpresso::compresso {

// A word of 64 boundary voxels of a row, split by the preceding non-boundary neighbour whose label
// they share; -x comes first and is not listed, then -y, then -z.
struct BoundaryWord {
  std::uint64_t copy_above;     // from -y
  std::uint64_t copy_behind;    // from -z, connectivity six only
  std::uint64_t indeterminate;  // from none of them: the stream holds a location word
};

// Calls `function(word_index, BoundaryWord)` for the words of a row of the boundary map that have a
// voxel without a determining -x neighbour. `above` and `behind` are the rows at y - 1 and z - 1,
// null where there is none or where it does not count.
template <class Function>
void for_each_boundary_word(const std::uint64_t* row, const std::uint64_t* above,
                            const std::uint64_t* behind, std::size_t words, Function&& function) {
  std::uint64_t carry = 1;  // nothing to the left of the row can determine a voxel
  for (std::size_t i = 0; i < words; ++i) {
    const std::uint64_t word = row[i];
    const std::uint64_t open = word & (word << 1 | carry);
    carry = word >> 63;
    if (open == 0) continue;
    const std::uint64_t not_above = above != nullptr ? above[i] : ~std::uint64_t{0};
    const std::uint64_t not_behind = behind != nullptr ? behind[i] : ~std::uint64_t{0};
    function(i, BoundaryWord{open & ~not_above, open & not_above & ~not_behind,
                             open & not_above & not_behind});
  }
}

}  // namespace segpresso::compresso
