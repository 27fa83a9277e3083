#if defined(__x86_64__)

#include <immintrin.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "native/fast_encoder.hpp"
#include "native/fast_rows.hpp"
#include "native/symbol_encoder.hpp"

// clang-format off: the order of these matters.
#include "native/target_avx2_begin.hpp"
#include "native/lanes_avx2.hpp"
#include "native/fast_block_encoder.hpp"
#include "native/target_end.hpp"
// clang-format on

namespace segpresso::native {

std::unique_ptr<FastBlockEncoder> make_fast_encoder_avx2() {
  return std::make_unique<FastLanesEncoder<Avx2Lanes>>();
}

}  // namespace segpresso::native

#endif
