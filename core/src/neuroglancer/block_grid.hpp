// Checks of block sizes.
#pragma once

#include "base/arithmetic.hpp"
#include "segpresso/neuroglancer.hpp"

namespace segpresso::neuroglancer {

inline void check_block_size(const BlockSize& block) {
  // 2^24 voxels of 16 bits fill all words that the offsets of a channel can address.
  constexpr std::size_t max_voxels = std::size_t{1} << 25;
  const std::size_t voxels =
      checked_multiply(checked_multiply(block.x, block.y, "the block"), block.z, "the block");
  if (voxels == 0 || voxels > max_voxels) {
    throw Error(ErrorKind::invalid_argument,
                "block sizes must be positive, with a product of at most 2^25");
  }
}

}  // namespace segpresso::neuroglancer
