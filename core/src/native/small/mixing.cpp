#include "native/small/mixing.hpp"

#include <algorithm>

namespace segpresso::native::small {
namespace {

constexpr int high_product(int a, int b) { return (a * b + 0x4000) >> 15; }

void sums(const Lanes& inputs, Weights* const* sets, std::int32_t* sums) {
  for (std::size_t set = 0; set < mixed_sets; ++set) {
    std::int32_t sum = 0;
    for (std::size_t i = 0; i < lanes; ++i) sum += inputs.value[i] * sets[set]->value[i];
    sums[set] = sum;
  }
}

void train(const Lanes& inputs, Weights* const* sets, const std::int16_t* errors) {
  for (std::size_t set = 0; set < mixed_sets; ++set) {
    for (std::size_t i = 0; i < lanes; ++i) {
      std::int16_t& weight = sets[set]->value[i];
      const int moved = weight + high_product(inputs.value[i], errors[set]);
      weight = static_cast<std::int16_t>(std::clamp(moved, -32768, 32767));
    }
  }
}

void learn(Slots& slots, Slots& noise, bool bit) {
  for (std::size_t i = 0; i < lanes; ++i) {
    const unsigned random = (noise.value[i] * 25173U + 13849U) & 0xFFFF;
    noise.value[i] = static_cast<std::uint16_t>(random);
    const unsigned count = slots.value[i] & 15U;
    int probability = slots.value[i] >> 4;
    const int error = ((bit ? 4095 : 0) - probability) * 8;
    const int step = high_product(error, slot_rates.step[count]);
    probability += (step + static_cast<int>(random >> 5 & 7)) >> 3;
    const bool counts = random >> 8 < slot_rates.promotion[count];
    slots.value[i] = static_cast<std::uint16_t>(static_cast<unsigned>(probability) << 4 |
                                                (count + (counts ? 1 : 0)));
  }
}

}  // namespace

const MixingKernels mixing_scalar{sums, train, learn};

const MixingKernels& mixing_kernels([[maybe_unused]] Simd simd) {
#if defined(__x86_64__)
  if (simd == Simd::avx2 || simd == Simd::avx512) return mixing_avx2;
#endif
  return mixing_scalar;
}

}  // namespace segpresso::native::small
