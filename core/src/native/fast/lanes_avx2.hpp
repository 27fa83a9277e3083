// The same operations as in lanes_scalar.hpp for AVX2. Included where functions are compiled for
// it.
#pragma once

#include <immintrin.h>

#include <cstdint>

#include "native/fast/contexts.hpp"
#include "native/fast/symbol_model.hpp"
#include "native/structure.hpp"

namespace segpresso::native::fast {

struct Avx2Lanes {
  [[gnu::always_inline]] static unsigned find(const SymbolModel& model, std::uint32_t range,
                                              std::uint32_t value, std::uint16_t* bound) noexcept {
    const __m256i least =
        _mm256_setr_epi16(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    static_assert(least_share == 2);
    const __m256i scale = _mm256_set1_epi16(static_cast<short>(range - symbols * least_share));
    const __m256i bounds = _mm256_add_epi16(_mm256_mulhi_epu16(load(model), scale), least);
    _mm256_store_si256(reinterpret_cast<__m256i*>(bound), bounds);
    // Saturated to zero where bound <= value: there is no comparison of unsigned numbers.
    const __m256i above = _mm256_subs_epu16(bounds, _mm256_set1_epi16(static_cast<short>(value)));
    const auto fits = static_cast<std::uint32_t>(
        _mm256_movemask_epi8(_mm256_cmpeq_epi16(above, _mm256_setzero_si256())));
    // Two bits each, lowest first. All 16 fit where the last symbol is meant.
    return (static_cast<unsigned>(std::countr_one(fits)) >> 1) - 1;
  }

  [[gnu::always_inline]] static void adapt(SymbolModel& model, unsigned symbol) noexcept {
    const __m256i mask = load(adaption_masks[symbol]);
    const __m256i distance = _mm256_xor_si256(load(model), mask);
    const __m256i rest = _mm256_sub_epi16(distance, _mm256_srli_epi16(distance, adaption_rate));
    _mm256_store_si256(reinterpret_cast<__m256i*>(model.lower.data()),
                       _mm256_xor_si256(rest, mask));
  }

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
  [[gnu::always_inline]] static __m256i load(const SymbolModel& model) noexcept {
    return _mm256_load_si256(reinterpret_cast<const __m256i*>(model.lower.data()));
  }
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
