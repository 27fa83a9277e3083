#if defined(__x86_64__)

#include <immintrin.h>

#include "native/small/mixing.hpp"

#define SEGPRESSO_TARGET __attribute__((target("avx2")))
#define SEGPRESSO_TARGET_INLINE __attribute__((target("avx2"), always_inline)) inline

namespace segpresso::native::small {
namespace {

SEGPRESSO_TARGET_INLINE __m256i load(const void* p) {
  return _mm256_load_si256(static_cast<const __m256i*>(p));
}
SEGPRESSO_TARGET_INLINE void store(void* p, __m256i v) {
  _mm256_store_si256(static_cast<__m256i*>(p), v);
}

SEGPRESSO_TARGET void sums(const Lanes& inputs, Weights* const* sets, std::int32_t* sums) {
  for (std::size_t set = 0; set < mixed_sets; ++set) {
    __m256i sum = _mm256_setzero_si256();
    for (std::size_t i = 0; i < lanes; i += 16) {
      sum = _mm256_add_epi32(sum,
                             _mm256_madd_epi16(load(&inputs.value[i]), load(&sets[set]->value[i])));
    }
    __m128i half = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4E));
    half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xB1));
    sums[set] = _mm_cvtsi128_si32(half);
  }
}

SEGPRESSO_TARGET void train(const Lanes& inputs, Weights* const* sets, const std::int16_t* errors) {
  for (std::size_t set = 0; set < mixed_sets; ++set) {
    const __m256i error = _mm256_set1_epi16(errors[set]);
    for (std::size_t i = 0; i < lanes; i += 16) {
      std::int16_t* weights = &sets[set]->value[i];
      store(weights,
            _mm256_adds_epi16(load(weights), _mm256_mulhrs_epi16(load(&inputs.value[i]), error)));
    }
  }
}

// Entries of a table of 16 bytes in each lane's lower byte; `index` has none above 15.
SEGPRESSO_TARGET_INLINE __m256i look_up(__m128i table, __m256i index) {
  const __m256i found = _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(table), index);
  return _mm256_and_si256(found, _mm256_set1_epi16(0xFF));
}

SEGPRESSO_TARGET void learn(Slots& slots, Slots& noise, bool bit) {
  const __m128i steps_a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(slot_rates.step.data()));
  const __m128i steps_b =
      _mm_loadu_si128(reinterpret_cast<const __m128i*>(slot_rates.step.data() + 8));
  const __m128i low_byte = _mm_set1_epi16(0xFF);
  const __m128i steps_low =
      _mm_packus_epi16(_mm_and_si128(steps_a, low_byte), _mm_and_si128(steps_b, low_byte));
  const __m128i steps_high =
      _mm_packus_epi16(_mm_srli_epi16(steps_a, 8), _mm_srli_epi16(steps_b, 8));
  const __m128i promotion =
      _mm_loadu_si128(reinterpret_cast<const __m128i*>(slot_rates.promotion.data()));
  const __m256i target = _mm256_set1_epi16(bit ? 4095 : 0);
  for (std::size_t i = 0; i < lanes; i += 16) {
    const __m256i random =
        _mm256_add_epi16(_mm256_mullo_epi16(load(&noise.value[i]), _mm256_set1_epi16(25173)),
                         _mm256_set1_epi16(13849));
    store(&noise.value[i], random);
    const __m256i old = load(&slots.value[i]);
    const __m256i count = _mm256_and_si256(old, _mm256_set1_epi16(15));
    const __m256i probability = _mm256_srli_epi16(old, 4);
    const __m256i rate = _mm256_or_si256(look_up(steps_low, count),
                                         _mm256_slli_epi16(look_up(steps_high, count), 8));
    const __m256i error = _mm256_slli_epi16(_mm256_sub_epi16(target, probability), 3);
    const __m256i rounding = _mm256_and_si256(_mm256_srli_epi16(random, 5), _mm256_set1_epi16(7));
    const __m256i step =
        _mm256_srai_epi16(_mm256_add_epi16(_mm256_mulhrs_epi16(error, rate), rounding), 3);
    const __m256i counts =
        _mm256_cmpgt_epi16(look_up(promotion, count), _mm256_srli_epi16(random, 8));
    store(&slots.value[i],
          _mm256_or_si256(_mm256_slli_epi16(_mm256_add_epi16(probability, step), 4),
                          _mm256_sub_epi16(count, counts)));
  }
}

}  // namespace

const MixingKernels mixing_avx2{sums, train, learn};

}  // namespace segpresso::native::small

#endif
