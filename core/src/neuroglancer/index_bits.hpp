// Bits per voxel index.
#pragma once

#include <cstddef>

namespace segpresso::neuroglancer {

// The smallest of 0, 1, 2, 4, 8, 16 bits that tells `labels` (1 to 65536) apart.
constexpr unsigned index_bits(std::size_t labels) noexcept {
  if (labels <= 1) return 0;
  unsigned bits = 1;
  while ((std::size_t{1} << bits) < labels) bits *= 2;
  return bits;
}

constexpr bool is_index_bits(unsigned bits) noexcept {
  return bits == 0 || bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16;
}

}  // namespace segpresso::neuroglancer
