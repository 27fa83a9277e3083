// The arithmetic of contexts and of mixing, one lane after the other (docs/format_small.md sections
// 5, 6 and 8).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "native/small/curves.hpp"
#include "native/small/masks.hpp"
#include "native/small/mixing.hpp"
#include "native/small/words.hpp"

namespace segpresso::native::small {

struct ScalarLanes {
  // Compares pairs of rows with a label, at a voxel.
  class Comparison {
   public:
    explicit Comparison(Index label) : label_(label) {}
    [[nodiscard]] std::uint32_t pair(const Index* first, const Index* second) const {
      const std::uint32_t a = equal_mask(first - 8, label_);
      const std::uint32_t b = equal_mask(second - 8, label_);
      return (a & 0xFF) | (b & 0xFF) << 8 | (a & 0xFF00) << 8 | (b & 0xFF00) << 16;
    }

   private:
    Index label_;
  };

  // Bits of `value` that `mask` has, together.
  static std::uint32_t extract(std::uint32_t value, std::uint32_t mask) {
    std::uint32_t result = 0;
    for (unsigned at = 0; mask != 0; mask &= mask - 1, ++at) {
      result |= ((value & mask & (0U - mask)) != 0 ? 1U : 0U) << at;
    }
    return result;
  }

  // Positions of slots for the contexts of a candidate.
  static void locate(const Words& words, const Numbers& numbers,
                     std::array<std::uint32_t, lanes>& slots) {
    std::array<std::uint32_t, lanes> sums = numbers.value;
    for (std::size_t j = 0; j < words.size(); ++j) {
      for (std::size_t i = 0; i < lanes; ++i) {
        sums[i] += (words[j] & word_masks.of[j][i]) * word_factors[j];
      }
    }
    finish(sums, slots);
  }
  // The same for decisions of another kind.
  static void locate(std::uint32_t kind, const Numbers& numbers,
                     std::array<std::uint32_t, lanes>& slots) {
    std::array<std::uint32_t, lanes> sums;
    for (std::size_t i = 0; i < lanes; ++i) {
      sums[i] = numbers.value[i] * number_factor + kind * kind_factor;
    }
    finish(sums, slots);
  }

  // Reads slots; returns how well the telling contexts are known.
  static std::uint32_t fetch(const std::uint16_t* table,
                             const std::array<std::uint32_t, lanes>& where, Slots& slots,
                             Inputs& inputs) {
    std::uint32_t known = 0;
    for (std::size_t i = 0; i < lanes; ++i) {
      const std::uint16_t slot = i < context_count ? table[where[i]] : constant_slot;
      slots.value[i] = slot;
      inputs.value[i] = static_cast<std::int16_t>(stretch(slot >> 4));
      known += telling_factors[i] * confidence[slot & 15];
    }
    return known;
  }
  static void store(std::uint16_t* table, const std::array<std::uint32_t, lanes>& where,
                    const Slots& slots) {
    for (std::size_t i = 0; i < context_count; ++i) table[where[i]] = slots.value[i];
  }

  // Log odds by all sets together. The sum wraps, which takes weights that no labels lead to.
  static int mix(const Inputs& inputs, const std::array<Weights*, mixed_sets>& sets) {
    std::uint32_t sum = 0;
    for (const Weights* set : sets) {
      for (std::size_t i = 0; i < lanes; ++i) {
        sum += static_cast<std::uint32_t>(inputs.value[i] * set->value[i]);
      }
    }
    return clamp_output(static_cast<std::int32_t>(sum) >> weight_shift);
  }
  // Moves all sets by the error times the inputs.
  static void train(const Inputs& inputs, const std::array<Weights*, mixed_sets>& sets, int error) {
    for (std::size_t i = 0; i < lanes; ++i) {
      const int step = high_product(inputs.value[i], error);
      for (Weights* set : sets) {
        set->value[i] = static_cast<std::int16_t>(std::clamp(set->value[i] + step, -32768, 32767));
      }
    }
  }
  // Moves slots towards `bit`; `noise` rounds, so that small steps are not lost.
  static void learn(Slots& slots, Slots& noise, bool bit) {
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

 private:
  static constexpr int high_product(int a, int b) { return (a * b + 0x4000) >> 15; }
  static void finish(const std::array<std::uint32_t, lanes>& sums,
                     std::array<std::uint32_t, lanes>& slots) {
    for (std::size_t i = 0; i < lanes; ++i) {
      const std::uint32_t hash = (sums[i] ^ sums[i] >> 15) * last_factor;
      slots[i] = (hash >> slot_places.shift[i]) + slot_places.offset[i];
    }
  }
};

}  // namespace segpresso::native::small
