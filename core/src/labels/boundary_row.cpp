#include "labels/boundary_row.hpp"

#include "labels/boundary_row_isa.hpp"

namespace segpresso {
namespace {

struct AllKernels {
  const BoundaryRowKernels& boundary;
  const DifferRowKernels& differ;
};

AllKernels kernels_of(Simd simd) {
  switch (simd) {
#if defined(__x86_64__)
    case Simd::avx512:
      return {boundary_row_avx512, differ_row_avx512};
    case Simd::avx2:
      return {boundary_row_avx2, differ_row_avx2};
#elif defined(__aarch64__)
    case Simd::neon:
      return {boundary_row_neon, differ_row_neon};
#endif
    default:
      return {boundary_row_scalar, differ_row_scalar};
  }
}

}  // namespace

const BoundaryRowKernels& boundary_row_kernels(Simd simd) { return kernels_of(simd).boundary; }

const DifferRowKernels& differ_row_kernels(Simd simd) { return kernels_of(simd).differ; }

}  // namespace segpresso
