// The same operations as in lanes_scalar.hpp for AVX2. Included where functions are compiled for
// it.
#pragma once

#include <immintrin.h>

#include <cstdint>

#include "native/fast/contexts.hpp"
#include "native/structure.hpp"

namespace segpresso::native::fast {

struct Avx2Lanes {
  [[gnu::always_inline]] static std::uint32_t match_beside(const Index* row, Index left,
                                                           Index right) noexcept {
    return match(row, row, row, left, right).beside;
  }

  [[gnu::always_inline]] static std::uint32_t match_around(const Index* above, const Index* below,
                                                           Index left, Index right) noexcept {
    return match(above, above, below, left, right).around;
  }

  [[gnu::always_inline]] static Matches match(const Index* row, const Index* above,
                                              const Index* below, Index left,
                                              Index right) noexcept {
    // Words 1 to 6 of both halves are the voxels: their bits become 2 to 13 of the halves' 16.
    const __m128i two = _mm_unpacklo_epi64(load4(above - 2), load4(below - 1));
    const __m256i voxels = _mm256_inserti128_si256(_mm256_castsi128_si256(load8(row - 4)), two, 1);
    const __m256i lefts = _mm256_cmpeq_epi16(voxels, _mm256_set1_epi16(static_cast<short>(left)));
    const __m256i rights = _mm256_cmpeq_epi16(voxels, _mm256_set1_epi16(static_cast<short>(right)));
    const auto bits = static_cast<std::uint32_t>(_mm256_movemask_epi8(
        _mm256_packs_epi16(_mm256_slli_si256(lefts, 2), _mm256_srli_si256(rights, 2))));
    return {bits >> 2 & 0xFFF, bits >> 18 & 0xFFF};
  }

  [[gnu::always_inline]] static std::uint32_t edges16(const Index* row) noexcept {
    return bits_of(_mm_cmpeq_epi16(load8(row), load8(row - 1)),
                   _mm_cmpeq_epi16(load8(row + 8), load8(row + 7))) ^
           0xFFFFU;
  }

  [[gnu::always_inline]] static std::uint32_t others16(const Index* row, Index index) noexcept {
    const __m128i all = _mm_set1_epi16(static_cast<short>(index));
    return bits_of(_mm_cmpeq_epi16(load8(row), all), _mm_cmpeq_epi16(load8(row + 8), all)) ^
           0xFFFFU;
  }

  [[gnu::always_inline]] static void fill32(Index* row, Index index) noexcept {
    const __m256i all = _mm256_set1_epi16(static_cast<short>(index));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(row), all);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(row + 16), all);
  }

 private:
  [[gnu::always_inline]] static __m128i load8(const Index* p) noexcept {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  }
  [[gnu::always_inline]] static __m128i load4(const Index* p) noexcept {
    return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(p));
  }
  [[gnu::always_inline]] static std::uint32_t bits_of(__m128i low, __m128i high) noexcept {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_packs_epi16(low, high)));
  }
};

}  // namespace segpresso::native::fast
