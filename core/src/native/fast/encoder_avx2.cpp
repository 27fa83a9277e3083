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

#include "native/fast/encoder.hpp"
#include "native/fast/row_source.hpp"
#include "native/fast/rows.hpp"
#include "native/fast/symbol_encoder.hpp"

// clang-format off: the order of these matters.
#include "base/target_avx2_begin.hpp"
#include "native/fast/lanes_avx2.hpp"
#include "native/fast/block_encoder.hpp"
#include "base/target_end.hpp"
// clang-format on

namespace segpresso::native::fast {

std::unique_ptr<BlockEncoder> make_encoder_avx2() {
  return std::make_unique<LanesEncoder<Avx2Lanes>>();
}

}  // namespace segpresso::native::fast

#endif
