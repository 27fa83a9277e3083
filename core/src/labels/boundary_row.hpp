// Row kernels: which voxels of a row differ from their neighbours (docs/streams.md section 1.1),
// and from those of another row.
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

// Sets bit x of `bits` iff a[x] differs from b[x]; words and bits as above.
template <class T>
using DifferRow = void (*)(const T* a, const T* b, std::size_t n, std::uint64_t* bits);

// A kernel for labels of each width.
template <template <class> class Kernel>
struct RowKernels {
  Kernel<std::uint8_t> u8;
  Kernel<std::uint16_t> u16;
  Kernel<std::uint32_t> u32;
  Kernel<std::uint64_t> u64;

  template <class T>
  [[nodiscard]] Kernel<T> get() const noexcept {
    if constexpr (sizeof(T) == 1) return u8;
    if constexpr (sizeof(T) == 2) return u16;
    if constexpr (sizeof(T) == 4) return u32;
    if constexpr (sizeof(T) == 8) return u64;
  }
};

using BoundaryRowKernels = RowKernels<BoundaryRow>;
using DifferRowKernels = RowKernels<DifferRow>;

// Kernels for an instruction set that `simd_available`.
const BoundaryRowKernels& boundary_row_kernels(Simd simd);
const DifferRowKernels& differ_row_kernels(Simd simd);

}  // namespace segpresso
