#include "neuroglancer/match_block.hpp"

#include "neuroglancer/match_block_isa.hpp"

namespace segpresso::neuroglancer {

const MatchBlockKernels& match_block_kernels(Simd simd) {
  switch (simd) {
#if defined(__x86_64__)
    case Simd::avx512:
      return match_block_avx512;
    case Simd::avx2:
      return match_block_avx2;
#endif
#if defined(__aarch64__)
    case Simd::neon:
      return match_block_neon;
#endif
    default:
      return match_block_scalar;
  }
}

}  // namespace segpresso::neuroglancer
