#if defined(__x86_64__)

#include <immintrin.h>

#include "labels/boundary_row_isa.hpp"

// Attributes instead of compiler flags: no inline function of a header is compiled for AVX2 here.
#define SEGPRESSO_TARGET __attribute__((target("avx2")))
#define SEGPRESSO_TARGET_INLINE __attribute__((target("avx2"), always_inline)) inline

namespace segpresso {
namespace {

template <class T>
SEGPRESSO_TARGET_INLINE __m256i load(const T* p) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}

SEGPRESSO_TARGET_INLINE std::uint64_t differ64(const std::uint8_t* a, const std::uint8_t* b) {
  const auto low =
      static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(load(a), load(b))));
  const auto high = static_cast<std::uint32_t>(
      _mm256_movemask_epi8(_mm256_cmpeq_epi8(load(a + 32), load(b + 32))));
  return ~(static_cast<std::uint64_t>(high) << 32 | low);
}

SEGPRESSO_TARGET_INLINE std::uint64_t differ64(const std::uint16_t* a, const std::uint16_t* b) {
  std::uint64_t equal = 0;
  for (unsigned i = 0; i < 64; i += 32) {
    const __m256i low = _mm256_cmpeq_epi16(load(a + i), load(b + i));
    const __m256i high = _mm256_cmpeq_epi16(load(a + i + 16), load(b + i + 16));
    // Packing works within 128-bit halves; the permutation puts the quarters in order again.
    const __m256i bytes = _mm256_permute4x64_epi64(_mm256_packs_epi16(low, high), 0xD8);
    equal |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm256_movemask_epi8(bytes)))
             << i;
  }
  return ~equal;
}

SEGPRESSO_TARGET_INLINE std::uint64_t differ64(const std::uint32_t* a, const std::uint32_t* b) {
  std::uint64_t equal = 0;
  for (unsigned i = 0; i < 64; i += 8) {
    const __m256i lanes = _mm256_cmpeq_epi32(load(a + i), load(b + i));
    equal |= static_cast<std::uint64_t>(
                 static_cast<std::uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(lanes))))
             << i;
  }
  return ~equal;
}

SEGPRESSO_TARGET_INLINE std::uint64_t differ64(const std::uint64_t* a, const std::uint64_t* b) {
  std::uint64_t equal = 0;
  for (unsigned i = 0; i < 64; i += 4) {
    const __m256i lanes = _mm256_cmpeq_epi64(load(a + i), load(b + i));
    equal |= static_cast<std::uint64_t>(
                 static_cast<std::uint32_t>(_mm256_movemask_pd(_mm256_castsi256_pd(lanes))))
             << i;
  }
  return ~equal;
}

#include "labels/boundary_row_template.hpp"

}  // namespace

const BoundaryRowKernels boundary_row_avx2 = kernels;
const DifferRowKernels differ_row_avx2 = differ_kernels;

}  // namespace segpresso

#endif
