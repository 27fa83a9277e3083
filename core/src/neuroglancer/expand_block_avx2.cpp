#if defined(__x86_64__)

#include <immintrin.h>

#include "neuroglancer/expand_block_isa.hpp"

#define SEGPRESSO_TARGET __attribute__((target("avx2")))
#define SEGPRESSO_TARGET_INLINE __attribute__((target("avx2"), always_inline)) inline

namespace segpresso::neuroglancer {
namespace {

// Eight indices, one per 32-bit lane.
template <unsigned Bits>
SEGPRESSO_TARGET_INLINE __m256i indices(std::uint32_t field) {
  const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  const __m256i shifts = _mm256_mullo_epi32(lanes, _mm256_set1_epi32(Bits));
  return _mm256_and_si256(_mm256_srlv_epi32(_mm256_set1_epi32(static_cast<int>(field)), shifts),
                          _mm256_set1_epi32((1 << Bits) - 1));
}

template <class T>
class Row;

template <>
class Row<std::uint32_t> {
 public:
  SEGPRESSO_TARGET_INLINE explicit Row(const std::uint32_t* table)
      : low_(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(table))),
        high_(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(table + 8))) {}

  template <unsigned Bits>
  SEGPRESSO_TARGET_INLINE void expand(std::uint32_t field, std::uint32_t* out) const {
    const __m256i index = indices<Bits>(field);
    __m256i labels = _mm256_permutevar8x32_epi32(low_, index);
    if constexpr (Bits == 4) {
      // Bit 3 of an index, moved to the sign, chooses the half of the table.
      const __m256 choice = _mm256_castsi256_ps(_mm256_slli_epi32(index, 28));
      labels = _mm256_castps_si256(
          _mm256_blendv_ps(_mm256_castsi256_ps(labels),
                           _mm256_castsi256_ps(_mm256_permutevar8x32_epi32(high_, index)), choice));
    }
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), labels);
  }

 private:
  __m256i low_;
  __m256i high_;
};

template <>
class Row<std::uint64_t> {
 public:
  SEGPRESSO_TARGET_INLINE explicit Row(const std::uint64_t* table) : table_(table) {}

  template <unsigned Bits>
  SEGPRESSO_TARGET_INLINE void expand(std::uint32_t field, std::uint64_t* out) const {
    const __m256i index = indices<Bits>(field);
    const auto* base = reinterpret_cast<const long long*>(table_);
    const __m256i low = _mm256_i32gather_epi64(base, _mm256_castsi256_si128(index), 8);
    const __m256i high = _mm256_i32gather_epi64(base, _mm256_extracti128_si256(index, 1), 8);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), low);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + 4), high);
  }

 private:
  const std::uint64_t* table_;
};

#include "neuroglancer/expand_block_template.hpp"

}  // namespace

const ExpandBlockKernels expand_block_avx2 = kernels;

}  // namespace segpresso::neuroglancer

#endif
