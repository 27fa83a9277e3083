// The few operations on 8 or 16 lanes that the `fast` model is made of, for SSE2 and without.
//
// Every x86-64 machine has SSE2, so nothing is chosen at run time but the scalar twin (by
// SEGPRESSO_SIMD=scalar); compilers turn its loops into the instructions of other machines.
#pragma once

#include <cstdint>

#include "native/structure.hpp"
#include "native/symbol_model.hpp"

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

namespace segpresso::native {

struct ScalarLanes {
  // bound[i] = share_begin(model, i, range). Returns the last symbol whose bound is at most `value`.
  static unsigned find(const SymbolModel& model, std::uint32_t range, std::uint32_t value,
                       std::uint16_t* bound) noexcept {
    unsigned symbol = 0;
    for (unsigned i = 0; i < symbols; ++i) {
      bound[i] = static_cast<std::uint16_t>(share_begin(model, i, range));
      symbol += i > 0 && bound[i] <= value;
    }
    return symbol;
  }

  static void adapt(SymbolModel& model, unsigned symbol) noexcept {
    for (unsigned i = 0; i < symbols; ++i) {
      const std::uint16_t mask = adaption_masks[symbol].lower[i];
      const unsigned distance = model.lower[i] ^ mask;
      model.lower[i] = static_cast<std::uint16_t>((distance - (distance >> adaption_rate)) ^ mask);
    }
  }

  // Bits 2i and 2i + 1: does row[i] equal `left`, does it equal `right`? For 6 voxels.
  static std::uint32_t match6(const Index* row, Index left, Index right) noexcept {
    std::uint32_t bits = 0;
    for (unsigned i = 0; i < 6; ++i) {
      bits |= static_cast<std::uint32_t>(row[i] == left) << (2 * i);
      bits |= static_cast<std::uint32_t>(row[i] == right) << (2 * i + 1);
    }
    return bits;
  }

  // The same for three voxels of each of two rows.
  static std::uint32_t match3(const Index* above, const Index* below, Index left,
                              Index right) noexcept {
    std::uint32_t bits = 0;
    for (unsigned i = 0; i < 3; ++i) {
      bits |= static_cast<std::uint32_t>(above[i] == left) << (2 * i);
      bits |= static_cast<std::uint32_t>(above[i] == right) << (2 * i + 1);
      bits |= static_cast<std::uint32_t>(below[i] == left) << (2 * i + 6);
      bits |= static_cast<std::uint32_t>(below[i] == right) << (2 * i + 7);
    }
    return bits;
  }

  // Bit i: does row[i] differ from the voxel before it? For 16 voxels.
  static std::uint32_t edges16(const Index* row) noexcept {
    std::uint32_t bits = 0;
    for (int i = 0; i < 16; ++i) bits |= static_cast<std::uint32_t>(row[i] != row[i - 1]) << i;
    return bits;
  }

  // Bit i: is row[i] not `index`? For 16 voxels.
  static std::uint32_t others16(const Index* row, Index index) noexcept {
    std::uint32_t bits = 0;
    for (unsigned i = 0; i < 16; ++i) bits |= static_cast<std::uint32_t>(row[i] != index) << i;
    return bits;
  }

  // 32 voxels of one index.
  static void fill32(Index* row, Index index) noexcept {
    for (unsigned i = 0; i < 32; ++i) row[i] = index;
  }
};

#if defined(__x86_64__)
struct Sse2Lanes {
  [[gnu::always_inline]] static unsigned find(const SymbolModel& model, std::uint32_t range, std::uint32_t value,
                       std::uint16_t* bound) noexcept {
    const __m128i scale = _mm_set1_epi16(static_cast<short>(range - symbols * least_share));
    const __m128i limit = _mm_set1_epi16(static_cast<short>(value));
    const __m128i low_least = _mm_setr_epi16(0, 2, 4, 6, 8, 10, 12, 14);
    const __m128i high_least = _mm_setr_epi16(16, 18, 20, 22, 24, 26, 28, 30);
    static_assert(least_share == 2);
    const __m128i low_bound =
        _mm_add_epi16(_mm_mulhi_epu16(load(model.lower.data()), scale), low_least);
    const __m128i high_bound =
        _mm_add_epi16(_mm_mulhi_epu16(load(model.lower.data() + 8), scale), high_least);
    _mm_store_si128(reinterpret_cast<__m128i*>(bound), low_bound);
    _mm_store_si128(reinterpret_cast<__m128i*>(bound + 8), high_bound);
    // Saturated to zero where bound <= value: SSE2 compares signed numbers only.
    const __m128i zero = _mm_setzero_si128();
    const __m128i low_fits = _mm_cmpeq_epi16(_mm_subs_epu16(low_bound, limit), zero);
    const __m128i high_fits = _mm_cmpeq_epi16(_mm_subs_epu16(high_bound, limit), zero);
    const auto fits =
        static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_packs_epi16(low_fits, high_fits)));
    return static_cast<unsigned>(__builtin_ctz(~fits)) - 1;
  }

  [[gnu::always_inline]] static void adapt(SymbolModel& model, unsigned symbol) noexcept {
    for (unsigned i = 0; i < symbols; i += 8) {
      auto* lower = reinterpret_cast<__m128i*>(model.lower.data() + i);
      const __m128i mask = load(adaption_masks[symbol].lower.data() + i);
      const __m128i distance = _mm_xor_si128(_mm_load_si128(lower), mask);
      const __m128i rest = _mm_sub_epi16(distance, _mm_srli_epi16(distance, adaption_rate));
      _mm_store_si128(lower, _mm_xor_si128(rest, mask));
    }
  }

  [[gnu::always_inline]] static std::uint32_t match6(const Index* row, Index left,
                                                     Index right) noexcept {
    const __m128i both = pair(left, right);
    const __m128i voxels = loadu(row);
    return bits_of(_mm_cmpeq_epi16(_mm_unpacklo_epi16(voxels, voxels), both),
                   _mm_cmpeq_epi16(_mm_unpackhi_epi16(voxels, voxels), both)) &
           0xFFF;
  }

  [[gnu::always_inline]] static std::uint32_t match3(const Index* above, const Index* below,
                                                     Index left, Index right) noexcept {
    const __m128i both = pair(left, right);
    const __m128i a = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(above));
    const __m128i b = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(below));
    // The fourth voxel of `above` is shifted out.
    const __m128i first = _mm_slli_si128(_mm_cmpeq_epi16(_mm_unpacklo_epi16(a, a), both), 4);
    return bits_of(first, _mm_cmpeq_epi16(_mm_unpacklo_epi16(b, b), both)) >> 2 & 0xFFF;
  }

  [[gnu::always_inline]] static std::uint32_t edges16(const Index* row) noexcept {
    return bits_of(_mm_cmpeq_epi16(loadu(row), loadu(row - 1)),
                   _mm_cmpeq_epi16(loadu(row + 8), loadu(row + 7))) ^
           0xFFFFU;
  }

  [[gnu::always_inline]] static std::uint32_t others16(const Index* row, Index index) noexcept {
    const __m128i all = _mm_set1_epi16(static_cast<short>(index));
    return bits_of(_mm_cmpeq_epi16(loadu(row), all), _mm_cmpeq_epi16(loadu(row + 8), all)) ^
           0xFFFFU;
  }

  [[gnu::always_inline]] static void fill32(Index* row, Index index) noexcept {
    const __m128i all = _mm_set1_epi16(static_cast<short>(index));
    for (unsigned i = 0; i < 32; i += 8) {
      _mm_storeu_si128(reinterpret_cast<__m128i*>(row + i), all);
    }
  }

 private:
  [[gnu::always_inline]] static __m128i load(const std::uint16_t* p) noexcept {
    return _mm_load_si128(reinterpret_cast<const __m128i*>(p));
  }
  [[gnu::always_inline]] static __m128i loadu(const std::uint16_t* p) noexcept {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  }
  [[gnu::always_inline]] static __m128i pair(Index left, Index right) noexcept {
    return _mm_set1_epi32(static_cast<int>(left | static_cast<std::uint32_t>(right) << 16));
  }
  [[gnu::always_inline]] static std::uint32_t bits_of(__m128i low, __m128i high) noexcept {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_packs_epi16(low, high)));
  }
};
using NativeLanes = Sse2Lanes;
#else
using NativeLanes = ScalarLanes;
#endif

}  // namespace segpresso::native
