#if defined(__x86_64__)

#include <immintrin.h>

#include "neuroglancer/expand_block_isa.hpp"

#define SEGPRESSO_TARGET __attribute__((target("avx512f")))
#define SEGPRESSO_TARGET_INLINE __attribute__((target("avx512f"), always_inline)) inline

namespace segpresso::neuroglancer {
namespace {

template <class T>
class Row;

template <>
class Row<std::uint32_t> {
 public:
  SEGPRESSO_TARGET_INLINE explicit Row(const std::uint32_t* table)
      : table_(_mm512_loadu_si512(table)) {}

  template <unsigned Bits>
  SEGPRESSO_TARGET_INLINE void expand(std::uint32_t field, std::uint32_t* out) const {
    const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m512i shifts = _mm512_mullo_epi32(lanes, _mm512_set1_epi32(Bits));
    // The permutation reads 4 bits of an index only.
    __m512i index = _mm512_srlv_epi32(_mm512_set1_epi32(static_cast<int>(field)), shifts);
    if constexpr (Bits < 4) index = _mm512_and_si512(index, _mm512_set1_epi32((1 << Bits) - 1));
    const __m512i labels = _mm512_permutexvar_epi32(index, table_);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), _mm512_castsi512_si256(labels));
  }

 private:
  __m512i table_;
};

template <>
class Row<std::uint64_t> {
 public:
  SEGPRESSO_TARGET_INLINE explicit Row(const std::uint64_t* table)
      : low_(_mm512_loadu_si512(table)), high_(_mm512_loadu_si512(table + 8)) {}

  template <unsigned Bits>
  SEGPRESSO_TARGET_INLINE void expand(std::uint32_t field, std::uint64_t* out) const {
    const __m512i lanes = _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7);
    const __m512i shifts = _mm512_mul_epu32(lanes, _mm512_set1_epi64(Bits));
    __m512i index = _mm512_srlv_epi64(_mm512_set1_epi64(field), shifts);
    if constexpr (Bits < 4) index = _mm512_and_si512(index, _mm512_set1_epi64((1 << Bits) - 1));
    const __m512i labels = Bits < 4 ? _mm512_permutexvar_epi64(index, low_)
                                    : _mm512_permutex2var_epi64(low_, index, high_);
    _mm512_storeu_si512(out, labels);
  }

 private:
  __m512i low_;
  __m512i high_;
};

#include "neuroglancer/expand_block_template.hpp"

}  // namespace

const ExpandBlockKernels expand_block_avx512 = kernels;

}  // namespace segpresso::neuroglancer

#endif
