// Checks of block sizes.
#pragma once

#include "base/arithmetic.hpp"
#include "segpresso/neuroglancer.hpp"

namespace segpresso::neuroglancer {

inline void check_block_size(const BlockSize& block) {
  // 2^25 voxels of 16 bits fill all words that the 24-bit offsets of a channel can address.
  constexpr std::uint64_t max_voxels = std::uint64_t{1} << 25;
  const std::uint64_t area = std::uint64_t{block.x} * block.y;
  if (area == 0 || block.z == 0 || area > max_voxels || area * block.z > max_voxels) {
    throw Error(ErrorKind::invalid_argument,
                "block sizes must be positive, with a product of at most 2^25");
  }
}

}  // namespace segpresso::neuroglancer
