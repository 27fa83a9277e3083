#include "native/small/block_coder.hpp"

namespace segpresso::native::small {

const BlockCoder& block_coder([[maybe_unused]] Simd simd) {
#if defined(__x86_64__)
  if (includes_avx2(simd)) return block_coder_avx2;
#endif
  return block_coder_scalar;
}

}  // namespace segpresso::native::small
