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

#include "native/fast/decoder.hpp"
#include "native/fast/rows.hpp"
#include "segpresso/error.hpp"

// clang-format off: the order of these matters.
#include "base/target_avx2_begin.hpp"
#include "native/fast/lanes_avx2.hpp"
#include "native/fast/slice_decoder.hpp"
#include "base/target_end.hpp"
// clang-format on

namespace segpresso::native::fast {

std::unique_ptr<BlockDecoder> make_decoder_avx2() {
  return std::make_unique<SliceDecoder<Avx2Lanes>>();
}

}  // namespace segpresso::native::fast

#endif
