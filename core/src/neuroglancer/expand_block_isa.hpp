// The kernels of each instruction set; `expand_block.cpp` chooses.
#pragma once

#include "neuroglancer/expand_block.hpp"

namespace segpresso::neuroglancer {

extern const ExpandBlockKernels expand_block_scalar;
#if defined(__x86_64__)
extern const ExpandBlockKernels expand_block_avx2;
extern const ExpandBlockKernels expand_block_avx512;
#endif

}  // namespace segpresso::neuroglancer
