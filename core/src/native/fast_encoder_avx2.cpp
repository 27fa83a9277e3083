#if defined(__x86_64__)

#include <immintrin.h>

#include "native/fast_block_encoder.hpp"
#include "native/fast_encoder.hpp"
#include "native/fast_rows.hpp"
#include "native/lanes_avx2.hpp"
#include "native/symbol_encoder.hpp"
#include "native/target_avx2_begin.hpp"
#include "native/target_end.hpp"

namespace segpresso::native {

std::unique_ptr<FastBlockEncoder> make_fast_encoder_avx2() {
  return std::make_unique<FastLanesEncoder<Avx2Lanes>>();
}

}  // namespace segpresso::native

#endif
