// The kernels of each instruction set; `match_block.cpp` chooses.
#pragma once

#include "neuroglancer/match_block.hpp"

namespace segpresso::neuroglancer {

extern const MatchBlockKernels match_block_scalar;
#if defined(__x86_64__)
extern const MatchBlockKernels match_block_avx2;
extern const MatchBlockKernels match_block_avx512;
#endif
#if defined(__aarch64__)
extern const MatchBlockKernels match_block_neon;
#endif

}  // namespace segpresso::neuroglancer
