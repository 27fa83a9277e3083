// Runs as labels in memory: kernels.
#pragma once

#include <cstddef>

#include "base/cpu.hpp"
#include "native/fast/runs.hpp"

namespace segpresso::native::fast {

// Labels of a row; may write `row_labels_overrun` more.
template <class T>
using FillLabels = void (*)(const Runs& runs, const T* labels, T* row);
inline constexpr std::size_t row_labels_overrun = 32;

// As `stream_copy` (base/stream_copy.hpp).
using StreamCopy = void (*)(std::byte* to, const std::byte* from, std::size_t bytes);

struct RowLabelKernels {
  FillLabels<std::uint8_t> u8;
  FillLabels<std::uint16_t> u16;
  FillLabels<std::uint32_t> u32;
  FillLabels<std::uint64_t> u64;
  StreamCopy stream;

  template <class T>
  [[nodiscard]] FillLabels<T> get() const noexcept {
    if constexpr (sizeof(T) == 1) return u8;
    if constexpr (sizeof(T) == 2) return u16;
    if constexpr (sizeof(T) == 4) return u32;
    if constexpr (sizeof(T) == 8) return u64;
  }
};

// Kernels for an instruction set that `simd_available`.
const RowLabelKernels& row_label_kernels(Simd simd);

}  // namespace segpresso::native::fast
