// All that may be compiled for any processor is included before what is for AVX2 only.
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "native/balanced/coder_isa.hpp"
#include "native/balanced/escape_places.hpp"
#include "native/balanced/predictor.hpp"
#include "native/balanced/rows.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

#include "base/target_avx2_begin.hpp"

#define SEGPRESSO_BALANCED_ISA avx2

namespace segpresso::native::balanced::avx2 {

inline __m256i load(const void* p) noexcept {
  return _mm256_loadu_si256(static_cast<const __m256i*>(p));
}

// Rows have a border that may be written as long as they are not closed. Most stretches are shorter
// than 32, which takes no guess.
inline void fill(Index* row, std::ptrdiff_t length, Index index) noexcept {
  const __m256i pattern = _mm256_set1_epi16(static_cast<short>(index));
  const auto store = [&](std::ptrdiff_t i) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(row + i), pattern);
  };
  store(0);
  store(16);
  for (std::ptrdiff_t i = 32; i < length; i += 16) store(i);
}

// The labels next to a voxel, the likeliest first.
class Candidates {
 public:
  static constexpr std::uint32_t all = 0x1FF;

  Candidates(const Rows& rows, std::ptrdiff_t x) noexcept {
    const __m128i above = _mm_loadu_si64(rows[n] + x - 1);
    const __m128i before = _mm_loadu_si32(rows[p] + x);
    const __m128i below = _mm_loadu_si32(rows[ps] + x);
    first_ = _mm_shuffle_epi8(_mm_unpacklo_epi64(above, _mm_unpacklo_epi32(before, below)),
                              _mm_setr_epi8(2, 3, 4, 5, 0, 1, 8, 9, 10, 11, 12, 13, 6, 7, 14, 15));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(indices_.data()), first_);
    indices_[8] = rows[pn][x];
  }

  [[nodiscard]] Index operator[](unsigned i) const noexcept { return indices_[i]; }

  // A bit for each that is `index`.
  [[nodiscard]] std::uint32_t equal(Index index) const noexcept {
    const __m128i same = _mm_cmpeq_epi16(first_, _mm_set1_epi16(static_cast<short>(index)));
    return static_cast<std::uint32_t>(
               _mm_movemask_epi8(_mm_packs_epi16(same, _mm_setzero_si128()))) |
           (indices_[8] == index ? 1U : 0U) << 8;
  }

 private:
  __m128i first_;
  std::array<Index, 9> indices_;
};

// Which of the labels around a voxel are among those that have been added.
class PlaceBits {
 public:
  explicit PlaceBits(const PlaceIndices& indices) noexcept : indices_(load(indices.data())) {}

  void add(Index index) noexcept {
    const __m256i label = _mm256_set1_epi16(static_cast<short>(index));
    added_ = _mm256_or_si256(added_, _mm256_cmpeq_epi16(indices_, label));
  }
  [[nodiscard]] std::uint32_t bits() const noexcept {
    const __m128i bytes =
        _mm_packs_epi16(_mm256_castsi256_si128(added_), _mm256_extracti128_si256(added_, 1));
    return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes)) | 0xFFFF0000U;
  }

 private:
  __m256i indices_;
  __m256i added_ = _mm256_setzero_si256();
};

// Rows are compared in pairs; then a sum makes eight comparisons a byte, so that the bits are never
// moved to another kind of register and back: how long this takes is what a wrong guess of the
// processor about a decision costs.
class LabelBits {
 public:
  explicit LabelBits(Index index) noexcept : label_(_mm256_set1_epi16(static_cast<short>(index))) {}

  // As 64-bit lanes: first row before x, second before x, first row from x on, second from x on.
  [[nodiscard]] __m256i pair(const Index* first, const Index* second) const noexcept {
    const __m256i weights = _mm256_set1_epi64x(static_cast<long long>(0x8040201008040201ULL));
    const __m256i equal = _mm256_packs_epi16(_mm256_cmpeq_epi16(load(first - 8), label_),
                                             _mm256_cmpeq_epi16(load(second - 8), label_));
    return _mm256_sad_epu8(_mm256_and_si256(equal, weights), _mm256_setzero_si256());
  }

 private:
  __m256i label_;
};

// LabelEnds of bits in 16-bit lanes: of even rows, then of odd rows.
inline LabelEnds ends_of(__m256i bits) noexcept {
  const __m256i nibble = _mm256_set1_epi8(15);
  const __m256i low = _mm256_and_si256(bits, nibble);
  const __m256i high = _mm256_and_si256(_mm256_srli_epi16(bits, 4), nibble);
  // Before x, the lower half: the place of the highest one. From x on: 7 and how many ones there
  // are from the lowest bit on.
  const __m128i before =
      _mm_max_epu8(_mm_shuffle_epi8(_mm_setr_epi8(2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3),
                                    _mm256_castsi256_si128(low)),
                   _mm_shuffle_epi8(_mm_setr_epi8(0, 4, 5, 5, 6, 6, 6, 6, 7, 7, 7, 7, 7, 7, 7, 7),
                                    _mm256_castsi256_si128(high)));
  const __m128i ahead = _mm_min_epu8(
      _mm_shuffle_epi8(_mm_setr_epi8(0, 8, 0, 9, 0, 8, 0, 10, 0, 8, 0, 9, 0, 8, 0, -1),
                       _mm256_extracti128_si256(low, 1)),
      _mm_shuffle_epi8(
          _mm_setr_epi8(11, 12, 11, 13, 11, 12, 11, 13, 11, 12, 11, 13, 11, 12, 11, 13),
          _mm256_extracti128_si256(high, 1)));
  const __m128i ends = _mm_and_si128(_mm_max_epu8(before, ahead), _mm_set1_epi16(255));
  return static_cast<LabelEnds>(_mm_cvtsi128_si64(_mm_or_si128(ends, _mm_srli_si128(ends, 7))));
}

inline LabelEnds label_ends(const Rows& rows, std::ptrdiff_t x, Index index) noexcept {
  const LabelBits bits(index);
  const auto pair = [&](unsigned row) { return bits.pair(rows[row] + x, rows[row + 1] + x); };
  return ends_of(_mm256_or_si256(
      _mm256_or_si256(pair(0), _mm256_slli_epi64(pair(2), 16)),
      _mm256_or_si256(_mm256_slli_epi64(pair(4), 32), _mm256_slli_epi64(pair(6), 48))));
}

// Of the first four rows only.
inline LabelEnds near_label_ends(const Rows& rows, std::ptrdiff_t x, Index index) noexcept {
  const LabelBits bits(index);
  return ends_of(_mm256_or_si256(bits.pair(rows[0] + x, rows[1] + x),
                                 _mm256_slli_epi64(bits.pair(rows[2] + x, rows[3] + x), 16))) &
         0xFFFFFFFFU;
}

// Learns all slots of a decision, as `learn` does a single one.
template <class SlotOf>
void learn_all(const SlotOf& slot, int error, int variance) noexcept {
  const auto value = [&](unsigned i) { return static_cast<int>(slot(i).packed()); };
  const __m128i values = _mm_setr_epi32(value(0), value(1), value(2), value(3));
  const __m128i rates = _mm_shuffle_epi8(
      values, _mm_setr_epi8(2, 3, 2, 3, 6, 7, 6, 7, 10, 11, 10, 11, 14, 15, 14, 15));
  const __m128i factors = _mm_set1_epi32((variance << 16) | (error & 0xFFFF));
  const __m128i once = _mm_mulhrs_epi16(rates, factors);
  const __m128i twice = _mm_mulhrs_epi16(once, _mm_blend_epi16(rates, _mm_set1_epi16(4096), 0x55));
  const __m128i steps = _mm_sign_epi16(twice, _mm_set1_epi32(static_cast<int>(0xFFFF0001U)));
  const __m128i least =
      _mm_set1_epi32(static_cast<int>(static_cast<unsigned>(least_rate) << 16 | 0x8000U));
  const __m128i learnt = _mm_max_epi16(_mm_adds_epi16(values, steps), least);
  const auto store = [&](unsigned i, int packed) {
    slot(i) = Slot(static_cast<std::uint32_t>(packed));
  };
  store(0, _mm_cvtsi128_si32(learnt));
  store(1, _mm_extract_epi32(learnt, 1));
  store(2, _mm_extract_epi32(learnt, 2));
  store(3, _mm_extract_epi32(learnt, 3));
}

}  // namespace segpresso::native::balanced::avx2

// clang-format off: the order of these matters.
#include "native/balanced/coder_template.hpp"
#include "base/target_end.hpp"
// clang-format on
#endif
