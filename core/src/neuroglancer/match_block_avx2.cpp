#if defined(__x86_64__)

#include <immintrin.h>

#include "neuroglancer/match_block_isa.hpp"

#define SEGPRESSO_TARGET __attribute__((target("avx2")))
#define SEGPRESSO_TARGET_INLINE __attribute__((target("avx2"), always_inline)) inline

namespace segpresso::neuroglancer {
namespace {

SEGPRESSO_TARGET_INLINE std::uint64_t match_word(const std::uint32_t* voxels, std::uint32_t label) {
  const __m256i wanted = _mm256_set1_epi32(static_cast<int>(label));
  std::uint64_t word = 0;
  for (unsigned i = 0; i < 64; i += 8) {
    const __m256i row = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(voxels + i));
    const int bits = _mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpeq_epi32(row, wanted)));
    word |= static_cast<std::uint64_t>(bits) << i;
  }
  return word;
}

SEGPRESSO_TARGET_INLINE std::uint64_t match_word(const std::uint64_t* voxels, std::uint64_t label) {
  const __m256i wanted = _mm256_set1_epi64x(static_cast<long long>(label));
  std::uint64_t word = 0;
  for (unsigned i = 0; i < 64; i += 4) {
    const __m256i half = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(voxels + i));
    const int bits = _mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpeq_epi64(half, wanted)));
    word |= static_cast<std::uint64_t>(bits) << i;
  }
  return word;
}

#include "neuroglancer/match_block_template.hpp"

}  // namespace

const MatchBlockKernels match_block_avx2 = kernels;

}  // namespace segpresso::neuroglancer

#endif
