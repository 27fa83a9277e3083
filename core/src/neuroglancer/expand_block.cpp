#include "neuroglancer/expand_block.hpp"

#include "neuroglancer/expand_block_isa.hpp"

namespace segpresso::neuroglancer {

const ExpandBlockKernels& expand_block_kernels(Simd simd) {
  switch (simd) {
#if defined(__x86_64__)
    case Simd::avx512:
      return expand_block_avx512;
    case Simd::avx2:
      return expand_block_avx2;
#endif
    default:
      return expand_block_scalar;
  }
}

}  // namespace segpresso::neuroglancer
