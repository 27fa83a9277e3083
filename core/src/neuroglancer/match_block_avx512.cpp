#if defined(__x86_64__)

#include <immintrin.h>

#include "neuroglancer/match_block_isa.hpp"

#define SEGPRESSO_TARGET __attribute__((target("avx512f")))
#define SEGPRESSO_TARGET_INLINE __attribute__((target("avx512f"), always_inline)) inline

namespace segpresso::neuroglancer {
namespace {

SEGPRESSO_TARGET_INLINE std::uint64_t match_word(const std::uint32_t* voxels, std::uint32_t label) {
  const __m512i wanted = _mm512_set1_epi32(static_cast<int>(label));
  std::uint64_t word = 0;
  for (unsigned i = 0; i < 64; i += 16) {
    const __mmask16 bits = _mm512_cmpeq_epi32_mask(_mm512_loadu_si512(voxels + i), wanted);
    word |= std::uint64_t{bits} << i;
  }
  return word;
}

SEGPRESSO_TARGET_INLINE std::uint64_t match_word(const std::uint64_t* voxels, std::uint64_t label) {
  const __m512i wanted = _mm512_set1_epi64(static_cast<long long>(label));
  std::uint64_t word = 0;
  for (unsigned i = 0; i < 64; i += 8) {
    const __mmask8 bits = _mm512_cmpeq_epi64_mask(_mm512_loadu_si512(voxels + i), wanted);
    word |= std::uint64_t{bits} << i;
  }
  return word;
}

#include "neuroglancer/match_block_template.hpp"

}  // namespace

const MatchBlockKernels match_block_avx512 = kernels;

}  // namespace segpresso::neuroglancer

#endif
