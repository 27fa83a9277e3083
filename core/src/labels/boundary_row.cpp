#include "labels/boundary_row.hpp"

#include "labels/boundary_row_isa.hpp"

namespace segpresso {

const BoundaryRowKernels& boundary_row_kernels(Simd simd) {
  switch (simd) {
#if defined(__x86_64__)
    case Simd::avx512:
      return boundary_row_avx512;
    case Simd::avx2:
      return boundary_row_avx2;
#elif defined(__aarch64__)
    case Simd::neon:
      return boundary_row_neon;
#endif
    default:
      return boundary_row_scalar;
  }
}

}  // namespace segpresso
