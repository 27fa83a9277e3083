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

#include "native/fast_decoder.hpp"
#include "native/fast_rows.hpp"
#include "segpresso/error.hpp"

// clang-format off: the order of these matters.
#include "native/target_avx2_begin.hpp"
#include "native/lanes_avx2.hpp"
#include "native/fast_slice_decoder.hpp"
#include "native/target_end.hpp"
// clang-format on

namespace segpresso::native {

std::unique_ptr<FastBlockDecoder> make_fast_decoder_avx2() {
  return std::make_unique<FastSliceDecoder<Avx2Lanes>>();
}

}  // namespace segpresso::native

#endif
