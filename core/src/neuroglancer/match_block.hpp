// Kernels that find the voxels of an 8 x 8 x 8 block that have a given label.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/cpu.hpp"

namespace segpresso::neuroglancer {

// Bit i of word w tells of voxel 64 * w + i.
using BlockMask = std::array<std::uint64_t, 8>;

template <class T>
using MatchBlock = void (*)(const T* voxels, T label, BlockMask& mask);

struct MatchBlockKernels {
  MatchBlock<std::uint32_t> u32;
  MatchBlock<std::uint64_t> u64;

  // The kernel for labels of type T.
  template <class T>
  [[nodiscard]] MatchBlock<T> of() const noexcept {
    if constexpr (sizeof(T) == 4) {
      return u32;
    } else {
      return u64;
    }
  }
};

// Kernels for an instruction set that `simd_available`.
const MatchBlockKernels& match_block_kernels(Simd simd);

}  // namespace segpresso::neuroglancer
