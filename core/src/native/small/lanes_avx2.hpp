// The same operations as in lanes_scalar.hpp for AVX2. Included where functions are compiled for
// it.
#pragma once

#include <immintrin.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "native/small/curves.hpp"
#include "native/small/mixing.hpp"
#include "native/small/words.hpp"
#include "native/structure.hpp"

namespace segpresso::native::small {

struct Avx2Lanes {
  class Comparison {
   public:
    [[gnu::always_inline]] explicit Comparison(Index label)
        : label_(_mm256_set1_epi16(static_cast<short>(label))) {}
    [[nodiscard, gnu::always_inline]] std::uint32_t pair(const Index* first,
                                                         const Index* second) const {
      return static_cast<std::uint32_t>(_mm256_movemask_epi8(
          _mm256_packs_epi16(_mm256_cmpeq_epi16(load_any(first - 8), label_),
                             _mm256_cmpeq_epi16(load_any(second - 8), label_))));
    }

   private:
    __m256i label_;
  };

  [[gnu::always_inline]] static std::uint32_t extract(std::uint32_t value, std::uint32_t mask) {
    return _pext_u32(value, mask);
  }

  [[gnu::always_inline]] static void locate(const Words& words, const Numbers& numbers,
                                            std::array<std::uint32_t, lanes>& slots) {
    __m256i low = load(numbers.value.data());
    __m256i high = load(numbers.value.data() + 8);
#pragma GCC unroll 7
    for (std::size_t j = 0; j < words.size(); ++j) {
      const __m256i word = _mm256_set1_epi32(static_cast<int>(words[j]));
      const __m256i factor = _mm256_set1_epi32(static_cast<int>(word_factors[j]));
      const std::uint32_t* masks = word_masks.of[j].data();
      low = _mm256_add_epi32(low, _mm256_mullo_epi32(_mm256_and_si256(word, load(masks)), factor));
      high = _mm256_add_epi32(high,
                              _mm256_mullo_epi32(_mm256_and_si256(word, load(masks + 8)), factor));
    }
    finish<0>(low, slots);
    finish<8>(high, slots);
  }
  [[gnu::always_inline]] static void locate(std::uint32_t kind, const Numbers& numbers,
                                            std::array<std::uint32_t, lanes>& slots) {
    const __m256i added = _mm256_set1_epi32(static_cast<int>(kind * kind_factor));
    const __m256i factor = _mm256_set1_epi32(static_cast<int>(number_factor));
    const auto sum = [&](const std::uint32_t* of) {
      return _mm256_add_epi32(_mm256_mullo_epi32(load(of), factor), added);
    };
    finish<0>(sum(numbers.value.data()), slots);
    finish<8>(sum(numbers.value.data() + 8), slots);
  }

  [[gnu::always_inline]] static std::uint32_t fetch(const std::uint16_t* table,
                                                    const std::array<std::uint32_t, lanes>& where,
                                                    Slots& slots, Inputs& inputs) {
    const auto at = [&](std::size_t i) { return static_cast<short>(table[where[i]]); };
    const __m256i values = _mm256_setr_epi16(at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7),
                                             at(8), at(9), at(10), at(11), at(12), at(13), at(14),
                                             static_cast<short>(constant_slot));
    store(slots.value.data(), values);
    store(inputs.value.data(), stretched(values));
    const __m256i count = _mm256_and_si256(values, _mm256_set1_epi16(15));
    // The upper byte of a lane looks up confidence[0], which is 0.
    const __m256i known = _mm256_mullo_epi16(
        _mm256_shuffle_epi8(load_table(confidence.data()), count), load(telling_factors.data()));
    const __m256i sums = _mm256_sad_epu8(known, _mm256_setzero_si256());
    const __m128i half =
        _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
    return static_cast<std::uint32_t>(
        _mm_cvtsi128_si32(_mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4E))));
  }
  [[gnu::always_inline]] static void store(std::uint16_t* table,
                                           const std::array<std::uint32_t, lanes>& where,
                                           const Slots& slots) {
    const __m128i low = _mm_load_si128(reinterpret_cast<const __m128i*>(slots.value.data()));
    const __m128i high = _mm_load_si128(reinterpret_cast<const __m128i*>(slots.value.data() + 8));
    const auto put = [&](std::size_t i, int value) {
      table[where[i]] = static_cast<std::uint16_t>(value);
    };
    put(0, _mm_extract_epi16(low, 0));
    put(1, _mm_extract_epi16(low, 1));
    put(2, _mm_extract_epi16(low, 2));
    put(3, _mm_extract_epi16(low, 3));
    put(4, _mm_extract_epi16(low, 4));
    put(5, _mm_extract_epi16(low, 5));
    put(6, _mm_extract_epi16(low, 6));
    put(7, _mm_extract_epi16(low, 7));
    put(8, _mm_extract_epi16(high, 0));
    put(9, _mm_extract_epi16(high, 1));
    put(10, _mm_extract_epi16(high, 2));
    put(11, _mm_extract_epi16(high, 3));
    put(12, _mm_extract_epi16(high, 4));
    put(13, _mm_extract_epi16(high, 5));
    put(14, _mm_extract_epi16(high, 6));
  }

  [[gnu::always_inline]] static int mix(const Inputs& inputs,
                                        const std::array<Weights*, mixed_sets>& sets) {
    const __m256i all = load(inputs.value.data());
    __m256i sums = _mm256_setzero_si256();
#pragma GCC unroll 5
    for (const Weights* set : sets) {
      sums = _mm256_add_epi32(sums, _mm256_madd_epi16(all, load(set->value.data())));
    }
    __m128i half = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4E));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xB1));
    return clamp_output(_mm_cvtsi128_si32(half) >> weight_shift);
  }
  [[gnu::always_inline]] static void train(const Inputs& inputs,
                                           const std::array<Weights*, mixed_sets>& sets,
                                           int error) {
    const __m256i step = _mm256_mulhrs_epi16(load(inputs.value.data()),
                                             _mm256_set1_epi16(static_cast<short>(error)));
#pragma GCC unroll 5
    for (Weights* set : sets) {
      store(set->value.data(), _mm256_adds_epi16(load(set->value.data()), step));
    }
  }
  [[gnu::always_inline]] static void learn(Slots& slots, Slots& noise, bool bit) {
    const __m256i random =
        _mm256_add_epi16(_mm256_mullo_epi16(load(noise.value.data()), _mm256_set1_epi16(25173)),
                         _mm256_set1_epi16(13849));
    store(noise.value.data(), random);
    const __m256i old = load(slots.value.data());
    const __m256i count = _mm256_and_si256(old, _mm256_set1_epi16(15));
    const __m256i probability = _mm256_srli_epi16(old, 4);
    // A second index in the upper byte, so that one look-up gives both bytes of nothing else.
    const __m256i low_byte = _mm256_set1_epi16(0xFF);
    const __m256i rate = _mm256_or_si256(
        _mm256_and_si256(_mm256_shuffle_epi8(load_table(step_bytes.low.data()), count), low_byte),
        _mm256_slli_epi16(_mm256_shuffle_epi8(load_table(step_bytes.high.data()), count), 8));
    const __m256i target = _mm256_set1_epi16(bit ? 4095 : 0);
    const __m256i error = _mm256_slli_epi16(_mm256_sub_epi16(target, probability), 3);
    const __m256i rounding = _mm256_and_si256(_mm256_srli_epi16(random, 5), _mm256_set1_epi16(7));
    const __m256i step =
        _mm256_srai_epi16(_mm256_add_epi16(_mm256_mulhrs_epi16(error, rate), rounding), 3);
    const __m256i promotion = _mm256_and_si256(
        _mm256_shuffle_epi8(load_table(slot_rates.promotion.data()), count), low_byte);
    const __m256i counts = _mm256_cmpgt_epi16(promotion, _mm256_srli_epi16(random, 8));
    store(slots.value.data(),
          _mm256_or_si256(_mm256_slli_epi16(_mm256_add_epi16(probability, step), 4),
                          _mm256_sub_epi16(count, counts)));
  }

 private:
  struct StepBytes {
    std::array<std::uint8_t, 16> low;
    std::array<std::uint8_t, 16> high;
  };
  static constexpr StepBytes step_bytes = [] {
    StepBytes bytes{};
    for (std::size_t i = 0; i < 16; ++i) {
      bytes.low[i] = static_cast<std::uint8_t>(slot_rates.step[i] & 0xFF);
      bytes.high[i] = static_cast<std::uint8_t>(slot_rates.step[i] >> 8);
    }
    return bytes;
  }();

  [[gnu::always_inline]] static __m256i load(const void* p) {
    return _mm256_load_si256(static_cast<const __m256i*>(p));
  }
  [[gnu::always_inline]] static __m256i load_any(const void* p) {
    return _mm256_loadu_si256(static_cast<const __m256i*>(p));
  }
  [[gnu::always_inline]] static void store(void* p, __m256i v) {
    _mm256_store_si256(static_cast<__m256i*>(p), v);
  }
  [[gnu::always_inline]] static __m256i float_bits(__m256i values) {
    return _mm256_castps_si256(_mm256_cvtepi32_ps(values));
  }
  [[gnu::always_inline]] static __m256i log_ratio(__m256i a, __m256i b) {
    return _mm256_srai_epi32(_mm256_sub_epi32(float_bits(a), float_bits(b)), 15);
  }
  [[gnu::always_inline]] static __m256i stretched(__m256i slots) {
    const __m256i odd = _mm256_or_si256(_mm256_srli_epi16(slots, 3), _mm256_set1_epi16(1));
    const __m256i rest = _mm256_sub_epi16(_mm256_set1_epi16(8192), odd);
    const __m256i zero = _mm256_setzero_si256();
    return _mm256_packs_epi32(
        log_ratio(_mm256_unpacklo_epi16(odd, zero), _mm256_unpacklo_epi16(rest, zero)),
        log_ratio(_mm256_unpackhi_epi16(odd, zero), _mm256_unpackhi_epi16(rest, zero)));
  }
  // 16 bytes, for each half of a vector.
  [[gnu::always_inline]] static __m256i load_table(const std::uint8_t* p) {
    return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
  }
  template <std::size_t First>
  [[gnu::always_inline]] static void finish(__m256i sums, std::array<std::uint32_t, lanes>& slots) {
    const __m256i hash = _mm256_mullo_epi32(_mm256_xor_si256(sums, _mm256_srli_epi32(sums, 15)),
                                            _mm256_set1_epi32(static_cast<int>(last_factor)));
    store(slots.data() + First,
          _mm256_add_epi32(_mm256_srlv_epi32(hash, load(slot_places.shift.data() + First)),
                           load(slot_places.offset.data() + First)));
  }
};

}  // namespace segpresso::native::small
