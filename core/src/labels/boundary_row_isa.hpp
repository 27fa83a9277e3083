// The kernels of each instruction set; `boundary_row.cpp` chooses.
#pragma once

#include "labels/boundary_row.hpp"

namespace segpresso {

extern const BoundaryRowKernels boundary_row_scalar;
extern const DifferRowKernels differ_row_scalar;
#if defined(__x86_64__)
extern const BoundaryRowKernels boundary_row_avx2;
extern const DifferRowKernels differ_row_avx2;
extern const BoundaryRowKernels boundary_row_avx512;
extern const DifferRowKernels differ_row_avx512;
#elif defined(__aarch64__)
extern const BoundaryRowKernels boundary_row_neon;
extern const DifferRowKernels differ_row_neon;
#endif

}  // namespace segpresso
