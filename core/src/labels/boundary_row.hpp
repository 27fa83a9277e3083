// Row kernels: which voxels of a row differ from their neighbours (docs/streams.md section 1.1).
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/cpu.hpp"

namespace segpresso {

// Sets bit x of `bits` iff row[x] differs from row[x + 1] (x + 1 < n), from below[x] or from
// behind[x]. `below` and `behind` may be null: outside the volume nothing differs. Writes
// ceil(n / 64) words; bits from n on are clear.
template <class T>
using BoundaryRow = void (*)(const T* row, const T* below, const T* behind, std::size_t n,
                             std::uint64_t* bits);

struct BoundaryRowKernels {
  BoundaryRow<std::uint8_t> u8;
  BoundaryRow<std::uint16_t> u16;
  BoundaryRow<std::uint32_t> u32;
  BoundaryRow<std::uint64_t> u64;

  template <class T>
  [[nodiscard]] BoundaryRow<T> get() const noexcept {
    if constexpr (sizeof(T) == 1) return u8;
    if constexpr (sizeof(T) == 2) return u16;
    if constexpr (sizeof(T) == 4) return u32;
    if constexpr (sizeof(T) == 8) return u64;
  }
};

// Kernels for an instruction set that `simd_available`.
const BoundaryRowKernels& boundary_row_kernels(Simd simd);

}  // namespace segpresso
