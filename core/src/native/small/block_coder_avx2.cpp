#if defined(__x86_64__)

#include <immintrin.h>

#include <algorithm>
#include <array>
#include <bit>
#include <vector>

#include "native/range_coder.hpp"
#include "native/small/block_coder.hpp"
#include "native/small/curves.hpp"
#include "native/small/escapes.hpp"
#include "native/small/masks.hpp"
#include "native/small/mixing.hpp"
#include "native/small/scene.hpp"
#include "native/small/traits.hpp"
#include "native/small/words.hpp"

// clang-format off: the order of these matters.
#include "base/target_avx2_begin.hpp"
#include "native/small/lanes_avx2.hpp"
#include "native/small/block_coder_template.hpp"
#include "base/target_end.hpp"
// clang-format on

namespace segpresso::native::small {

const BlockCoder block_coder_avx2{encode_block<Avx2Lanes>, decode_block<Avx2Lanes>};

}  // namespace segpresso::native::small

#endif
