// The model's loops, compiled for one set of instructions.
#pragma once

#include <cstdint>

#include "base/cpu.hpp"
#include "native/range_coder.hpp"
#include "native/small/workspace.hpp"
#include "native/structure.hpp"

namespace segpresso::native::small {

struct BlockCoder {
  // Both begin with the workspace's tables as they are, and leave in them what they learn.
  void (*encode)(const Index* indices, const BlockInfo& info, Workspace& workspace,
                 RangeEncoder& coder);
  void (*decode)(const BlockInfo& info, std::uint32_t slices, Workspace& workspace,
                 RangeDecoder& coder, const SliceSink& sink);
};

// For an instruction set that `simd_available`; all give the same bytes.
const BlockCoder& block_coder(Simd simd);

extern const BlockCoder block_coder_scalar;
#if defined(__x86_64__)
extern const BlockCoder block_coder_avx2;
#endif

}  // namespace segpresso::native::small
