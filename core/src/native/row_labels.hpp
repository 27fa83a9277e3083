// Runs as labels in memory: kernels.
#pragma once

#include <cstddef>

#include "base/cpu.hpp"
#include "labels/boundary_row.hpp"
#include "native/runs.hpp"

namespace segpresso::native {

// Labels of a row; may write `row_labels_overrun` more.
template <class T>
using FillLabels = void (*)(const Runs& runs, const T* labels, T* row);
inline constexpr std::size_t row_labels_overrun = 32;

// As `stream_copy` (base/stream_copy.hpp).
using StreamCopy = void (*)(std::byte* to, const std::byte* from, std::size_t bytes);

struct RowLabelKernels {
  RowKernels<FillLabels> fill;
  StreamCopy stream;
};

// Kernels for an instruction set that `simd_available`.
const RowLabelKernels& row_label_kernels(Simd simd);

}  // namespace segpresso::native
