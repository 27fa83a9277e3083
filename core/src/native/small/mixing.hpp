// The arithmetic of prediction, many contexts at a time (docs/format_small.md sections 5 and 6).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/cpu.hpp"

namespace segpresso::native::small {

// Contexts of a decision, and inputs of the mixer: one each, a constant, and zeros to fill.
inline constexpr std::size_t context_count = 15;
inline constexpr std::size_t lanes = 16;
static_assert(context_count < lanes && lanes % 16 == 0);
// Sets of weights that are mixed at a time.
inline constexpr std::size_t mixed_sets = 5;

struct alignas(32) Lanes {
  std::array<std::int16_t, lanes> value;
};
struct alignas(32) Weights {
  std::array<std::int16_t, lanes> value;
};

// A slot holds the probability of a 1 in its upper 12 bits and in its lower 4 how often it was
// used, by the scale of `slot_rates`.
struct alignas(32) Slots {
  std::array<std::uint16_t, lanes> value;
};
struct SlotRates {
  std::array<std::uint16_t, 16> step;      // part of the error by which a slot moves, in 1 / 32768
  std::array<std::uint8_t, 16> promotion;  // chance in 256 to count one further
};
inline constexpr SlotRates slot_rates{
    {23405, 13653, 9637, 7447, 6068, 5120, 4428, 3486, 2874, 2275, 1781, 1343, 1011, 738, 534, 359},
    {255, 255, 255, 255, 255, 255, 128, 128, 85, 64, 42, 32, 21, 15, 8, 0}};

struct MixingKernels {
  // Products of `inputs` and each of the `mixed_sets` sets, summed.
  void (*sums)(const Lanes& inputs, Weights* const* sets, std::int32_t* sums);
  // Moves each set by its error times `inputs`.
  void (*train)(const Lanes& inputs, Weights* const* sets, const std::int16_t* errors);
  // Moves slots towards `bit`; `noise` rounds, so that small steps are not lost.
  void (*learn)(Slots& slots, Slots& noise, bool bit);
};

// Kernels for an instruction set that `simd_available`; all give the same bits.
const MixingKernels& mixing_kernels(Simd simd);

extern const MixingKernels mixing_scalar;
#if defined(__x86_64__)
extern const MixingKernels mixing_avx2;
#endif

}  // namespace segpresso::native::small
