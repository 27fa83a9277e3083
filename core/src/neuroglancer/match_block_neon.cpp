#if defined(__aarch64__)

#include <arm_neon.h>

#include "neuroglancer/match_block_isa.hpp"

#define SEGPRESSO_TARGET

namespace segpresso::neuroglancer {
namespace {

std::uint64_t match_word(const std::uint32_t* voxels, std::uint32_t label) {
  const uint32x4_t wanted = vdupq_n_u32(label);
  const uint32x4_t weights = {1, 2, 4, 8};
  std::uint64_t word = 0;
  for (unsigned i = 0; i < 64; i += 4) {
    const uint32x4_t equal = vceqq_u32(vld1q_u32(voxels + i), wanted);
    word |= static_cast<std::uint64_t>(vaddvq_u32(vandq_u32(equal, weights))) << i;
  }
  return word;
}

std::uint64_t match_word(const std::uint64_t* voxels, std::uint64_t label) {
  const uint64x2_t wanted = vdupq_n_u64(label);
  const uint64x2_t weights = {1, 2};
  std::uint64_t word = 0;
  for (unsigned i = 0; i < 64; i += 2) {
    const uint64x2_t equal = vceqq_u64(vld1q_u64(voxels + i), wanted);
    word |= static_cast<std::uint64_t>(vaddvq_u64(vandq_u64(equal, weights))) << i;
  }
  return word;
}

#include "neuroglancer/match_block_template.hpp"

}  // namespace

const MatchBlockKernels match_block_neon = kernels;

}  // namespace segpresso::neuroglancer

#endif
