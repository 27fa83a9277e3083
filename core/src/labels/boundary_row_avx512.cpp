#if defined(__x86_64__)

#include <immintrin.h>

#include "labels/boundary_row_isa.hpp"

#define SEGPRESSO_TARGET __attribute__((target("avx512f,avx512bw")))
#define SEGPRESSO_TARGET_INLINE __attribute__((target("avx512f,avx512bw"), always_inline)) inline

namespace segpresso {
namespace {

template <class T>
SEGPRESSO_TARGET_INLINE __m512i load(const T* p) {
  return _mm512_loadu_si512(p);
}

SEGPRESSO_TARGET_INLINE std::uint64_t differ64(const std::uint8_t* a, const std::uint8_t* b) {
  return _mm512_cmpneq_epi8_mask(load(a), load(b));
}

SEGPRESSO_TARGET_INLINE std::uint64_t differ64(const std::uint16_t* a, const std::uint16_t* b) {
  const std::uint64_t low = _mm512_cmpneq_epi16_mask(load(a), load(b));
  const std::uint64_t high = _mm512_cmpneq_epi16_mask(load(a + 32), load(b + 32));
  return high << 32 | low;
}

SEGPRESSO_TARGET_INLINE std::uint64_t differ64(const std::uint32_t* a, const std::uint32_t* b) {
  std::uint64_t word = 0;
  for (unsigned i = 0; i < 64; i += 16) {
    word |= static_cast<std::uint64_t>(_mm512_cmpneq_epi32_mask(load(a + i), load(b + i))) << i;
  }
  return word;
}

SEGPRESSO_TARGET_INLINE std::uint64_t differ64(const std::uint64_t* a, const std::uint64_t* b) {
  std::uint64_t word = 0;
  for (unsigned i = 0; i < 64; i += 8) {
    word |= static_cast<std::uint64_t>(_mm512_cmpneq_epi64_mask(load(a + i), load(b + i))) << i;
  }
  return word;
}

#include "labels/boundary_row_template.hpp"

}  // namespace

const BoundaryRowKernels boundary_row_avx512 = kernels;
const DifferRowKernels differ_row_avx512 = differ_kernels;

}  // namespace segpresso

#endif
