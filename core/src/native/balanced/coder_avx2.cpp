// All that may be compiled for any processor is included before what is for AVX2 only.
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "native/balanced/coder_isa.hpp"
#include "native/balanced/escape_places.hpp"
#include "native/balanced/predictor.hpp"
#include "native/balanced/rows.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,lzcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2,lzcnt")
#endif

#define SEGPRESSO_BALANCED_ISA avx2

namespace segpresso::native::balanced::avx2 {

// The logarithm of the highest one of each of eight numbers, plus 127; 0 for 0.
inline __m256i exponents(__m256i values) noexcept {
  return _mm256_srli_epi32(_mm256_castps_si256(_mm256_cvtepi32_ps(values)), 23);
}

inline std::uint32_t any_of_eight(__m256i values) noexcept {
  const __m128i four =
      _mm_or_si128(_mm256_castsi256_si128(values), _mm256_extracti128_si256(values, 1));
  const __m128i two = _mm_or_si128(four, _mm_shuffle_epi32(four, 0x4E));
  return static_cast<std::uint32_t>(
      _mm_cvtsi128_si32(_mm_or_si128(two, _mm_shuffle_epi32(two, 0xB1))));
}

// Where a label is in the rows around: bit i of a row's lane stands for place base + i. Made of
// registers, not of memory: eight stores of 4 bytes cannot be loaded as one before they are done.
class RowMasks {
 public:
  RowMasks() = default;
  RowMasks(const Rows& rows, std::ptrdiff_t base, Index index) noexcept {
    const __m256i label = _mm256_set1_epi16(static_cast<short>(index));
    masks_ = _mm256_setr_epi32(matches(rows[0] + base, label), matches(rows[1] + base, label),
                               matches(rows[2] + base, label), matches(rows[3] + base, label),
                               matches(rows[4] + base, label), matches(rows[5] + base, label),
                               matches(rows[6] + base, label), matches(rows[7] + base, label));
  }

  [[nodiscard]] std::uint32_t ends(unsigned place) const noexcept {
    const __m256i all = _mm256_srl_epi32(masks_, _mm_cvtsi32_si128(static_cast<int>(place) - 7));
    const __m256i one = _mm256_set1_epi32(1);
    // The lowest zero at or behind place, at most the ninth: as the exponent of a single bit.
    const __m256i from = _mm256_and_si256(_mm256_srli_epi32(all, 7), _mm256_set1_epi32(255));
    const __m256i zero = _mm256_andnot_si256(from, _mm256_add_epi32(from, one));
    const __m256i ahead = _mm256_sub_epi32(exponents(zero), _mm256_set1_epi32(127 - 7));
    // The highest one before place.
    const __m256i before = _mm256_and_si256(all, _mm256_set1_epi32(127));
    const __m256i back = _mm256_max_epi32(
        _mm256_sub_epi32(exponents(before), _mm256_set1_epi32(126)), _mm256_setzero_si256());
    const __m256i is_here = _mm256_slli_epi32(from, 31);
    const __m256i ends = _mm256_castps_si256(_mm256_blendv_ps(
        _mm256_castsi256_ps(back), _mm256_castsi256_ps(ahead), _mm256_castsi256_ps(is_here)));
    return any_of_eight(_mm256_sllv_epi32(ends, _mm256_setr_epi32(0, 4, 8, 12, 16, 20, 24, 28)));
  }

  [[nodiscard]] std::uint32_t near(unsigned place) const noexcept {
    const __m256i first = _mm256_setr_epi32(-2, -1, 0, -1, 0, -1, 0, 0);
    const __m256i kept = _mm256_setr_epi32(31, 7, 0, 7, 1, 7, 1, 0);
    const __m256i shift = _mm256_setr_epi32(0, 5, 0, 8, 14, 11, 15, 0);
    const __m256i from = _mm256_srlv_epi32(
        masks_, _mm256_add_epi32(_mm256_set1_epi32(static_cast<int>(place)), first));
    return any_of_eight(_mm256_sllv_epi32(_mm256_and_si256(from, kept), shift));
  }

 private:
  static int matches(const Index* row, __m256i label) noexcept {
    const __m256i low = _mm256_cmpeq_epi16(load(row), label);
    const __m256i high = _mm256_cmpeq_epi16(load(row + 16), label);
    return _mm256_movemask_epi8(_mm256_permute4x64_epi64(_mm256_packs_epi16(low, high), 0xD8));
  }

  static __m256i load(const Index* p) noexcept {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
  }

  __m256i masks_;
};

// The slots of a decision with six contexts, as 16-bit lanes: logit, rate, logit, rate, ...
class SlotVector {
 public:
  explicit SlotVector(const std::array<Slot*, 6>& slots) noexcept
      : slots_(slots),
        values_(_mm256_setr_epi32(load(slots[0]), load(slots[1]), load(slots[2]), load(slots[3]),
                                  load(slots[4]), load(slots[5]), 0, 0)) {}

  template <class Coder, class Actual>
  bool code(Coder& coder, Actual&& actual) {
    const std::uint32_t probability = probability_of(sum());
    const bool bit = coder.code(probability, actual);
    learn(error_of(probability, bit), variance_of(probability));
    return bit;
  }

 private:
  static int load(const Slot* slot) noexcept {
    int value = 0;
    std::memcpy(&value, slot, sizeof value);
    return value;
  }

  static void store(Slot* slot, int value) noexcept {
    std::memcpy(static_cast<void*>(slot), &value, sizeof value);
  }

  [[nodiscard]] int sum() const noexcept {
    const __m256i logits = _mm256_madd_epi16(values_, _mm256_set1_epi32(1));
    const __m128i four =
        _mm_add_epi32(_mm256_castsi256_si128(logits), _mm256_extracti128_si256(logits, 1));
    const __m128i two = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4E));
    return _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32(two, 0xB1)));
  }

  // As `learn` of a single slot.
  void learn(int error, int variance) noexcept {
    const __m256i rates = _mm256_shuffle_epi8(
        values_, _mm256_setr_epi8(2, 3, 2, 3, 6, 7, 6, 7, 10, 11, 10, 11, 14, 15, 14, 15,  //
                                  2, 3, 2, 3, 6, 7, 6, 7, 10, 11, 10, 11, 14, 15, 14, 15));
    const __m256i factors = _mm256_set1_epi32((variance << 16) | (error & 0xFFFF));
    const __m256i once = _mm256_mulhrs_epi16(rates, factors);
    const __m256i twice =
        _mm256_mulhrs_epi16(once, _mm256_blend_epi16(rates, _mm256_set1_epi16(4096), 0x55));
    const __m256i steps =
        _mm256_sign_epi16(twice, _mm256_set1_epi32(static_cast<int>(0xFFFF0001U)));
    const __m256i least =
        _mm256_set1_epi32(static_cast<int>(static_cast<unsigned>(least_rate) << 16 | 0x8000U));
    const __m256i learnt = _mm256_max_epi16(_mm256_adds_epi16(values_, steps), least);
    const __m128i low = _mm256_castsi256_si128(learnt);
    const __m128i high = _mm256_extracti128_si256(learnt, 1);
    store(slots_[0], _mm_cvtsi128_si32(low));
    store(slots_[1], _mm_extract_epi32(low, 1));
    store(slots_[2], _mm_extract_epi32(low, 2));
    store(slots_[3], _mm_extract_epi32(low, 3));
    store(slots_[4], _mm_cvtsi128_si32(high));
    store(slots_[5], _mm_extract_epi32(high, 1));
  }

  std::array<Slot*, 6> slots_;
  __m256i values_;
};

}  // namespace segpresso::native::balanced::avx2

#include "native/balanced/coder_template.hpp"

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
