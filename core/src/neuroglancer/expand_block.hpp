// Kernels that turn the packed indices of a whole 8 x 8 x 8 block into labels.
//
// On EM volumes two blocks of three are not uniform, and nearly all of these have 1, 2 or 4 bits
// per index: a row of eight voxels then is one table permutation (2 to 3 times as fast as a loop).
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/cpu.hpp"

namespace segpresso::neuroglancer {

// `table` has 16 readable entries; `words` holds the block's 512 * bits / 8 bytes, unaligned; bits
// is 1, 2 or 4. Rows of the block are `y_stride` labels apart, slices `z_stride`.
template <class T>
using ExpandBlock = void (*)(const T* table, const std::uint8_t* words, unsigned bits, T* out,
                             std::ptrdiff_t y_stride, std::ptrdiff_t z_stride);

struct ExpandBlockKernels {
  ExpandBlock<std::uint32_t> u32;
  ExpandBlock<std::uint64_t> u64;

  // The kernel for labels of type T.
  template <class T>
  [[nodiscard]] ExpandBlock<T> of() const noexcept {
    if constexpr (sizeof(T) == 4) {
      return u32;
    } else {
      return u64;
    }
  }
};

// Kernels for an instruction set that `simd_available`.
const ExpandBlockKernels& expand_block_kernels(Simd simd);

}  // namespace segpresso::neuroglancer
