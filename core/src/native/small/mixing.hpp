// What a decision is predicted from, many contexts at a time (docs/format_small.md sections 5, 6).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/huge_pages.hpp"

namespace segpresso::native::small {

// Contexts of a decision, and inputs of the mixer: one each, and a constant.
inline constexpr std::size_t context_count = 15;
inline constexpr std::size_t lanes = 16;
static_assert(context_count + 1 == lanes);
// Sets of weights that are added at a time, and what a weight of 1 is: 2 to the power of this.
inline constexpr std::size_t mixed_sets = 5;
inline constexpr int weight_shift = 16;
inline constexpr std::uint16_t constant_slot = 0x9300;  // what the constant looks like

struct alignas(32) Inputs {
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

// How well a slot knows its context, by its count.
inline constexpr std::array<std::uint8_t, 16> confidence{0, 1, 1, 2, 2, 2, 2, 2,
                                                         3, 3, 3, 3, 3, 3, 3, 3};
// Contexts of which the last set of weights depends on how well they are known, and what each
// counts in the number of that set.
inline constexpr std::array<std::size_t, 4> telling_contexts{3, 6, 11, 13};
inline constexpr std::array<std::uint16_t, lanes> telling_factors{0, 0, 0, 64, 0, 0, 16, 0,
                                                                  0, 0, 0, 4,  0, 1, 0,  0};

// Slots of context i: 2 to the power of slot_bits[i].
inline constexpr std::array<unsigned, context_count> slot_bits{17, 16, 17, 17, 16, 17, 17, 18,
                                                               18, 17, 16, 18, 17, 18, 18};
inline constexpr auto slot_offsets = [] {
  std::array<std::uint32_t, context_count + 1> offsets{};
  for (std::size_t i = 0; i < context_count; ++i) {
    offsets[i + 1] = offsets[i] + (std::uint32_t{1} << slot_bits[i]);
  }
  return offsets;
}();
inline constexpr std::size_t slot_total = slot_offsets.back();

// Refinement: points of a curve over the mixer's log odds.
inline constexpr int point_shift = 7;
inline constexpr int points = 45;

// Where a decision looks.
struct Decision {
  alignas(32) std::array<std::uint32_t, lanes> slot;  // positions among all slots; 15 of them
  std::array<std::uint32_t, mixed_sets> set;          // the last one is completed by the predictor
  std::uint32_t refinement;
};

// Tables that learn. They begin as `small_prior` has them.
struct Tables {
  std::vector<std::uint16_t, HugePageAllocator<std::uint16_t>> slots;
  std::vector<Weights> weights;
  std::vector<std::uint16_t> refinements;

  // As without any training.
  static Tables untrained();
};

}  // namespace segpresso::native::small
