#include "native/small/block_coder.hpp"

namespace segpresso::native::small {

const BlockCoder& block_coder([[maybe_unused]] Simd simd) {
#if defined(__x86_64__)
  static const bool has_bit_counts = __builtin_cpu_supports("bmi") != 0 &&
                                     __builtin_cpu_supports("bmi2") != 0 &&
                                     __builtin_cpu_supports("lzcnt") != 0;
  if ((simd == Simd::avx2 || simd == Simd::avx512) && has_bit_counts) return block_coder_avx2;
#endif
  return block_coder_scalar;
}

}  // namespace segpresso::native::small
